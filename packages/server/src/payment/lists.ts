import type { MessageBody } from '@shebao/channel';
import { assert } from '@shebao/kernel';
import {
  ask,
  closedDays,
  compact,
  compose,
  type Later,
  listDueAfterMs,
  listParts,
  lists,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  type Reader,
  readSession,
  type Store,
  unattended,
} from '../treasury/index.ts';
import type { PaymentPorts } from './ports.ts';
import { attempts, orders } from './tables.ts';

/** Between two requests for the same list: doubling from here, at most an hour. */
const againAfterMs = 300_000;
const againAtMostMs = 3_600_000;
/** Two weeks of hours: a peer that has not sent it by then has none; people know from the alarm. */
const mostSteps = 340;

/** Which list is waited for, and how often it was asked for already. */
export interface Awaited {
  readonly kind: string;
  readonly taxOrg: string;
  /** YYYY-MM-DD */
  readonly chkDate: string;
  readonly step: number;
}

/**
 * Asks for what a list lacks, its missing parts (9117) or the whole where nothing came (9112), and again until it is
 * here. 入库流水 is awaited only while a payment of that day is not yet in the treasury.
 */
export async function askForList(ports: PaymentPorts, awaited: Awaited): Promise<void> {
  const { kind, taxOrg, chkDate, step } = awaited;
  if (step > mostSteps) return;
  const list = await ports.read.of(lists).get({ kind, taxOrg, chkDate });
  if (list && list.state !== 'collecting') return;
  if (!list && kind === '3126' && !(await entriesAwaited(ports.read, taxOrg, chkDate))) return;
  const subject = `${kind}:${taxOrg}:${chkDate}`;
  const common = { SendOrgCode: taxOrg, OriMsgNo: kind, ChkDate: compact(chkDate) };
  if (list) {
    const missing = await missingParts(ports.read, awaited);
    if (missing.length === 0) return;
    for (const number of missing.slice(0, 20)) {
      const part = { ...common, PackNo: list.packNo, CurPackNo: String(number) };
      await request(ports, '9117', { ResendPart: part }, subject);
    }
  } else {
    const answer = await request(ports, '9112', { ResendList: common }, subject);
    const day = await ports.read.of(closedDays).get({ taxOrg, chkDate });
    // The hub knows no such list: a weekday between two work dates was none itself.
    if (answer === '80099' && day?.certain === false) return;
    ports.warn('a list of the treasury has not come', { kind, taxOrg, chkDate });
  }
  const audit = { name: 'treasury.askList', chain: 'agency:treasury', subject: taxOrg };
  await ports.transact(audit, async (store) => {
    store.tell('office', 'treasury', { list: `${taxOrg} ${chkDate}` });
    await store.later(nextAsking(awaited));
  });
}

/** When the 3122 of a day is applied, its 入库流水 is due next. */
export function awaitEntries(store: Store, taxOrg: string, chkDate: string): Promise<string> {
  return store.later({
    kind: 'treasury.lists',
    owner: unattended,
    payload: { kind: '3126', taxOrg, chkDate, step: 0 },
    dedupeKey: `3126 ${taxOrg} ${chkDate}`,
    afterMs: listDueAfterMs,
  });
}

function nextAsking({ kind, taxOrg, chkDate, step }: Awaited): Later {
  return {
    kind: 'treasury.lists',
    owner: unattended,
    payload: { kind, taxOrg, chkDate, step: step + 1 },
    afterMs: Math.min(againAfterMs * 2 ** Math.min(step, 10), againAtMostMs),
  };
}

/** The parts of a begun list that are not here. */
async function missingParts(
  read: Reader,
  { kind, taxOrg, chkDate }: Awaited,
): Promise<readonly number[]> {
  const parts = await read.of(listParts).find({ kind, taxOrg, chkDate });
  const here = new Set(parts.map((part) => part.curPackNo));
  const whole = Number(parts[0]?.head['ChildPackNum'] ?? 0);
  return Array.from({ length: whole }, (_, at) => at + 1).filter((number) => !here.has(number));
}

async function entriesAwaited(read: Reader, taxOrg: string, chkDate: string): Promise<boolean> {
  const listed = await read.of(attempts).find({ taxOrg, reconDate: chkDate, reconClass: 1 });
  const id = listed.map((attempt) => attempt.orderId);
  if (id.length === 0) return false;
  return (await read.of(orders).get({ id, state: 'PAID' })) !== undefined;
}

/** One request; the code of the answer, null where none came. */
async function request<N extends '9112' | '9117'>(
  ports: PaymentPorts,
  msgNo: N,
  body: MessageBody<N>,
  subject: string,
): Promise<string | null> {
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo,
    msgId: await newMessageId(ports, msgNo),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body,
  });
  assert(ready.ok, `${msgNo} can be written`);
  const audit = {
    name: 'treasury.request',
    chain: 'agency:treasury',
    subject,
    quiet: true,
  } as const;
  await ports.transact(audit, (store) => noteOutgoing(store, ready.value, subject));
  const asking = await ask(ports, ready.value);
  if (asking.kind !== 'answer') return null;
  const { message } = asking;
  await ports.transact(audit, (store) => noteIncoming(store, message, 'answer'));
  return message.msgNo === '9120' ? message.body.CommonReturn.Result : null;
}
