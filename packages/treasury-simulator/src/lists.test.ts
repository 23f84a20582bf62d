import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partAgrees, partHeadOf, partsComplete } from '@shebao/channel';
import { pushReturned } from './answers-back.ts';
import { command } from './control.ts';
import { setFault } from './faults.ts';
import { step } from './hub.ts';
import { type DuePush, duePushes } from './outbox.ts';
import { Bench, DAY, NINE, ORG, only, openBench, RICH } from './testing.ts';

const NEXT = '20210311';

test('the cut-off announces the new date and sends exactly one complete list, also an empty one', () => {
  const on = openBench();
  assert.equal(on.debit({ traNo: '00000001' }), '90000');
  assert.equal(on.debit({ traNo: '00000002', amount: '10.00' }), '90000');
  assert.equal(on.debit({ traNo: '00000003', acct: '9' }), '24001');
  on.ask(on.initiator.reversal('00000001', '00000002'), '2021');
  command(on.hub, 'close-day', {});
  const first = on.pass(0);
  const [notice] = only(first, '9101');
  assert.deepEqual(notice?.body.StateNotice, { WorkDate: NEXT, SysStat: '1' });
  assert.equal(notice?.head.workDate, DAY);
  const [list, second] = only(first, '3122');
  assert.ok(list && !second);
  assert.deepEqual([list.body.CompHead.ChkDate, list.body.CompHead.AllAmt], [DAY, '2400.00']);
  assert.deepEqual(
    list.body.CompDeduct.map((line) => [line.OriTraNo, line.OpStat, line.TaxDate]),
    [['00000001', '90000', DAY]],
  );
  assert.equal(only(first, '3111')[0]?.body.BankCompare[0]?.PayAcct, RICH);
  const later = on.pass(10_000);
  assert.deepEqual(
    only(later, '3126')[0]?.body.Entry.map((entry) => [
      entry.TaxVouNo,
      entry.TraAmt,
      entry.EntryDate,
    ]),
    [['330120210000000001', '2400.00', NEXT]],
  );
  assert.equal(only(later, '3139')[0]?.body.EntryDetail[0]?.BudgetSubjectCode, '1021101');
  assert.equal(on.debit({ traNo: '00000004' }), '92011');
  command(on.hub, 'close-day', {});
  const [empty] = only(on.pass(0), '3122');
  assert.deepEqual(
    [empty?.body.CompHead.ChkDate, empty?.body.CompHead.AllNum, empty?.body.CompHead.ChildPackNum],
    [NEXT, '0', '1'],
  );
  assert.equal(on.workDate(), '20210312');
  command(on.hub, 'close-day', {});
  assert.equal(on.workDate(), '20210315');
});

test('long lists come in parts; a lost part comes by 9117, the whole by 9112, with the same bytes', () => {
  const on = openBench();
  command(on.hub, 'settings', { linesPerPart: 3 });
  for (let at = 1; at <= 7; at += 1) on.debit({ traNo: `0000000${at}`, amount: `${at}.00` });
  step(on.hub, () => setFault(on.hub, { msgNo: '3122', kind: 'missingPack' }));
  command(on.hub, 'close-day', {});
  const parts = only(on.pass(0), '3122');
  assert.equal(parts.length, 2);
  const heads = parts.map((part) => partHeadOf(part.body.CompHead));
  assert.ok(!partsComplete(heads));
  const head = parts[0]?.body.CompHead;
  const ask = { SendOrgCode: ORG, OriMsgNo: '3122', ChkDate: DAY };
  const wish = { ...ask, PackNo: head?.PackNo ?? '', CurPackNo: '3' };
  const part = on.ask(on.initiator.write('9117', { ResendPart: wish }), '9120');
  assert.equal(part.body.CommonReturn.Result, '90000');
  const [last] = only(on.pass(0), '3122');
  assert.ok(last);
  const all = [...parts, last];
  assert.ok(partsComplete(all.map((each) => partHeadOf(each.body.CompHead))));
  for (const each of all) {
    const amounts = each.body.CompDeduct.map((line) => line.TraAmt);
    assert.ok(partAgrees(partHeadOf(each.body.CompHead), amounts));
  }
  on.ask(on.initiator.write('9112', { ResendList: ask }), '9120');
  const again = only(on.pass(0), '3122');
  assert.deepEqual(
    again.map((each) => Buffer.from(each.bytes).toString('hex')).toSorted(),
    all.map((each) => Buffer.from(each.bytes).toString('hex')).toSorted(),
  );
  const none = on.ask(
    on.initiator.write('9112', { ResendList: { ...ask, ChkDate: '20210309' } }),
    '9120',
  );
  assert.equal(none.body.CommonReturn.Result, '80099');
});

test('pushes repeat with doubling waits until taken, wait for the first login, end after five refusals', () => {
  const on = new Bench();
  command(on.hub, 'close-day', {});
  assert.deepEqual(on.pass(3_600_000), []);
  on.initiator.workDate = NEXT;
  on.login();
  const [first] = duePushes(on.hub);
  assert.ok(first);
  for (const waitMs of [1_000, 2_000, 4_000]) {
    pushReturned(on.hub, first.id, { kind: 'none' });
    on.nowMs += waitMs - 1;
    assert.ok(!duePushes(on.hub).some((push) => push.id === first.id));
    on.nowMs += 1;
    const repeat: DuePush | undefined = duePushes(on.hub).find((push) => push.id === first.id);
    assert.deepEqual(repeat?.bytes, first.bytes);
  }
  const refusal = on.initiator.write('9120', {
    CommonReturn: { OriMsgNo: '9101', Result: '91005' },
  });
  for (let at = 0; at < 6; at += 1) {
    pushReturned(on.hub, first.id, { kind: 'answer', bytes: refusal });
    on.nowMs += 60_000;
  }
  assert.ok(!duePushes(on.hub).some((push) => push.id === first.id));
  on.nowMs = NINE + 30 * 3_600_000;
  for (const push of duePushes(on.hub)) pushReturned(on.hub, push.id, { kind: 'none' });
  assert.deepEqual(duePushes(on.hub), []);
});

test('an announced cut-off happens by itself once a day', () => {
  const on = openBench();
  command(on.hub, 'settings', { cutTime: '200000' });
  on.pass(10 * 3_600_000);
  assert.equal(on.workDate(), DAY);
  on.pass(3_600_000);
  assert.equal(on.workDate(), NEXT);
  on.pass(3_600_000);
  assert.equal(on.workDate(), NEXT);
  on.pass(24 * 3_600_000);
  assert.equal(on.workDate(), '20210312');
});
