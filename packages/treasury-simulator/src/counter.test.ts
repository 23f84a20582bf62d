import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MessageBody } from '@shebao/channel';
import { pushReturned } from './answers-back.ts';
import { command } from './control.ts';
import { duePushes } from './outbox.ts';
import {
  BRANCH,
  CLEARING,
  DAY,
  NINE,
  ORG,
  only,
  openBench,
  payment,
  RICH,
  turnAccount,
} from './testing.ts';

test('the counter of a bank: query, fetch, pay before NA, give up after it or at the cut-off', () => {
  const on = openBench();
  const wish = { bankNo: BRANCH, taxOrgCode: ORG, outerLevyNo: '20210310000007', payAcct: RICH };
  const fetch = (traNo: string, extra: object = {}): string => {
    const { value } = command(on.hub, 'counter-fetch', { ...wish, ...extra });
    const [due] = duePushes(on.hub).filter((push) => push.msgNo === '2090');
    assert.ok(due);
    const asked = on.read(due.bytes, on.hub.ports.signer.publicKey);
    assert.ok(asked.msgNo === '2090');
    const answer = on.initiator.write(
      '1008',
      bill(traNo, asked.body.LevyApply.LevyNo),
      asked.head.msgId,
    );
    pushReturned(on.hub, due.id, { kind: 'answer', bytes: answer });
    return String(value['key']);
  };
  fetch('00000021', { payAtOnce: true });
  const [paid] = only(on.pass(0), '2108');
  assert.deepEqual(
    [paid?.body.PayConfirm.Result, paid?.body.PayConfirm.TaxDate, paid?.body.PayConfirm.OriTraNo],
    ['90000', DAY, '00000021'],
  );
  assert.equal(on.balance(RICH), 5_000_000_000 - 50_000);
  fetch('00000022');
  const [late] = only(on.pass(3_601_000), '2108');
  assert.deepEqual([late?.body.PayConfirm.Result, late?.body.PayConfirm.TaxDate], ['24003', '']);
  const key = fetch('00000023');
  assert.throws(() => command(on.hub, 'counter-pay', { key: 'none' }), RangeError);
  command(on.hub, 'counter-give-up', { key });
  command(on.hub, 'close-day', {});
  const lists = only(on.pass(0), '3113');
  assert.deepEqual(
    lists[0]?.body.BankPay.map((line) => [line.OriTraNo, line.Result]),
    [
      ['00000021', '90000'],
      ['00000022', '24003'],
      ['00000023', '24003'],
    ],
  );
  command(on.hub, 'counter-query', wish);
  const asked = only(on.pass(0), '2091')[0];
  assert.ok(asked);
  const answer = on.initiator.write(
    '1009',
    {
      QueryReturn: {
        OriBankNo: CLEARING,
        OriEntrustDate: asked.body.QueryApply.EntrustDate,
        OriQueryNo: asked.body.QueryApply.QueryNo,
        TaxOrgCode: ORG,
        LevyNum: '0',
        Result: '24083',
      },
    },
    asked.head.msgId,
  );
  assert.equal(on.send(answer).kind, 'accepted');
  assert.ok(on.hub.store.all('counter').some((each) => each.code === '24083'));
});

function bill(traNo: string, levyNo: string): MessageBody<'1008'> {
  const { PayOpBkCode: _branch, ...turn } = turnAccount();
  return {
    RealHead: {
      TaxOrgCode: ORG,
      EntrustDate: DAY,
      TraNo: traNo,
      OriBankNo: CLEARING,
      OriEntrustDate: DAY,
      OriLevyNo: levyNo,
      Result: '90000',
    },
    TurnAccount: {
      TreCode: '1101000000',
      PayeeBankNo: turn.PayeeBankNo,
      PayeeAcct: turn.PayeeAcct,
      PayeeName: turn.PayeeName,
      PayOpBkCode: BRANCH,
    },
    Payment: payment({ traNo, notAfterMs: NINE + 3_600_000 }, '500.00'),
  };
}
