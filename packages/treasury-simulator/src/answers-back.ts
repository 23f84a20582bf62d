import { MAX_BYTES, type Message, openEnvelope, readBody } from '@shebao/channel';
import { handleCounterAnswer } from './counter.ts';
import { type Hub, pack64, record, stateOf, step } from './hub.ts';
import { pushDelivered, pushFailed, pushRefused } from './outbox.ts';
import type { Step } from './store.ts';

/** What became of sending a push over HTTP. */
export type PushOutcome =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'none' };

/** Notes what became of a push: an answer in the response counts only when it verifies and is for the hub. */
export function pushReturned(hub: Hub, id: string, outcome: PushOutcome): Step<void> {
  return step(hub, () => {
    if (outcome.kind === 'none') return pushFailed(hub, id);
    if (outcome.kind === 'accepted') return pushDelivered(hub, id);
    takeAnswer(hub, id, outcome.bytes);
  });
}

function takeAnswer(hub: Hub, id: string, bytes: Uint8Array): void {
  const { node } = stateOf(hub);
  const opened = openEnvelope(bytes, {
    maxBytes: MAX_BYTES.inbox,
    trustedKeys: hub.store.get('trusted', node ?? '')?.keys ?? [],
    verify: hub.ports.verify,
  });
  const read = opened.ok ? readBody(opened.value) : null;
  const message = read?.ok ? read.value : null;
  record(hub, {
    direction: 'in',
    msgNo: message?.msgNo ?? '',
    msgId: message?.head.msgId ?? '',
    note: message ? resultOf(message) : '应答不可用',
    bytes: pack64(bytes),
  });
  const code = message?.msgNo === '9120' ? message.body.CommonReturn.Result : '';
  if (code === '91005' || code === '92004') return pushRefused(hub, id);
  if (message?.msgNo === '1008' || message?.msgNo === '1009') handleCounterAnswer(hub, message);
  pushDelivered(hub, id);
}

/** What an answer says in a word: for whoever watches the traffic. */
function resultOf(message: Message): string {
  switch (message.msgNo) {
    case '9120':
      return message.body.CommonReturn.Result;
    case '2111':
      return message.body.CompReturn.Result;
    case '1008':
      return message.body.RealHead.Result;
    case '1009':
      return message.body.QueryReturn.Result;
    default:
      return '';
  }
}
