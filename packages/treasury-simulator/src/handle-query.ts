import { identityKey, type MessageOf, type ReadBody } from '@shebao/channel';
import { debitKey } from './debits.ts';
import type { Handled } from './handle-debit.ts';
import { type Hub, write } from './hub.ts';

/** State of one transaction or pack (9003): says what is known, decides nothing. */
export function handleQuery(hub: Hub, message: MessageOf<'9003'>): Handled {
  const asked = message.body.StateQuery;
  const found = asked.SearchType === '2' ? packState(hub, asked) : transactionState(hub, asked);
  const body = { StateReturn: { ...asked, ChkDate: found.date, OpStat: found.code } };
  const address = { ref: message.head.msgId, to: message.head.src };
  const { bytes } = write(hub, '9004', body, address);
  return { answer: bytes, keep: found.code !== '80002' };
}

type Asked = ReadBody<'9003'>['StateQuery'];
interface Found {
  readonly code: string;
  readonly date: string;
}

const MISSING: Found = { code: '80099', date: '' };
const IN_PROGRESS: Found = { code: '80002', date: '' };

function transactionState(hub: Hub, asked: Asked): Found {
  const key = debitKey(asked.SendOrgCode, asked.OriEntrustDate, asked.OriTraNo);
  if (asked.OriMsgNo === '9114') return checkState(hub, asked);
  if (asked.OriMsgNo === '1104') return refundState(hub, key);
  const debit = hub.store.get('debit', key);
  if (!debit || debit.via !== asked.OriMsgNo) {
    if (asked.OriMsgNo === '1102' && !debit) return refusedPack(hub, asked);
    return hub.store.get('tombstone', key) ? { code: '24020', date: '' } : MISSING;
  }
  if (debit.state === 'waiting' || debit.state === 'unknown') return IN_PROGRESS;
  return { code: debit.code, date: debit.taxDate };
}

function refusedPack(hub: Hub, asked: Asked): Found {
  const key = debitKey(asked.SendOrgCode, asked.OriEntrustDate, asked.OriTraNo);
  if (hub.store.get('tombstone', key)) return { code: '24020', date: '' };
  const pack = hub.store.get(
    'pack',
    debitKey(asked.SendOrgCode, asked.OriEntrustDate, asked.OriPackNo),
  );
  return pack && pack.code !== '90000' ? { code: pack.code, date: '' } : MISSING;
}

function checkState(hub: Hub, asked: Asked): Found {
  const key = identityKey({
    kind: 'agreement',
    owner: asked.SendOrgCode,
    date: asked.OriEntrustDate,
    number: asked.OriTraNo,
  });
  const check = hub.store.get('check', key);
  return check ? { code: check.passed ? '90000' : '24011', date: '' } : MISSING;
}

function refundState(hub: Hub, key: string): Found {
  const refund = hub.store.get('refund', key);
  if (!refund) return MISSING;
  if (refund.state === 'waiting') return IN_PROGRESS;
  return { code: refund.resultCode, date: refund.state === 'paidOut' ? refund.date : '' };
}

function packState(hub: Hub, asked: Asked): Found {
  const pack = hub.store.get(
    'pack',
    debitKey(asked.SendOrgCode, asked.OriEntrustDate, asked.OriPackNo),
  );
  if (!pack) return MISSING;
  if (pack.code !== '90000') return { code: pack.code, date: '' };
  return pack.result === null ? IN_PROGRESS : { code: '80011', date: '' };
}
