import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import * as contract from '@shebao/contract';
import { arrive, declare, declareWages, makeUnit } from '../declaration/testing.ts';
import { type TestClient, testPassword, testService } from '../testing.ts';
import { billStates, checkPayments } from './index.ts';
import { bills, orders } from './tables.ts';
import { inStore, openDay } from './testing.ts';
import { issueVoucher } from './voucher.ts';

type Transfer = contract.AnswerOf<typeof contract.getTransfer>;

/** A declared unit that owes 2021-03, an open authority, two officers of the counter. */
async function counter(t: TestContext) {
  const s = await testService(t, { now: '2021-03-10' });
  const unit = await makeUnit(s);
  const people = await arrive(s, unit, [{ no: 1, from: '2021-03' }]);
  await declareWages(s, unit, [[people.get(1) ?? '', '2021-03', '8000.00']]);
  const billId = await declare(s, unit);
  const [bill] = await billStates(s.services.db.q, { declarationIds: [billId] });
  assert.ok(bill);
  const total = ((bill.amountFen + bill.lateFeeFen) / 100).toFixed(2);
  await inStore(s, (store) => openDay(store, unit.taxOrgCode));
  const [first, second] = [await s.officer('counter'), await s.officer('review')];
  const statusOf = async () =>
    (await billStates(s.services.db.q, { declarationIds: [billId] }))[0]?.status;
  return { s, unit, billId, total, first, second, statusOf };
}

const empty = { billId: null, reason: '', evidence: null, passNo: null, passedOn: null };

async function act(
  officer: TestClient,
  { id, version }: Pick<Transfer, 'id' | 'version'>,
  name: string,
  more: object = {},
) {
  const body = { ...empty, ...more, act: name, version };
  const operationHash = createHash('sha256')
    .update(contract.canonicalJson({ ...body, id }))
    .digest('hex');
  const proof = { password: testPassword, operation: 'transfer', operationHash };
  const token = await officer.call(contract.reauthenticate, { body: proof });
  return officer.call(contract.actOnTransfer, {
    params: { id },
    body: { ...body, reauthentication: String(token.body['token']) },
  });
}

const money = (serial: string, amount: string, remark: string) => ({
  valueDate: '2021-03-10',
  bankSerial: serial,
  payerName: '示例学校',
  payerAccount: '6222000000001234',
  payerBank: '示例银行',
  amount,
  remark,
});

async function register(officer: TestClient, body: object): Promise<Transfer> {
  const answer = await officer.call(contract.registerTransfer, { body });
  assert.equal(answer.status, 200, answer.raw.toString());
  return answer.body as unknown as Transfer;
}

test('money that names its unit waits for a second officer, pays once and is passed on', async (t) => {
  const { s, unit, total, first, second, statusOf } = await counter(t);
  const came = await register(first, money('S1', total, `社保费 ${unit.taxpayerId}`));
  assert.equal(came.state, '待确认');
  assert.equal(came.unitNo, unit.unitNo);
  assert.equal(came.payerAccountMasked, '**** **** **** 1234');
  assert.equal(await statusOf(), '扣款中');
  const again = await first.call(contract.registerTransfer, { body: money('S1', total, 'x') });
  assert.equal(again.body['code'], 'TRANSFER_EXISTS');
  const own = await act(first, came, 'confirm');
  assert.equal(own.body['code'], 'TRANSFER_SAME_OFFICER');
  assert.equal(await statusOf(), '扣款中');
  const confirmed = await act(second, came, 'confirm');
  assert.equal(confirmed.body['state'], '已销号', confirmed.raw.toString());
  assert.equal(await statusOf(), '已缴款未入库');
  const twice = await act(second, came, 'confirm');
  assert.equal(twice.body['code'], 'TRANSFER_CHANGED');
  s.clock.set('2021-03-12');
  const late = await first.call(contract.listTransfers, { query: { state: '已销号' } });
  const [overdue] = late.body['transfers'] as Transfer[];
  assert.equal(overdue?.overdue, true);
  assert.ok(overdue);
  const bare = await act(first, overdue, 'pass');
  assert.equal(bare.body['code'], 'INPUT_INVALID');
  const pass = { passNo: '330100202100001', passedOn: '2021-03-12' };
  const passed = await act(first, overdue, 'pass', pass);
  assert.equal(passed.body['state'], '划缴待复核');
  const version = { id: came.id, version: Number(passed.body['version']) };
  assert.equal((await act(first, version, 'confirmPass')).body['code'], 'TRANSFER_SAME_OFFICER');
  const done = await act(second, version, 'confirmPass');
  assert.equal(done.body['state'], '已划缴国库');
  assert.equal(await statusOf(), '已入库');
  const shown = await second.call(contract.getTransfer, { params: { id: came.id } });
  const events = (shown.body as unknown as Transfer).events.map(({ text }) => text);
  assert.equal(events.length, 5);
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});

test('what does not fit waits, is claimed with papers, released again or sent back', async (t) => {
  const { s, unit, billId, total, first, second, statusOf } = await counter(t);
  const other = await register(first, money('S2', '1.00', `${unit.taxpayerId}`));
  assert.equal(other.state, '待认领');
  assert.equal(other.reason, '金额与应缴费款不符');
  const claim = { billId, reason: '单位来函', evidence: '银行回单' };
  const short = await act(first, other, 'claim', claim);
  assert.equal(short.body['code'], 'TRANSFER_AMOUNT');
  assert.match(String(short.body['detail']), /到账金额 1\.00 元与应缴费款/);
  const silent = await register(first, money('S3', total, '三月社保'));
  const bills = await first.call(contract.listTransferBills, {
    params: { id: silent.id },
    query: { unitNo: unit.unitNo },
  });
  const [choice] = bills.body['bills'] as { billId: string; exact: boolean }[];
  assert.deepEqual([choice?.billId, choice?.exact], [billId, true]);
  const claimed = await act(first, silent, 'claim', claim);
  assert.equal(claimed.body['state'], '待确认', claimed.raw.toString());
  const seen = { id: silent.id, version: Number(claimed.body['version']) };
  assert.equal((await act(first, seen, 'confirm')).body['code'], 'TRANSFER_SAME_OFFICER');
  const released = await act(second, seen, 'release', { reason: '认领有误' });
  assert.equal(released.body['state'], '待认领');
  assert.equal(await statusOf(), '未缴费');
  const back = { id: silent.id, version: Number(released.body['version']) };
  const asked = await act(first, back, 'return', { reason: '无法认领' });
  const waiting = { id: silent.id, version: Number(asked.body['version']) };
  assert.equal((await act(first, waiting, 'confirmReturn')).body['code'], 'TRANSFER_SAME_OFFICER');
  assert.equal((await act(second, waiting, 'confirmReturn')).body['state'], '已退回');
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});

test('a statement is imported with a verdict per row, twice it adds nothing', async (t) => {
  const { unit, total, first } = await counter(t);
  const head = '到账日期,银行流水号,付款人名称,付款账号,金额,附言,收款账号';
  const lines = [
    `2021-03-10,A1,示例学校,6222000000001234,${total},${unit.taxpayerId},330100000000001`,
    '2021/3/9,A2,另一单位,,"1,234.50",货款,330100000000001',
    '2021-03-11,A3,未来单位,,1.00,,330100000000001',
    '2021-03-10,A4,错账号,,1.00,,999',
    '2021-03-10,A5,零元,,0.00,,330100000000001',
  ];
  const send = (rows: readonly string[]) =>
    first.call(contract.importTransfers, {
      file: { name: '对账单.csv', bytes: Buffer.from([head, ...rows].join('\r\n')) },
    });
  const once = await send(lines);
  type Row = contract.AnswerOf<typeof contract.importTransfers>['rows'][number];
  assert.equal(once.status, 200, once.raw.toString());
  const told = (answer: typeof once) =>
    (answer.body['rows'] as Row[]).map(({ row, verdict, column, detail }) =>
      [row, verdict, column, detail].join(' ').trim(),
    );
  assert.deepEqual(told(once), [
    `2 接受  按单位与金额自动匹配单位编号 ${unit.unitNo}`,
    '3 接受  附言未写明凭证序号或单位',
    '4 拒绝 到账日期 到账日期不能晚于今天，请核对',
    '5 拒绝 收款账号 不是本机构的待报解户账号，请核对收款账号',
    '6 拒绝 金额 应为大于 0 的金额，最多两位小数',
  ]);
  assert.equal(once.body['matched'], 1);
  const changed = lines[1]?.replace('1,234.50', '99.00') ?? '';
  const again = await send([lines[0] ?? '', changed]);
  assert.deepEqual(told(again), [
    '2 无变化  已登记过，未重复登记',
    '3 拒绝 银行流水号 该流水号已登记过另一笔到账（1234.50 元 另一单位），请核对流水号',
  ]);
  const list = await first.call(contract.listTransfers);
  assert.equal(list.body['total'], 2);
});

test('a transfer that names the printed voucher pays its bill; the voucher is given up', async (t) => {
  const { s, unit, billId, total, first, second, statusOf } = await counter(t);
  const voucherNo = '20210310000007';
  await inStore(s, async (store) => {
    const bill = await store.of(bills).get({ id: billId });
    assert.ok(bill);
    const { taxpayerId, version, amountFen } = bill;
    const id = '00000000-0000-4000-8000-000000000001';
    const wish = { id, taxpayerId, billId, version, totalFen: amountFen, requestedBy: 'clerk' };
    const issued = await issueVoucher(store, wish, { voucherNo, taxVouNo: '330120210000009999' });
    assert.ok(issued.ok);
  });
  const remark = `${unit.taxpayerId} ${voucherNo} ${unit.taxOrgCode}`;
  const other = await register(first, money('V1', '5.00', remark));
  assert.equal(other.reason, '金额与应缴费款不符');
  const came = await register(first, money('V2', total, remark));
  assert.equal(came.state, '待确认');
  assert.match(came.reason, /按凭证序号自动匹配/);
  assert.equal((await act(second, came, 'confirm')).body['state'], '已销号');
  assert.equal(await statusOf(), '已缴款未入库');
  const states = await inStore(s, async (store) =>
    (await store.of(orders).find({ billId })).map(({ way, state }) => `${way} ${state}`).sort(),
  );
  assert.deepEqual(states, ['transfer PAID', 'voucher CANCELLED']);
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});
