import { type Envelope, fieldOf, type Message, type MessageOf, readBody } from '@shebao/channel';
import {
  debitKey,
  moveMoney,
  type Outcome,
  orderOf,
  refusal,
  settleDebit,
  storeOutcome,
} from './debits.ts';
import { takeFault } from './faults.ts';
import { type Hub, hubNow, stateOf, write, writeCommon } from './hub.ts';
import type { Debit } from './model.ts';

/** What a handler made of a message: the answer, and whether it is kept for the same message again. */
export interface Handled {
  readonly answer: Buffer | null;
  readonly keep: boolean;
}

const CORE_SILENT_MS = 20_000;

/** A debit request with readable identity and voucher number, whatever else it holds (sections 4 and 8). */
export function handleDebit(hub: Hub, envelope: Envelope): Handled {
  const org = fieldOf(envelope, 'RealHead', 'TaxOrgCode') ?? '';
  const entrustDate = fieldOf(envelope, 'RealHead', 'EntrustDate') ?? '';
  const traNo = fieldOf(envelope, 'RealHead', 'TraNo') ?? '';
  const voucher = fieldOf(envelope, 'Payment', 'TaxVouNo') ?? '';
  const key = debitKey(org, entrustDate, traNo);
  const known = hub.store.get('debit', key);
  if (known) return answerDebit(hub, envelope, known);
  const body = readBody(envelope);
  const message = body.ok && body.value.msgNo === '1001' ? body.value : null;
  const order = message ? orderOf(message.body.Payment, message.body.TurnAccount) : null;
  const debit: Debit = {
    key,
    org,
    entrustDate,
    traNo,
    via: '1001',
    packNo: '',
    state: 'waiting',
    code: '',
    addWord: '',
    taxDate: '',
    voucher,
    order,
    settleAtMs: 0,
  };
  hub.store.put('debit', key, debit);
  const early = earlyRefusal(hub, envelope, debit, body.ok ? null : body.error.detail);
  if (early) return answerDebit(hub, envelope, storeOutcome(hub, debit, early));
  if (takeFault(hub, '1001', ['unknownOutcome'])) {
    const settleAtMs = hubNow(hub) + CORE_SILENT_MS;
    hub.store.put('debit', key, { ...debit, state: 'unknown', settleAtMs });
    return { answer: null, keep: false };
  }
  return answerDebit(hub, envelope, settleDebit(hub, debit));
}

/** The 2001 that tells how a debit stands; nothing while the bank does not know. */
function answerDebit(hub: Hub, envelope: Envelope, debit: Debit): Handled {
  if (debit.state === 'unknown' || debit.state === 'waiting') return { answer: null, keep: false };
  const forged = takeFault(hub, '1001', ['answerCode', 'wrongVoucher']);
  const code = forged?.kind === 'answerCode' ? forged.code : debit.code;
  const body = {
    SingleReturn: {
      OriTaxOrgCode: debit.org,
      OriTraNo: debit.traNo,
      OriEntrustDate: debit.entrustDate,
      TaxVouNo: forged?.kind === 'wrongVoucher' ? '9'.repeat(18) : debit.voucher,
      TaxDate: code === '90000' ? debit.taxDate : '',
      Result: code,
      AddWord: code === debit.code ? debit.addWord : refusal(code).addWord,
    },
  };
  const { bytes } = write(hub, '2001', body, { ref: envelope.head.msgId, to: envelope.head.src });
  return { answer: bytes, keep: true };
}

/** A reversal: money back in full, or a tombstone (section 6.3). */
export function handleReversal(hub: Hub, message: MessageOf<'1021'>): Handled {
  const asked = message.body.RushApply;
  const own = debitKey(asked.TaxOrgCode, asked.EntrustDate, asked.CancelNo);
  const target = debitKey(asked.TaxOrgCode, asked.OriEntrustDate, asked.OriTraNo);
  const counter = hub.store.get('debit', target)?.via === '1008';
  if (counter || hub.store.get('refund', target)) {
    return common(hub, message, '92010', '该业务不能冲正');
  }
  const stored = hub.store.get('reversal', own);
  const reversal = stored ?? reverse(hub, target);
  if (!stored && reversal.answer !== '2') {
    hub.store.put('reversal', own, { target, answer: reversal.answer, addWord: reversal.addWord });
  }
  const body = {
    RushReturn: {
      TaxOrgCode: asked.TaxOrgCode,
      OriCancelNo: asked.CancelNo,
      OriCancelDate: asked.EntrustDate,
      OriTraNo: asked.OriTraNo,
      OriEntrustDate: asked.OriEntrustDate,
      CancelAnswer: reversal.answer,
      AddWord: reversal.addWord,
    },
  };
  const { bytes } = write(hub, '2021', body, { ref: message.head.msgId, to: message.head.src });
  return { answer: bytes, keep: reversal.answer !== '2' };
}

/** A 9120 as the kept answer to a readable message. */
export function common(
  hub: Hub,
  message: Pick<Message, 'head'>,
  code: string,
  text: string,
): Handled {
  return { answer: writeCommon(hub, code, text, message.head), keep: true };
}

function earlyRefusal(
  hub: Hub,
  envelope: Envelope,
  debit: Debit,
  unreadable: string | null,
): Outcome | null {
  if (hub.store.get('tombstone', debit.key)) return refusal('24020');
  if (unreadable !== null) return { code: '92010', addWord: unreadable };
  return sessionRefusal(hub, envelope.head.workDate, debit.entrustDate);
}

/** Why no business is taken now: not logged in or stopped, or another work date. */
export function sessionRefusal(hub: Hub, workDate: string, entrustDate: string): Outcome | null {
  const state = stateOf(hub);
  if (!state.loggedIn || state.sysStat === '2') return refusal('92013');
  const today = workDate === state.workDate && entrustDate === state.workDate;
  return today ? null : refusal('92011');
}

function reverse(hub: Hub, target: string): { answer: '0' | '1' | '2'; addWord: string } {
  const debit = hub.store.get('debit', target);
  const state = stateOf(hub);
  if (debit?.state === 'unknown') return { answer: '2', addWord: '原交易状态未知' };
  if (debit?.state === 'collected') {
    if (debit.taxDate !== state.workDate) return { answer: '1', addWord: '原交易已成功且已日切' };
    returnCollected(hub, debit);
  }
  if (debit?.state === 'waiting') storeOutcome(hub, debit, refusal('24020'));
  hub.store.put('tombstone', target, { by: state.workDate });
  return { answer: '0', addWord: '已撤销' };
}

function returnCollected(hub: Hub, debit: Debit): void {
  if (!debit.order) return;
  moveMoney(hub, debit.order, 'return');
  storeOutcome(hub, debit, refusal('24020'));
}
