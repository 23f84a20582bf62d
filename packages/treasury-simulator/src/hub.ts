import {
  buildMessage,
  channelTime,
  type MessageBody,
  type MsgNo,
  messageId,
  NO_MESSAGE,
  NO_NODE,
  PEER_NODE,
  type Signer,
  type Verify,
} from '@shebao/channel';
import { assert } from '@shebao/kernel';
import type { Fault, FaultKind, HubState, Traffic } from './model.ts';
import type { Step, Store } from './store.ts';

/** What the core needs from outside. All of it can be replaced, so that the same core runs in a simulation. */
export interface Ports {
  /** The machine's time in milliseconds since 1970. */
  readonly now: () => number;
  readonly signer: Signer;
  readonly verify: Verify;
  /** More faults than the switches hold, asked when no switch applies. */
  readonly faults?: (msgNo: string, kinds: readonly FaultKind[]) => Fault | null;
}

/** Hub, banks and treasury: their memory and their ports. */
export interface Hub {
  readonly store: Store;
  readonly ports: Ports;
}

const FIRST_STATE: HubState = {
  workDate: '',
  sysStat: '0',
  loggedIn: false,
  replyTo: null,
  node: null,
  password: '',
  cutTime: '',
  cutOn: '',
  clockOffsetMs: 0,
  sequence: 0,
  processMs: 3_000,
  entryMs: 5_000,
  linesPerPart: 1_000,
};

/** The state of the hub. Without a demo world its work date is the machine's date. */
export function stateOf(hub: Hub): HubState {
  const state = storedState(hub);
  return state.workDate === ''
    ? { ...state, workDate: channelTime(hub.ports.now()).slice(0, 8) }
    : state;
}

/** Changes some of the hub's state. */
export function changeState(hub: Hub, change: Partial<HubState>): HubState {
  hub.store.put('state', 'hub', { ...storedState(hub), ...change });
  return stateOf(hub);
}

/** The state as stored: its work date is '' until a demo world or a cut-off sets it. */
export function storedState(hub: Hub): HubState {
  return hub.store.get('state', 'hub') ?? FIRST_STATE;
}

/** Hub time in milliseconds. */
export function hubNow(hub: Hub): number {
  return hub.ports.now() + stateOf(hub).clockOffsetMs;
}

/** The next number of the hub's one sequence. */
export function nextNumber(hub: Hub): number {
  return changeState(hub, { sequence: stateOf(hub).sequence + 1 }).sequence;
}

/** A number as 8 digits. */
export function eight(number: number): string {
  return String(number).padStart(8, '0');
}

/** What a message of the hub says about itself beyond its body. */
export interface Address {
  /** The MsgID it answers; absent in a message that begins something. */
  readonly ref?: string;
  readonly to?: string;
  /** The work date in its head; the hub's when absent. */
  readonly workDate?: string;
}

/** Writes a message of the peer and gives it the next MsgID. */
export function write<N extends MsgNo>(
  hub: Hub,
  msgNo: N,
  body: MessageBody<N>,
  address: Address = {},
): { readonly bytes: Buffer; readonly msgId: string } {
  const msgId = messageId(channelTime(hubNow(hub)).slice(0, 8), msgNo, nextNumber(hub));
  const head = {
    src: PEER_NODE,
    des: address.to ?? stateOf(hub).node ?? NO_NODE,
    msgId,
    msgRef: address.ref ?? msgId,
    workDate: address.workDate ?? stateOf(hub).workDate,
  };
  const built = buildMessage({ msgNo, head, body }, hub.ports.signer);
  assert(built.ok, `the simulator built a wrong ${msgNo}: ${JSON.stringify(built)}`);
  return { bytes: built.value, msgId };
}

/** Writes a 9120. Without `ref` it answers a message that could not be read. */
export function writeCommon(
  hub: Hub,
  result: string,
  addWord: string,
  asked: { readonly msgNo: string; readonly msgId: string; readonly src: string } | null,
  information = '',
): Buffer {
  const OriMsgNo = asked && /^\d{4}$/.test(asked.msgNo) ? asked.msgNo : '0000';
  const body = {
    CommonReturn: { OriMsgNo, Result: result, AddWord: addWord, Information: information },
  };
  const address = asked ? { ref: asked.msgId, to: asked.src } : { ref: NO_MESSAGE, to: NO_NODE };
  return write(hub, '9120', body, address).bytes;
}

/** Records a message or an event for whoever watches. */
export function record(hub: Hub, entry: Omit<Traffic, 'at'>): void {
  const at = channelTime(hubNow(hub));
  hub.store.put('traffic', eight(nextNumber(hub)), { at, ...entry });
}

/** Runs a step: all it changes is returned together with its value. */
export function step<T>(hub: Hub, act: () => T): Step<T> {
  try {
    const value = act();
    return { value, changes: hub.store.commit() };
  } catch (error) {
    hub.store.rollback();
    throw error;
  }
}

/** Bytes as they are kept in records. */
export function pack64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Kept bytes as they were. */
export function unpack64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
