import {
  codeText,
  type Envelope,
  fieldOf,
  identityOf,
  type Message,
  readBody,
} from '@shebao/channel';
import { handlePack, handleResendPack, handleStop } from './batch.ts';
import { handleCounterAnswer } from './counter.ts';
import { common, type Handled, handleDebit, handleReversal } from './handle-debit.ts';
import { handleQuery } from './handle-query.ts';
import { handleAgreement, handleEcho, handleLogin, handleLogout } from './handle-session.ts';
import { type Hub, record, unpack64, write, writeCommon } from './hub.ts';
import { handleResendList, handleResendPart } from './lists.ts';
import { enqueue } from './outbox.ts';
import { handleRefund } from './refunds.ts';

/** Answers a message that is new, or repeats what was stored: handlers look for their own record first. */
export function answerTo(hub: Hub, envelope: Envelope): Handled {
  const identity = identityOf(envelope);
  const { msgNo } = envelope.head;
  const voucher = fieldOf(envelope, 'Payment', 'TaxVouNo') ?? '';
  if (msgNo === '1001' && identity && /^\d{18}$/.test(voucher)) return handleDebit(hub, envelope);
  const body = readBody(envelope);
  if (body.ok) return answerMessage(hub, body.value);
  if (identity && (msgNo === '1102' || msgNo === '1104')) {
    const refuse = msgNo === '1102' ? handlePack : handleRefund;
    return refuse(hub, envelope, null, body.error.detail);
  }
  return common(hub, envelope, body.error.code, `${body.error.path} ${body.error.detail}`.trim());
}

/** The same identity with other content: nothing is done, what came first stands. */
export function refuseIdentity(hub: Hub, envelope: Envelope): Handled {
  const identity = identityOf(envelope);
  const { head } = envelope;
  const address = { ref: head.msgId, to: head.src };
  const text = codeText('94052');
  if (identity && head.msgNo === '1001') {
    const body = {
      SingleReturn: {
        OriTaxOrgCode: identity.owner,
        OriTraNo: identity.number,
        OriEntrustDate: identity.date,
        TaxVouNo: fieldOf(envelope, 'Payment', 'TaxVouNo') ?? '',
        Result: '94052',
        AddWord: text,
      },
    };
    return { answer: write(hub, '2001', body, address).bytes, keep: true };
  }
  if (identity && (head.msgNo === '1102' || head.msgNo === '1104')) {
    const body = {
      ReceiptReturn: {
        OriMsgNo: head.msgNo,
        OriSendOrgCode: identity.owner,
        OriEntrustDate: identity.date,
        OriRequestNo: identity.number,
        Result: '94052',
        AddWord: text,
      },
    };
    return { answer: write(hub, '9121', body, address).bytes, keep: true };
  }
  return { answer: writeCommon(hub, '94052', text, head), keep: true };
}

function answerMessage(hub: Hub, message: Message): Handled {
  switch (message.msgNo) {
    case '9005':
      return handleEcho(hub, message);
    case '9006':
      return handleLogin(hub, message);
    case '9008':
      return handleLogout(hub, message);
    case '9114':
      return handleAgreement(hub, message);
    case '9003':
      return handleQuery(hub, message);
    case '1021':
      return releaseHeld(hub, message, handleReversal(hub, message));
    case '1102':
      return handlePack(hub, message, message, null);
    case '1104':
      return handleRefund(hub, message, message, null);
    case '1123':
      return handleStop(hub, message);
    case '9111':
      return handleResendPack(hub, message);
    case '9112':
      return handleResendList(hub, message);
    case '9117':
      return handleResendPart(hub, message);
    case '1008':
    case '1009':
      handleCounterAnswer(hub, message);
      return { answer: null, keep: false };
    default:
      return { answer: null, keep: false };
  }
}

// The switch "answer after reversal": what was kept back goes out once the reversal is done.
function releaseHeld(
  hub: Hub,
  message: Extract<Message, { msgNo: '1021' }>,
  handled: Handled,
): Handled {
  const { TaxOrgCode, OriEntrustDate, OriTraNo } = message.body.RushApply;
  const key = `${TaxOrgCode}:${OriEntrustDate}:${OriTraNo}`;
  const held = hub.store.get('held', key);
  if (held) {
    hub.store.remove('held', key);
    enqueue(hub, held.msgNo, unpack64(held.bytes), 1_000, false);
    record(hub, {
      direction: 'out',
      msgNo: held.msgNo,
      msgId: '',
      note: '冲正后应答',
      bytes: held.bytes,
    });
  }
  return handled;
}
