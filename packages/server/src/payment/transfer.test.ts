import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepOf } from './machine.ts';
import {
  matchTransfer,
  namesIn,
  type Payable,
  type TransferState,
  transferEvents,
  transferMachine,
  transferStates,
} from './transfer.ts';

/** State → event → the state after it, for every cell that moves; everything else is refused. */
const moves: Readonly<Record<TransferState, Readonly<Record<string, TransferState>>>> = {
  待认领: { matched: '待确认', returned: '退回待复核' },
  待确认: { confirmed: '已销号', released: '待认领' },
  已销号: { passed: '划缴待复核' },
  划缴待复核: { passConfirmed: '已划缴国库', passRejected: '已销号' },
  已划缴国库: {},
  退回待复核: { returnConfirmed: '已退回', returnRejected: '待认领' },
  已退回: {},
};

test('a transfer moves exactly here', () => {
  for (const state of transferStates) {
    const actual: Record<string, string> = {};
    for (const event of transferEvents) {
      const step = stepOf(transferMachine, state, event);
      if (typeof step === 'string') assert.equal(step, 'refused');
      else actual[event] = step.to;
    }
    assert.deepEqual(actual, moves[state], state);
  }
});

const school: Payable = {
  billId: 'b1',
  unitNo: '330100000123',
  taxpayerId: '12330100470000001X',
  voucherNo: null,
  totalFen: 240_000,
};
const branch: Payable = { ...school, billId: 'b2', unitNo: '330100000124', totalFen: 90_000 };
const byVoucher: Payable = {
  ...school,
  billId: 'b3',
  voucherNo: '20210310000007',
  totalFen: 90_000,
};
const match = (
  remark: string,
  amountFen: number,
  payable: readonly Payable[] = [school, branch],
) => {
  const found = matchTransfer({ remark, amountFen }, payable);
  return found.kind === 'matched' ? `${found.bill.billId} ${found.how}` : found.reason;
};

test('what a remark names is found in whatever form a bank prints it', () => {
  for (const remark of [
    '社保费 12330100470000001X 133010000000',
    '１２３３０１００４７００００００１Ｘ，社保',
    '1233 0100 4700 0000 1x 三月份',
    '识别号：12330100470000001X；机关：133010000000',
  ]) {
    assert.ok(namesIn(remark).has('12330100470000001X'), remark);
  }
  assert.deepEqual([...namesIn('三月社保 123')], []);
});

test('money is matched by what its remark names, to the fen, and by nothing else', () => {
  assert.equal(match('12330100470000001X 133010000000', 240_000), 'b1 单位与金额');
  assert.equal(match('单位编号330100000124', 90_000), 'b2 单位与金额');
  assert.equal(match('12330100470000001X', 240_001), '金额与应缴费款不符');
  assert.equal(match('三月社保', 240_000), '附言未写明凭证序号或单位');
  assert.equal(
    match('12330100470000001X', 240_000, [school, { ...school, billId: 'b4' }]),
    '有多笔应缴费款金额相同',
  );
  assert.equal(match('20210310000007', 90_000, [school, branch, byVoucher]), 'b3 凭证序号');
  // Who names a voucher pays that voucher, not another bill of the same sum.
  assert.equal(
    match('12330100470000001X 20210310000007', 240_000, [school, byVoucher]),
    '金额与应缴费款不符',
  );
});
