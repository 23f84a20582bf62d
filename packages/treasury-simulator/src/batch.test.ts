import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchReturnProblem, type MessageBody } from '@shebao/channel';
import { command } from './control.ts';

import { BRANCH, DAY, ORG, only, openBench, payment, RICH, turnAccount } from './testing.ts';

const NEXT = '20210311';

test('a pack is received whole, settled later, stopped line by line, told once and again on demand', () => {
  const on = openBench();
  const lines = [
    { traNo: '00000003', amount: '100.00' },
    { traNo: '00000004', amount: '200.00' },
    { traNo: '00000005', amount: '300.00', acct: '9' },
  ];
  const bytes = on.initiator.write('1102', pack('00000001', lines));
  assert.equal(on.ask(bytes, '9121').body.ReceiptReturn.Result, '90000');
  assert.equal(
    on.ask(on.initiator.query('', '1102', '00000001'), '9004').body.StateReturn.OpStat,
    '80002',
  );
  const stop = {
    TaxOrgCode: ORG,
    EntrustDate: DAY,
    StopNo: '00000001',
    OriPackNo: '00000001',
    OriTraNo: '00000004',
    OriEntrustDate: DAY,
  };
  const stopped = on.ask(on.initiator.write('1123', { StopApply: stop }), '2123').body.DelApply;
  assert.equal(stopped.StopAnswer, '0');
  const [result] = only(on.pass(3_000), '2102');
  assert.ok(result);
  assert.equal(batchReturnProblem(result.body), null);
  assert.deepEqual(
    result.body.BatchReturn.map((line) => [line.OriTraNo, line.Result]),
    [
      ['00000003', '90000'],
      ['00000004', '24020'],
      ['00000005', '24001'],
    ],
  );
  assert.equal(on.balance(RICH), 5_000_000_000 - 10_000);
  const late = { ...stop, StopNo: '00000002', OriTraNo: '' };
  assert.equal(
    on.ask(on.initiator.write('1123', { StopApply: late }), '2123').body.DelApply.StopAnswer,
    '1',
  );
  const ask = { SendOrgCode: ORG, OriMsgNo: '2102', OriEntrustDate: DAY, OriPackNo: '00000001' };
  on.ask(on.initiator.write('9111', { ResendPack: ask }), '9120');
  const [again] = only(on.pass(0), '2102');
  assert.deepEqual(Buffer.from(again?.bytes ?? []), Buffer.from(result.bytes));
  const line = on.ask(on.initiator.query('00000003', '1102', '00000001'), '9004').body.StateReturn;
  assert.deepEqual([line.OpStat, line.ChkDate], ['90000', DAY]);
  const reused = on.initiator.write(
    '1102',
    pack('00000002', [{ traNo: '00000003', amount: '1.00' }]),
  );
  assert.equal(on.ask(reused, '9121').body.ReceiptReturn.Result, '92010');
  assert.equal(on.debit({ traNo: '00000003' }), '94052');
  const reversal = on.initiator.reversal('00000009', '00000003');
  assert.equal(on.ask(reversal, '2021').body.RushReturn.CancelAnswer, '0');
  assert.equal(on.balance(RICH), 5_000_000_000);
});

test('a pack that may wait for the next date is debited there, one that may not before the cut-off', () => {
  const on = openBench();
  command(on.hub, 'settings', { processMs: 86_400_000 });
  on.ask(
    on.initiator.write('1102', pack('00000001', [{ traNo: '00000001', amount: '1.00' }], '0')),
    '9121',
  );
  on.ask(
    on.initiator.write('1102', pack('00000002', [{ traNo: '00000002', amount: '2.00' }], '1')),
    '9121',
  );
  command(on.hub, 'close-day', {});
  const results = only(on.pass(0), '2102');
  assert.deepEqual(
    results.map((each) => each.body.BatchHead.OriPackNo),
    ['00000001'],
  );
  command(on.hub, 'close-day', {});
  const messages = on.pass(0);
  assert.equal(only(messages, '2102')[0]?.body.BatchReturn[0]?.TaxDate, NEXT);
  assert.equal(only(messages, '3122')[0]?.body.CompDeduct[0]?.OriPackNo, '00000002');
});

test('refunds: within what was collected, paid out to the right holder, told by 9122', () => {
  const on = openBench();
  const before = on.total();
  on.debit({ traNo: '00000001', amount: '100.00' });
  let number = 10;
  const refund = (change: object): string => {
    number += 1;
    const DrawBack = {
      TaxOrgCode: ORG,
      EntrustDate: DAY,
      TraNo: `000000${number}`,
      DrawBackTreCode: '1101000000',
      DrawBackVouNo: `4401202100000000${number}`,
      OriTaxVouNo: '330120210000000001',
      TraAmt: '60.00',
      DrawBackReasonCode: '02',
      PayeeOpBkCode: BRANCH,
      PayeeAcct: RICH,
      PayeeName: '示例学校',
      ...change,
    };
    return on.ask(on.initiator.write('1104', { DrawBack }), '9121').body.ReceiptReturn.Result;
  };
  assert.equal(refund({}), '90000');
  assert.equal(refund({}), '92010');
  assert.equal(refund({ TraAmt: '30.00', PayeeName: '别人' }), '90000');
  assert.equal(refund({ DrawBackTreCode: '9999999999' }), '92014');
  const notices = only(on.pass(3_000), '9122').map((each) => each.body.ResultNotice);
  assert.deepEqual(
    notices.map((each) => [each.OriRequestNo, each.Result]),
    [
      ['00000011', '90000'],
      ['00000013', '24005'],
    ],
  );
  assert.equal(
    on.ask(on.initiator.query('00000011', '1104'), '9004').body.StateReturn.OpStat,
    '90000',
  );
  assert.equal(on.balance(RICH), 5_000_000_000 - 4_000);
  assert.equal(refund({ TraAmt: '40.00' }), '90000');
  assert.equal(on.total(), before);
});

function pack(
  packNo: string,
  lines: readonly { readonly traNo: string; readonly amount: string; readonly acct?: string }[],
  term = '1',
): MessageBody<'1102'> {
  const total = lines.reduce((sum, line) => sum + Number(line.amount.replace('.', '')), 0);
  const AllAmt = `${Math.floor(total / 100)}.${String(total % 100).padStart(2, '0')}`;
  return {
    BatchHead: {
      TaxOrgCode: ORG,
      EntrustDate: DAY,
      PackNo: packNo,
      ReturnTerm: term,
      AllNum: String(lines.length),
      AllAmt,
    },
    TurnAccount: turnAccount(),
    Payment: lines.map(({ traNo, amount, acct }) => ({
      ...payment({ traNo, ...(acct === undefined ? {} : { acct }) }, amount),
      Remark2: '',
      TraNo: traNo,
    })),
  };
}
