import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { MessageOf } from '@shebao/channel';
import { ok } from '@shebao/kernel';
import type { Command } from '../platform/index.ts';
import type { TestWorld } from '../platform/testing.ts';
import {
  compact,
  postgresStore,
  type Store,
  sessions,
  setAuthority,
  taxVoucherNo,
} from '../treasury/index.ts';
import { usualTimes } from './advance.ts';
import { confirmVoucher, confirmVouchers, fetchVoucher } from './bank-side.ts';
import { takeEntryList } from './entries.ts';
import { takeDayList } from './reconcile.ts';
import { applyRefundReceipt, applyRefundResult } from './refund-sender.ts';
import { refunds } from './refund-tables.ts';
import { attempts, bills, orders } from './tables.ts';
import { issueVoucher } from './voucher.ts';

const times = { times: usualTimes };
const payee = {
  treCode: '1101000000',
  payeeBankNo: '011331000001',
  payeeOrgCode: '330100000000',
  payeeAcct: '330100000000001',
  payeeName: '国家金库示例支库',
};
let made = 0;

/** Runs a step of a test on the store of payment. */
export async function inStore<T>(world: TestWorld, work: (store: Store) => Promise<T>): Promise<T> {
  let value: T | undefined;
  const command: Command<null, null> = {
    name: 'test.store',
    chain: () => 'agency:test',
    describe: () => ({ subject: 'test', detail: {} }),
    async run(tx, _input, { at }) {
      value = await work(postgresStore(tx, at, world.services.crypto));
      return ok(null);
    },
  };
  const done = await world.execute(command, null, { actor: { kind: 'system', name: 'test' } });
  assert.ok(done.ok);
  return value as T;
}

/** An open treasury day, and where the authority's money goes. */
export async function openDay(store: Store, taxOrg: string): Promise<void> {
  await setAuthority(store, taxOrg, '示例市税务局', payee);
  if (await store.of(sessions).get({ id: 'session' })) return;
  await store.of(sessions).insert({
    id: 'session',
    node: '133010000001',
    workDate: store.at.date,
    sysStat: 0,
    loggedIn: true,
    connected: true,
    cutTime: null,
    hubOffsetMs: 0,
    loggedInAt: store.at.iso,
    contactAt: store.at.iso,
    stopNotice: null,
    version: 1,
  });
}

/** How a bank tells that it collected: by its confirmation (2108), or that got lost and its list (3113) does. */
type Told = '2108' | '3113' | '3113 with another amount';

/** A bill is paid at a bank's counter with a voucher: fetched and confirmed. Returns the order's id. */
export function payAtBank(world: TestWorld, billId: string, told: Told = '2108') {
  const bankNo = '102331000000';
  made += 1;
  const number = made;
  const id = randomUUID();
  return inStore(world, async (store) => {
    const bill = await store.of(bills).get({ id: billId });
    assert.ok(bill);
    await openDay(store, bill.taxOrg);
    const { taxOrg, taxpayerId, version, amountFen } = bill;
    const voucherNo = `2021031000${String(number).padStart(4, '0')}`;
    const taxVouNo = taxVoucherNo(taxOrg, '2021', 500_000 + number);
    const wish = { id, billId, version, taxpayerId, totalFen: amountFen, requestedBy: 'test' };
    const issued = await issueVoucher(store, wish, { voucherNo, taxVouNo });
    assert.ok(issued.ok, JSON.stringify(issued));
    const day = compact(store.at.date);
    const LevyNo = String(number).padStart(8, '0');
    const fetch = {
      head: { msgId: `${day}2090${LevyNo}` },
      body: {
        LevyApply: {
          BankNo: bankNo,
          EntrustDate: day,
          LevyNo,
          PayOpBkCode: '102331000001',
          BankName: '示例银行',
          TaxOrgCode: taxOrg,
          TaxPayCode: taxpayerId,
          OuterLevyNo: voucherNo,
          PayType: '1',
          PayAcct: '',
          PayName: '',
        },
      },
    } as unknown as MessageOf<'2090'>;
    const fetched = await fetchVoucher(store, times, fetch, number);
    assert.equal(fetched.RealHead.Result, '90000');
    const line = {
      BankNo: bankNo,
      TaxVouNo: taxVouNo,
      OriTaxOrgCode: taxOrg,
      OriEntrustDate: day,
      OriTraNo: fetched.RealHead.TraNo ?? '',
      TaxDate: day,
      Result: '90000',
      AddWord: '已收款',
      TraAmt: ((told === '3113' ? amountFen : amountFen + 1) / 100).toFixed(2),
    };
    const head = { msgId: `${day}${told.slice(0, 4)}${LevyNo}` };
    if (told === '2108') {
      const body = { PayConfirm: line };
      await confirmVoucher(store, times, { head, body } as unknown as MessageOf<'2108'>);
    } else {
      const stranger = { ...line, OriTraNo: '88888888' };
      const body = { BankPay: [stranger, line] };
      await confirmVouchers(store, times, { head, body } as unknown as MessageOf<'3113'>);
    }
    const order = await store.of(orders).get({ id });
    assert.equal(order?.state, told === '3113 with another amount' ? 'PENDING_CHECK' : 'PAID');
    return id;
  });
}

/** The list of today comes without this order's debit: the payment does not stand. */
export function loseOnList(world: TestWorld, orderId: string) {
  return inStore(world, async (store) => {
    const attempt = await store.of(attempts).get({ orderId, state: 'SUCCEEDED' });
    assert.ok(attempt);
    const head = {
      ChkDate: compact(attempt.entrustDate),
      PackNo: '00000001',
      TaxOrgCode: attempt.taxOrg,
      AllNum: '0',
      AllAmt: '0.00',
      ChildPackNum: '1',
      CurPackNo: '1',
      CurPackNum: '0',
      CurPackAmt: '0.00',
    };
    await takeDayList(store, times, {
      head: { msgId: '20210311312200000001' },
      body: { CompHead: head, CompDeduct: [] },
    } as unknown as MessageOf<'3122'>);
  });
}

/** The treasury's lists of the debit's day come with it: the payment is confirmed and in the treasury. */
export function enterTreasury(world: TestWorld, orderId: string) {
  return inStore(world, async (store) => {
    const attempt = await store.of(attempts).get({ orderId, state: 'SUCCEEDED' });
    const order = await store.of(orders).get({ id: orderId });
    assert.ok(attempt && order);
    const day = compact(attempt.entrustDate);
    const TraAmt = (order.amountFen / 100).toFixed(2);
    const head = {
      ChkDate: day,
      PackNo: '00000002',
      TaxOrgCode: attempt.taxOrg,
      AllNum: '1',
      AllAmt: TraAmt,
      ChildPackNum: '1',
      CurPackNo: '1',
      CurPackNum: '1',
      CurPackAmt: TraAmt,
    };
    const listed = {
      PayeeOrgCode: payee.payeeOrgCode,
      OriMsgNo: attempt.msgNo,
      OriSendOrgCode: attempt.taxOrg,
      OriEntrustDate: day,
      OriPackNo: '',
      OriTraNo: attempt.traNo,
      OriTaxVouNo: order.taxVouNo,
      TraAmt,
      TaxDate: day,
      OpStat: '90000',
      AddWord: '',
    };
    await takeDayList(store, times, {
      head: { msgId: `${day}312200000002` },
      body: { CompHead: head, CompDeduct: [listed] },
    } as unknown as MessageOf<'3122'>);
    const entry = { TaxVouNo: order.taxVouNo, TraAmt, EntryDate: day };
    await takeEntryList(store, {
      head: { msgId: `${day}312600000002` },
      body: { EntryHead: head, Entry: [entry] },
    } as unknown as MessageOf<'3126'>);
    assert.equal((await store.of(orders).get({ id: orderId }))?.state, 'TREASURED');
  });
}

/** The treasury opens today as its work date. */
export function nextWorkDay(world: TestWorld): Promise<void> {
  return inStore(world, async (store) => {
    const session = await store.of(sessions).get({ id: 'session' });
    assert.ok(session);
    await store.of(sessions).update(session, { workDate: store.at.date });
  });
}

/** The treasury stored every payout that was sent, and tells what became of it. */
export function answerPayouts(world: TestWorld, result: string, addWord = ''): Promise<number> {
  return inStore(world, async (store) => {
    const sent = await store.of(refunds).find({ state: '已发出' });
    for (const one of sent) {
      const told = {
        OriMsgNo: '1104',
        OriSendOrgCode: one.taxOrg,
        OriEntrustDate: compact(one.entrustDate ?? ''),
        OriRequestNo: one.traNo ?? '',
        AddWord: addWord,
      };
      await applyRefundReceipt(store, {
        msgNo: '9121',
        head: { msgRef: one.msgId },
        body: { ReceiptReturn: { ...told, Result: '90000' } },
      } as unknown as MessageOf<'9121'>);
      await applyRefundResult(store, {
        msgNo: '9122',
        body: { ResultNotice: { ...told, Result: result } },
      } as unknown as MessageOf<'9122'>);
    }
    return sent.length;
  });
}
