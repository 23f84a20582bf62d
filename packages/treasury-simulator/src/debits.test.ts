import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from './control.ts';
import { receive } from './core.ts';
import { setFault } from './faults.ts';
import { step } from './hub.ts';
import type { Fault } from './model.ts';
import { Store } from './store.ts';
import { Bench, DAY, NINE, ORG, openBench, POOR, RICH } from './testing.ts';

function fault(on: Bench, wish: Pick<Fault, 'msgNo' | 'kind'> & Partial<Fault>): void {
  step(on.hub, () => setFault(on.hub, wish));
}

test('a debit moves its whole amount to the treasury and is known under its identity', () => {
  const on = openBench();
  const before = on.total();
  const answer = on.ask(on.initiator.debit({ traNo: '00000001' }), '2001').body.SingleReturn;
  assert.deepEqual(
    [answer.Result, answer.TaxDate, answer.OriTraNo, answer.TaxVouNo],
    ['90000', DAY, '00000001', '330120210000000001'],
  );
  assert.equal(on.balance(RICH), 5_000_000_000 - 240_000);
  assert.equal(on.total(), before);
  const state = on.ask(on.initiator.query('00000001'), '9004').body.StateReturn;
  assert.deepEqual([state.OpStat, state.ChkDate], ['90000', DAY]);
});

test('refusals come in the order of the specification', () => {
  const on = new Bench();
  assert.equal(on.debit({ traNo: '00000001' }), '92013');
  on.login();
  on.initiator.workDate = '20210309';
  assert.equal(on.debit({ traNo: '00000002' }), '92011');
  on.initiator.workDate = DAY;
  assert.equal(on.debit({ traNo: '00000003', entrustDate: '20210311' }), '92011');
  assert.equal(on.debit({ traNo: '00000004', notAfterMs: NINE - 1_000 }), '92012');
  assert.equal(on.debit({ traNo: '00000005', notAfterMs: NINE }), '90000');
  assert.equal(on.debit({ traNo: '00000006', payeeAcct: '1' }), '92014');
  assert.equal(on.debit({ traNo: '00000007', acct: '999' }), '24001');
  assert.equal(on.debit({ traNo: '00000008', protocolNo: 'X' }), '24009');
  assert.equal(on.debit({ traNo: '00000009', holder: '别人' }), '24011');
  assert.equal(on.debit({ traNo: '00000010', protocolNo: '202100000002' }), '24011');
  const poor = { acct: POOR, protocolNo: '202100000002' };
  assert.equal(on.debit({ traNo: '00000011', ...poor }), '24004');
  command(on.hub, 'account', { bankNo: '102331000001', acct: POOR, state: 'frozen' });
  assert.equal(on.debit({ traNo: '00000012', ...poor }), '24007');
  command(on.hub, 'sys-stat', { sysStat: '2' });
  assert.equal(on.debit({ traNo: '00000013' }), '92013');
  assert.equal(on.total(), 5_000_000_100);
  // A refusal stays refused, whatever has changed since.
  command(on.hub, 'sys-stat', { sysStat: '0' });
  assert.equal(on.ask(on.initiator.query('00000013'), '9004').body.StateReturn.OpStat, '92013');
});

test('repeats (a) to (d): same bytes, reused MsgID, same content, other content', () => {
  const on = openBench();
  const bytes = on.initiator.debit({ traNo: '00000001' });
  const first = on.send(bytes);
  const again = on.send(bytes);
  assert.ok(first.kind === 'answer' && again.kind === 'answer');
  assert.deepEqual(again.bytes, first.bytes);
  const other = on.initiator.debit({ traNo: '00000001' });
  assert.equal(on.ask(other, '2001').body.SingleReturn.Result, '90000');
  const different = on.initiator.debit({ traNo: '00000001', amount: '2400.01' });
  assert.equal(on.ask(different, '2001').body.SingleReturn.Result, '94052');
  const reused = on.initiator.write('9005', {});
  on.ask(reused, '9120');
  const forged = on.initiator.write('9006', { LoginApply: { ReplyTo: 'http://127.0.0.1:9' } });
  const sameId = Buffer.from(forged.toString('latin1').replace(/<!--.*-->/, ''), 'latin1')
    .toString('latin1')
    .replace(/<MsgID>\d+/, /<MsgID>\d+/.exec(reused.toString('latin1'))?.[0] ?? '');
  const signed = Buffer.from(sameId, 'latin1');
  const comment = `<!--${on.initiator.signer.sign(signed)}-->`;
  const answer = on.ask(Buffer.concat([signed, Buffer.from(comment)]), '9120');
  assert.equal(answer.body.CommonReturn.Result, '94053');
  assert.equal(on.balance(RICH), 5_000_000_000 - 240_000);
});

test('a lost answer is found by the same bytes and by 9003; the money moved once', () => {
  const on = openBench();
  fault(on, { msgNo: '1001', kind: 'dropAnswer' });
  const bytes = on.initiator.debit({ traNo: '00000001' });
  assert.equal(on.send(bytes).kind, 'none');
  assert.equal(on.ask(on.initiator.query('00000001'), '9004').body.StateReturn.OpStat, '90000');
  assert.equal(on.ask(bytes, '2001').body.SingleReturn.Result, '90000');
  assert.equal(on.balance(RICH), 5_000_000_000 - 240_000);
});

test('a reversal is a tombstone: before, after and instead of its debit', () => {
  const on = openBench();
  const missing = on.ask(on.initiator.query('00000001'), '9004').body.StateReturn;
  assert.equal(missing.OpStat, '80099');
  const early = on.ask(on.initiator.reversal('00000001', '00000001'), '2021').body.RushReturn;
  assert.equal(early.CancelAnswer, '0');
  assert.equal(on.debit({ traNo: '00000001' }), '24020');
  assert.equal(on.debit({ traNo: '00000002' }), '90000');
  const bytes = on.initiator.reversal('00000002', '00000002');
  assert.equal(on.ask(bytes, '2021').body.RushReturn.CancelAnswer, '0');
  assert.equal(on.ask(bytes, '2021').body.RushReturn.CancelAnswer, '0');
  assert.equal(on.balance(RICH), 5_000_000_000);
  assert.equal(on.debit({ traNo: '00000002' }), '24020');
  assert.equal(on.ask(on.initiator.query('00000002'), '9004').body.StateReturn.OpStat, '24020');
  assert.equal(on.debit({ traNo: '00000003' }), '90000');
  command(on.hub, 'close-day', {});
  const late = on.ask(on.initiator.reversal('00000003', '00000003'), '2021').body.RushReturn;
  assert.equal(late.CancelAnswer, '1');
  assert.equal(on.balance(RICH), 5_000_000_000 - 240_000);
});

test('a bank whose core is silent answers nothing, then reverses', () => {
  const on = openBench();
  fault(on, { msgNo: '1001', kind: 'unknownOutcome' });
  const bytes = on.initiator.debit({ traNo: '00000001' });
  assert.equal(on.send(bytes).kind, 'accepted');
  assert.equal(on.ask(on.initiator.query('00000001'), '9004').body.StateReturn.OpStat, '80002');
  const reversal = on.initiator.reversal('00000001', '00000001');
  assert.equal(on.ask(reversal, '2021').body.RushReturn.CancelAnswer, '2');
  on.pass(30_000);
  assert.equal(on.ask(reversal, '2021').body.RushReturn.CancelAnswer, '0');
  assert.equal(on.ask(bytes, '2001').body.SingleReturn.Result, '24020');
  assert.equal(on.balance(RICH), 5_000_000_000);
});

test('fields that do not fit refuse for ever under a readable identity, by 9120 without one', () => {
  const on = openBench();
  const right = on.initiator.debit({ traNo: '00000001' }).toString('latin1');
  const sign = (text: string): Buffer => {
    const bytes = Buffer.from(text.replace(/<!--.*-->/, ''), 'latin1');
    return Buffer.concat([bytes, Buffer.from(`<!--${on.initiator.signer.sign(bytes)}-->`)]);
  };
  const receiveCode = (bytes: Buffer): string => {
    const reply = receive(on.hub, { lane: 'online', bytes }).value;
    assert.ok(reply.kind === 'answer');
    const message = on.read(reply.bytes, on.hub.ports.signer.publicKey);
    if (message.msgNo === '2001') return `2001 ${message.body.SingleReturn.Result}`;
    assert.ok(message.msgNo === '9120');
    return `9120 ${message.body.CommonReturn.Result}`;
  };
  const wrongSum = sign(right.replace('<TaxTypeAmt>2400.00', '<TaxTypeAmt>2400.01'));
  assert.equal(receiveCode(wrongSum), '2001 92010');
  assert.equal(receiveCode(wrongSum), '2001 92010');
  assert.equal(receiveCode(sign(right)), '9120 94053');
  assert.equal(on.debit({ traNo: '00000001' }), '94052');
  const noVoucher = sign(
    right
      .replace(/<TaxVouNo>\d+/, '<TaxVouNo>')
      .replace(/<MsgID>\d{20}/, `<MsgID>${'7'.repeat(20)}`),
  );
  assert.equal(receiveCode(noVoucher), '9120 92010');
  const batch = receive(on.hub, {
    lane: 'batch',
    bytes: on.initiator.debit({ traNo: '00000009' }),
  });
  assert.ok(batch.value.kind === 'answer');
  const lane = on.read(batch.value.bytes, on.hub.ports.signer.publicKey);
  assert.ok(lane.msgNo === '9120' && lane.body.CommonReturn.Result === '92001');
});

test('what did not verify or parse is answered by 9120 with zeros, and nothing follows', () => {
  const on = openBench();
  const bytes = on.initiator.debit({ traNo: '00000001' });
  bytes[200] = (bytes[200] ?? 0) ^ 1;
  const reply = receive(on.hub, { lane: 'online', bytes }).value;
  assert.ok(reply.kind === 'answer');
  const message = on.read(reply.bytes, on.hub.ports.signer.publicKey);
  assert.ok(message.msgNo === '9120');
  assert.deepEqual(
    [message.head.des, message.head.msgRef, message.body.CommonReturn.OriMsgNo],
    ['0'.repeat(12), '0'.repeat(20), '0000'],
  );
  assert.equal(message.body.CommonReturn.Result, '91005');
  assert.equal(on.hub.store.size('debit'), 0);
  const large = receive(on.hub, { lane: 'online', bytes: Buffer.alloc((1 << 20) + 1) }).value;
  assert.deepEqual(large, { kind: 'status', status: 413 });
});

test('agreements: verified, created, refused with the exact text, terminated for good', () => {
  const on = openBench();
  let number = 0;
  const check = (change: object, vcSign = '0'): string => {
    number += 1;
    const ProveInfo = {
      SendOrgCode: ORG,
      EntrustDate: DAY,
      VCNo: String(number).padStart(8, '0'),
      VCSign: vcSign,
      TaxOrgCode: ORG,
      TaxPayName: '示例学校',
      TaxPayCode: '12330100470000001X',
      PayOpBkCode: '102331000001',
      PayBkCode: '102331000000',
      PayAcct: RICH,
      HandOrgName: '示例学校',
      ProtocolNo: '202100000001',
      ...change,
    };
    const answer = on.ask(on.initiator.write('9114', { ProveInfo }), '9115').body.ProveReturn;
    return `${answer.VCResult} ${answer.AddWord}`;
  };
  assert.equal(check({ HandOrgName: '示例　学校' }), '0 验证通过');
  assert.equal(check({ HandOrgName: '别人' }), '1 缴款账号名称错误');
  assert.equal(check({ TaxPayName: '别人' }), '1 纳税人名称错误');
  assert.equal(check({ PayAcct: '9' }), '1 缴款账号错误');
  assert.equal(check({ PayOpBkCode: '999999999999' }), '1 开户行行号错误');
  assert.equal(check({ PayBkCode: '999999999999' }), '1 清算行行号错误');
  assert.equal(check({ TaxPayCode: '9' }), '1 协议书号不一致');
  assert.equal(check({ ProtocolNo: 'N1' }), '1 该账户已有协议');
  assert.equal(check({ ProtocolNo: 'N1' }, '1'), '1 协议不存在');
  assert.equal(check({}, '1'), '0 撤销成功');
  assert.equal(check({}, '1'), '0 撤销成功');
  assert.equal(check({}), '1 协议不存在');
  assert.equal(on.debit({ traNo: '00000001' }), '24011');
  assert.equal(check({ ProtocolNo: 'N1' }), '0 验证通过');
  assert.equal(on.debit({ traNo: '00000002', protocolNo: 'N1' }), '90000');
  const state = on.ask(on.initiator.query('00000001', '9114'), '9004').body.StateReturn;
  assert.equal(state.OpStat, '90000');
  const failed = on.ask(on.initiator.query('00000002', '9114'), '9004').body.StateReturn;
  assert.equal(failed.OpStat, '24011');
});

test('login: password, hub time, replay without effect, sign-off', () => {
  const on = new Bench();
  const wrong = on.ask(on.initiator.login('http://127.0.0.1:9', 'x'), '9007').body.LoginReturn;
  assert.equal(wrong.Result, '91001');
  assert.equal(on.debit({ traNo: '00000001' }), '92013');
  const bytes = on.initiator.login();
  const right = on.ask(bytes, '9007').body.LoginReturn;
  assert.deepEqual(
    [right.Result, right.WorkDate, right.SysStat, right.NowTime, right.CutTime],
    ['90000', DAY, '0', '20210310090000', ''],
  );
  on.ask(on.initiator.write('9008', {}), '9009');
  on.ask(bytes, '9007');
  assert.equal(on.debit({ traNo: '00000002' }), '92013');
  const echo = on.ask(on.initiator.write('9005', {}), '9120').body.CommonReturn;
  assert.deepEqual([echo.Result, echo.Information], ['90000', 'T=20210310090000']);
  const bad = on.ask(on.initiator.login('http://example.org'), '9120').body.CommonReturn;
  assert.equal(bad.Result, '92010');
});

test('switches: request lost, late, double, corrupt, code, crash before and after the commit', () => {
  const on = openBench();
  fault(on, { msgNo: '1001', kind: 'dropRequest' });
  assert.equal(on.send(on.initiator.debit({ traNo: '00000001' })).kind, 'none');
  assert.equal(on.hub.store.size('debit'), 0);
  fault(on, { msgNo: '1001', kind: 'crashBefore' });
  assert.deepEqual(on.send(on.initiator.debit({ traNo: '00000002' })), {
    kind: 'crash',
    when: 'before',
  });
  assert.equal(on.hub.store.size('debit'), 0);
  fault(on, { msgNo: '1001', kind: 'crashAfter' });
  on.send(on.initiator.debit({ traNo: '00000003' }));
  assert.equal(on.hub.store.get('debit', `${ORG}:${DAY}:00000003`)?.state, 'collected');
  fault(on, { msgNo: '1001', kind: 'late', ms: 4_000 });
  assert.equal(on.send(on.initiator.debit({ traNo: '00000004' })).kind, 'accepted');
  assert.deepEqual(on.pass(3_000), []);
  assert.deepEqual(
    on.pass(1_000).map((message) => message.msgNo),
    ['2001'],
  );
  fault(on, { msgNo: '1001', kind: 'corrupt' });
  const corrupt = on.send(on.initiator.debit({ traNo: '00000005' }));
  assert.ok(corrupt.kind === 'answer');
  assert.throws(() => on.read(corrupt.bytes, on.hub.ports.signer.publicKey));
  fault(on, { msgNo: '1001', kind: 'answerCode', code: '94999' });
  assert.equal(on.debit({ traNo: '00000006' }), '94999');
  fault(on, { msgNo: '1001', kind: 'answerAfterReversal' });
  assert.equal(on.send(on.initiator.debit({ traNo: '00000007' })).kind, 'accepted');
  on.ask(on.initiator.reversal('00000001', '00000007'), '2021');
  const [late] = on.pass(1_000);
  assert.ok(late?.msgNo === '2001' && late.body.SingleReturn.Result === '90000');
  fault(on, { msgNo: '1001', kind: 'dropAnswer', times: 'seed', seed: 7, perMille: 400 });
  const kinds = Array.from(
    { length: 40 },
    (_, at) =>
      on.send(on.initiator.debit({ traNo: String(100 + at).padStart(8, '0'), amount: '1.00' }))
        .kind,
  );
  assert.ok(kinds.includes('none') && kinds.includes('answer'));
});

test('what a step changed, restored elsewhere, is the same world', () => {
  const on = openBench();
  const changes = [...on.hub.store.snapshot()];
  const bytes = on.initiator.debit({ traNo: '00000001' });
  const done = receive(on.hub, { lane: 'online', bytes });
  const store = new Store();
  store.restore([...changes, ...done.changes]);
  const again = receive({ ...on.hub, store }, { lane: 'online', bytes });
  assert.deepEqual(again.value, done.value);
  assert.equal(store.get('account', `102331000001:${RICH}`)?.balanceFen, on.balance(RICH));
});
