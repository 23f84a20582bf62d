import type { Message, MsgNo } from '@shebao/channel';
import { type Handler, type Handlers, outgoing, type Store } from '../treasury/index.ts';
import { loadWork } from './advance.ts';
import { applyCheckAnswer } from './agreements.ts';
import { compareBankCopy } from './bank-copy.ts';
import { confirmVoucher, confirmVouchers, fetchVoucher, queryVoucher } from './bank-side.ts';
import { openListCase } from './cases.ts';
import { takeEntryList } from './entries.ts';
import { takePackResult } from './pack-result.ts';
import { applyReceipt } from './pack-sender.ts';
import { applyStopAnswer } from './pack-stop.ts';
import type { Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { takeDayList } from './reconcile.ts';
import { applyRefundReceipt, applyRefundResult } from './refund-sender.ts';
import { applyReversalAnswer, applyStateAnswer } from './resolver.ts';
import { applyDebitAnswer } from './sender.ts';
import { agreements } from './tables.ts';

/** What payment takes from the peer's pushes: late answers, lists, and the banks' own questions. */
export function paymentHandlers(ports: PaymentPorts): Handlers {
  const lateAnswer =
    (apply: (store: Store, work: Work, message: Message) => Promise<unknown>): Handler =>
    async (store, message) => {
      const work = await workOf(store, message);
      if (work) await apply(store, work, message);
      return null;
    };
  return {
    '2001': lateAnswer(async (store, work, message) => {
      if (message.msgNo === '2001') await applyDebitAnswer(store, ports, work, message);
    }),
    '2021': lateAnswer(async (store, work, message) => {
      if (message.msgNo === '2021') await applyReversalAnswer(store, ports, work, message);
    }),
    '9004': lateAnswer(async (store, work, message) => {
      if (message.msgNo === '9004') await applyStateAnswer(store, ports, work, message);
    }),
    '9115': async (store, message) => {
      if (message.msgNo !== '9115') return null;
      const checkMsgId = message.head.msgRef;
      const agreement = await store.of(agreements).get({ checkMsgId }, { lock: true });
      if (agreement) await applyCheckAnswer(store, agreement, message);
      return null;
    },
    '3122': async (store, message) => {
      if (message.msgNo === '3122') await takeDayList(store, ports, message);
      return null;
    },
    '3126': async (store, message) => {
      if (message.msgNo === '3126') await takeEntryList(store, message);
      return null;
    },
    '3111': async (store, message, answer) =>
      message.msgNo === '3111' ? answer('2111', await compareBankCopy(store, message)) : null,
    '2091': async (store, message, answer) =>
      message.msgNo === '2091' ? answer('1009', await queryVoucher(store, message)) : null,
    '2090': async (store, message, answer, debitNumber) =>
      message.msgNo === '2090'
        ? answer('1008', await fetchVoucher(store, ports, message, debitNumber))
        : null,
    '2108': async (store, message) => {
      if (message.msgNo === '2108') await confirmVoucher(store, ports, message);
      return null;
    },
    '3113': async (store, message) => {
      if (message.msgNo === '3113') await confirmVouchers(store, ports, message);
      return null;
    },
    '2102': async (store, message) => {
      if (message.msgNo === '2102') await takePackResult(store, ports, message);
      return null;
    },
    '2123': async (store, message) => {
      if (message.msgNo === '2123') await applyStopAnswer(store, message);
      return null;
    },
    '9121': async (store, message) => {
      await applyReceipt(store, ports, message);
      await applyRefundReceipt(store, message);
      return null;
    },
    '9122': async (store, message) => {
      await applyRefundResult(store, message);
      return null;
    },
  };
}

/** The attempt whose message a late answer names; a MsgRef that was never used for it is no answer. */
async function workOf(store: Store, message: Message): Promise<Work | undefined> {
  const asked = await store.of(outgoing).get({ msgId: message.head.msgRef });
  const matches: Partial<Record<MsgNo, MsgNo>> = { '2001': '1001', '2021': '1021', '9004': '9003' };
  if (!asked || asked.msgNo !== matches[message.msgNo]) {
    const id = `late:${message.head.msgId}`;
    await openListCase(store, id, `收到无法对应的回执 ${message.msgNo}，未采用`, null);
    return undefined;
  }
  return loadWork(store, asked.subject);
}
