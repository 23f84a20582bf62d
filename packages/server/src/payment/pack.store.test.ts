import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { MessageOf } from '@shebao/channel';
import { monthOfDate } from '@shebao/kernel';
import { testDatabase } from '../platform/testing.ts';
import { closedDays, eightDigits, type Store, taxVoucherNo } from '../treasury/index.ts';
import { usualTimes } from './advance.ts';
import { takeOver } from './agreements.ts';
import { makeBatch, proposal } from './batch-acts.ts';
import { releaseBatch } from './batch-release.ts';
import { addBill } from './bills.ts';
import { checkPayments, openPayments } from './index.ts';
import { takePackResult } from './pack-result.ts';
import { followPack } from './pack-sender.ts';
import { advanceLines, movePack } from './pack-store.ts';
import { chooseMode } from './payment-mode.ts';
import { takeDayList } from './reconcile.ts';
import { agreements, attempts, bills, cases, packs } from './tables.ts';
import { inStore, openDay } from './testing.ts';

const taxOrg = '133010000000';
const taxpayerId = '12330100470000001X';
const today = '2021-03-10';
const month = monthOfDate(today);
const times = { times: usualTimes };
const fenText = (amountFen: number) => (amountFen / 100).toFixed(2);

/** A pack of three bills that has left us, and nothing has been heard of it. */
async function sentPack(t: TestContext) {
  const s = await testDatabase(t, { now: `${today}T09:00:00+08:00` });
  const run = <T>(work: (store: Store) => Promise<T>): Promise<T> => inStore(s, work);
  await run(async (store) => {
    await openDay(store, taxOrg);
    const bank = { openingBankNo: '102331000001', clearingBankNo: '102331000000' };
    const taxpayer = { taxpayerId, taxpayerName: '示例学校', taxOrg, holder: '示例学校' };
    const agreement = { ...taxpayer, ...bank, bankName: '示例银行', protocolNo: '202100000001' };
    await takeOver(store, { ...agreement, account: '1202021099000001' });
    for (let at = 1; at <= 3; at += 1) await addBill(store, newBill(at));
    const held = await store.of(agreements).get({ taxpayerId });
    const unit = { unitId: 1, unitNo: '330100000123', taxpayerId };
    const choice = { ...unit, mode: 'batch', effectiveMonth: month, chosenBy: 'clerk' } as const;
    const chosen = await chooseMode(store, { ...choice, agreementId: held?.id ?? 0 });
    assert.ok(chosen.ok);
  });
  const id = randomUUID();
  await run(async (store) => {
    const planned = await proposal(store, month, today);
    const totalFen = planned.reduce((sum, line) => sum + line.amountFen, 0);
    const made = await makeBatch(store, { id, month, returnTerm: 0, officer: 'maker', totalFen });
    assert.ok(made.ok);
    const lines = planned.map(({ bill }, at) => ({
      billId: bill.id,
      traNo: eightDigits(at + 1),
      taxVouNo: taxVoucherNo(taxOrg, '2021', at + 1),
    }));
    const pack = { packNo: '00000001', msgId: '20210310110200000001', taxOrg, lines };
    const act = { id, version: 1, officer: 'checker', workDate: today, packs: [pack] };
    const released = await releaseBatch(store, act);
    assert.ok(released.ok, JSON.stringify(released));
  });
  await run(async (store) => {
    const pack = await store.of(packs).get({ batchId: id });
    assert.ok(pack);
    await movePack(store, pack, 'taken', 'test');
    const facts = { source: 'sender', cause: 'test' } as const;
    await advanceLines(store, pack, ['NEW'], 'taken', facts, usualTimes);
  });
  const states = () =>
    run(async (store) => {
      const found = await store.of(attempts).find({}, { order: ['traNo'] });
      return found.map((attempt) => attempt.state);
    });
  return { s, run, states };
}

function newBill(at: number) {
  const line = {
    insurance: 'institutionPension',
    period: month,
    kind: 'current',
    people: 1,
  } as const;
  return {
    declarationId: `00000000-0000-4000-8000-00000000000${at}`,
    unitId: 1,
    unitNo: '330100000123',
    unitName: '示例学校',
    taxpayerId,
    taxpayerName: '示例学校',
    taxOrg,
    region: '330100',
    declaredOn: today,
    dueDate: '2021-03-31',
    periodFrom: month,
    periodTo: month,
    lines: [
      {
        ...line,
        payer: 'employer',
        baseFen: 1_000_000,
        ratePpm: 160_000,
        amountFen: amountOf(at),
        dueDate: '2021-03-31',
      } as const,
    ],
  };
}

const amountOf = (at: number) => 160_000 + at;

/** The result (2102) of lines, with a head that agrees with them. */
function result(
  told: readonly { traNo: number; code: string; amountFen?: number }[],
  msgId = '20210310210200000001',
  head: Record<string, string> = {},
): MessageOf<'2102'> {
  const lines = told.map(({ traNo, code, amountFen }) => ({
    OriTraNo: eightDigits(traNo),
    TraAmt: fenText(amountFen ?? amountOf(traNo)),
    TaxVouNo: taxVoucherNo(taxOrg, '2021', traNo),
    TaxDate: code === '90000' ? '20210310' : '',
    Result: code,
    AddWord: code === '90000' ? '成功' : '余额不足',
  }));
  const paid = lines.filter((line) => line.Result === '90000');
  const total = (all: typeof lines) =>
    fenText(all.reduce((sum, line) => sum + Math.round(Number(line.TraAmt) * 100), 0));
  return {
    msgNo: '2102',
    head: { msgId, msgRef: '20210310110200000001' },
    body: {
      BatchHead: {
        PayBkCode: '102331000000',
        EntrustDate: '20210310',
        PackNo: '00000009',
        OriTaxOrgCode: taxOrg,
        OriEntrustDate: '20210310',
        OriPackNo: '00000001',
        AllNum: String(lines.length),
        AllAmt: total(lines),
        SuccNum: String(paid.length),
        SuccAmt: total(paid),
        Result: '90000',
        AddWord: '',
        ...head,
      },
      BatchReturn: lines,
    },
  } as unknown as MessageOf<'2102'>;
}

/** The complete list of the day: these lines of the pack, and nothing else. */
function dayList(traNos: readonly number[]): MessageOf<'3122'> {
  const lines = traNos.map((traNo) => ({
    PayeeOrgCode: '330100000000',
    OriMsgNo: '1102',
    OriSendOrgCode: taxOrg,
    OriEntrustDate: '20210310',
    OriPackNo: '00000001',
    OriTraNo: eightDigits(traNo),
    OriTaxVouNo: taxVoucherNo(taxOrg, '2021', traNo),
    TraAmt: fenText(amountOf(traNo)),
    TaxDate: '20210310',
    OpStat: '90000',
    AddWord: '成功',
  }));
  const sum = fenText(traNos.reduce((total, traNo) => total + amountOf(traNo), 0));
  const counts = { AllNum: String(lines.length), AllAmt: sum };
  const part = { ChildPackNum: '1', CurPackNo: '1', CurPackNum: counts.AllNum, CurPackAmt: sum };
  const head = { ChkDate: '20210310', PackNo: '03100001', TaxOrgCode: taxOrg, ...counts, ...part };
  return {
    msgNo: '3122',
    head: { msgId: '20210311312200000018' },
    body: { CompHead: head, CompDeduct: lines },
  } as unknown as MessageOf<'3122'>;
}

test('a result that lacks a line leaves it to the list; what comes after the list changes nothing', async (t) => {
  const { s, run, states } = await sentPack(t);
  const told = [
    { traNo: 1, code: '90000' },
    { traNo: 2, code: '24004' },
  ];
  await run((store) => takePackResult(store, times, result(told)));
  assert.deepEqual(await states(), ['SUCCEEDED', 'DECLINED', 'SENT']);
  await run((store) => takeDayList(store, times, dayList([1, 3])));
  assert.deepEqual(await states(), ['SUCCEEDED', 'DECLINED', 'SUCCEEDED']);
  // Late, and it says otherwise: a case, no change.
  const late = [...told, { traNo: 3, code: '24004' }];
  await run((store) => takePackResult(store, times, result(late, '20210311210200000002')));
  assert.deepEqual(await states(), ['SUCCEEDED', 'DECLINED', 'SUCCEEDED']);
  const kinds = await run((store) => store.of(cases).find({}, { order: ['id'] }));
  assert.ok(kinds.some((one) => one.text.includes('缺少 1 笔明细')));
  assert.ok(kinds.some((one) => one.kind === 'answeredDeclined'));
  const held = await run((store) => store.of(bills).find({}, { order: ['id'] }));
  assert.deepEqual(
    held.map((bill) => bill.state),
    ['PAID', 'UNPAID', 'PAID'],
  );
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});

test('no result at all: unclear, never declined, until the list says what was collected', async (t) => {
  const { s, run, states } = await sentPack(t);
  const { ports } = await openPayments(s.services);
  const pack = await run((store) => store.of(packs).get({}));
  await run(async (store) => {
    const day = { taxOrg, chkDate: today, certain: true, closedAt: store.at.iso, version: 1 };
    await store.of(closedDays).insert(day);
    assert.ok(pack);
    await movePack(store, pack, 'received', 'test');
  });
  await followPack(ports, pack?.id ?? '', 0);
  assert.deepEqual(await states(), ['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  assert.equal((await run((store) => store.of(packs).get({})))?.state, 'OVERDUE');
  await run((store) => takeDayList(store, times, dayList([2])));
  assert.deepEqual(await states(), ['REVERSED', 'SUCCEEDED', 'REVERSED']);
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});

test('a result whose head disagrees moves no line; another amount or a foreign line is a case', async (t) => {
  const { run, states } = await sentPack(t);
  const all = [1, 2, 3].map((traNo) => ({ traNo, code: '90000' }));
  const wrongHead = result(all, '20210310210200000002', { SuccNum: '2' });
  await run((store) => takePackResult(store, times, wrongHead));
  assert.deepEqual(await states(), ['SENT', 'SENT', 'SENT']);
  const stranger = result(all, '20210310210200000003', { OriPackNo: '00000077' });
  await run((store) => takePackResult(store, times, stranger));
  assert.deepEqual(await states(), ['SENT', 'SENT', 'SENT']);
  const dearer = [
    { traNo: 1, code: '90000', amountFen: 1 },
    ...all.slice(1),
    { traNo: 9, code: '90000' },
  ];
  await run((store) => takePackResult(store, times, result(dearer, '20210310210200000004')));
  assert.deepEqual(await states(), ['UNKNOWN', 'SUCCEEDED', 'SUCCEEDED']);
  const found = await run((store) => store.of(cases).find({}));
  assert.equal(found.length, 4);
});
