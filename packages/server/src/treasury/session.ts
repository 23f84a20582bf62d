import {
  hubTimeOf,
  keyFingerprint,
  type Message,
  type MessageOf,
  parseChannelTime,
  parseKeyDocument,
} from '@shebao/channel';
import { closeDays } from './closed-days.ts';
import { compact, dashed } from './dates.ts';
import {
  ask,
  compose,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  type Ready,
  readSession,
  type TreasuryPorts,
} from './ports.ts';
import { type Step, type Store, transactFirst } from './records.ts';
import { keys, type SessionRecord, sessions } from './tables.ts';

/** No new debit in the last minutes before 日切, so that each can be settled on its own work date. */
const guardBeforeCutMs = 300_000;
/** So long after the announced 日切 without notice, the hub is asked. */
const loginAfterCutMs = 1_800_000;

/** Whether debits are possible now; else why not. */
export type TreasuryDay =
  | { readonly open: true; readonly workDate: string }
  | {
      readonly open: false;
      readonly code: 'TREASURY_CLOSED' | 'TREASURY_CUTOFF';
      readonly reason: string;
    };

/** The treasury's day as the hub announced it; `nowMs` is our business time. */
export function treasuryDay(session: SessionRecord | undefined, nowMs: number): TreasuryDay {
  const closed = { open: false, code: 'TREASURY_CLOSED', reason: '系统当前非工作状态' } as const;
  if (!session?.loggedIn || !session.connected || session.workDate === null) return closed;
  if (session.sysStat !== 0) {
    return session.stopNotice === null
      ? closed
      : { ...closed, reason: `系统当前非工作状态（${session.stopNotice}）` };
  }
  const cutMs = cutInstant(session);
  if (cutMs !== null && nowMs + session.hubOffsetMs >= cutMs - guardBeforeCutMs) {
    return { open: false, code: 'TREASURY_CUTOFF', reason: '临近税库银日切，暂停受理新的扣款' };
  }
  return { open: true, workDate: session.workDate };
}

/** Whether the announced 日切 should have been told long ago. */
function cutIsOverdue(session: SessionRecord, nowMs: number): boolean {
  const cutMs = cutInstant(session);
  return cutMs !== null && nowMs + session.hubOffsetMs >= cutMs + loginAfterCutMs;
}

function cutInstant(session: SessionRecord): number | null {
  if (session.cutTime === null || session.workDate === null) return null;
  return parseChannelTime(`${compact(session.workDate)}${session.cutTime}`);
}

const step = (name: string): Step => ({ name, chain: 'agency:treasury', subject: 'session' });
const quietStep = (name: string): Step => ({ ...step(name), quiet: true });

/** Makes the session's record at the first start; pins the peer's key at the first contact. */
export async function openSession(ports: TreasuryPorts): Promise<void> {
  await transactFirst(ports.transact, step('treasury.open'), async (store) => {
    const found = await store.of(sessions).get({ id: 'session' }, { lock: true });
    if (found) {
      // Our address may be another one by now: the first login binds it again.
      await store.of(sessions).update(found, { connected: false });
      return;
    }
    await store.of(sessions).insert({
      id: 'session',
      node: ports.node,
      workDate: null,
      sysStat: null,
      loggedIn: false,
      connected: false,
      cutTime: null,
      hubOffsetMs: 0,
      loggedInAt: null,
      contactAt: null,
      stopNotice: null,
      version: 1,
    });
  });
}

/**
 * Compares the peer's key document with the pinned key, pinning it at the first contact.
 * `different`: nothing may be sent until an operator changed the pin.
 */
async function checkPeerKey(ports: TreasuryPorts): Promise<'pinned' | 'different' | 'unreachable'> {
  const document = await ports.fetchPeerKey();
  const publicKey = document === null ? null : parseKeyDocument(document);
  if (publicKey === null) return 'unreachable';
  const known = await ports.read.of(keys).find({ owner: 'peer' });
  if (known.some((key) => key.publicKey === publicKey)) return 'pinned';
  const fingerprint = keyFingerprint(publicKey);
  if (known.length > 0) {
    ports.warn('the treasury shows another key than the pinned one', { fingerprint });
    return 'different';
  }
  await transactFirst(ports.transact, step('treasury.pin'), async (store) => {
    const pinned = await store.of(keys).find({ owner: 'peer' });
    if (pinned.length > 0) return;
    await store.of(keys).insert({
      publicKey,
      owner: 'peer',
      privateCipher: null,
      fingerprint,
      pinnedAt: store.at.iso,
    });
  });
  ports.warn('treasury key pinned at first contact: compare its fingerprint', { fingerprint });
  return 'pinned';
}

/** Logs in (9006) and takes over work date, state and hub time. False: no answer, or refused. */
export async function login(ports: TreasuryPorts): Promise<boolean> {
  if ((await checkPeerKey(ports)) !== 'pinned') {
    await setConnected(ports, false);
    return false;
  }
  const session = await readSession(ports);
  const ready = compose(ports, {
    msgNo: '9006',
    msgId: await newMessageId(ports, '9006'),
    workDate: session?.workDate ? compact(session.workDate) : null,
    body: { LoginApply: { ReplyTo: ports.replyTo } },
  });
  if (!ready.ok) throw new Error(`login cannot be written: ${ready.error.detail}`);
  const answer = await askAndKeep(ports, ready.value);
  if (answer?.msgNo !== '9007') {
    await setConnected(ports, false);
    return false;
  }
  return ports.transact(step('treasury.login'), (store) => applyLogin(store, answer));
}

async function applyLogin(store: Store, message: MessageOf<'9007'>): Promise<boolean> {
  const told = message.body.LoginReturn;
  await noteIncoming(store, message, 'session');
  const session = await store.of(sessions).get({ id: 'session' }, { lock: true });
  if (!session) return false;
  const loggedIn = told.Result === '90000';
  const hubMs = parseChannelTime(told.NowTime);
  const until = dashed(told.WorkDate);
  // 日切 may be learned here alone: its notice got lost, or we were away.
  if (session.workDate !== null && until > session.workDate) {
    await closeDays(store, { known: session.workDate, told: null, until });
  }
  await store.of(sessions).update(session, {
    loggedIn,
    connected: true,
    contactAt: store.at.iso,
    ...(loggedIn ? { loggedInAt: store.at.iso } : {}),
    workDate: dashed(told.WorkDate),
    sysStat: Number(told.SysStat),
    ...(told.CutTime === '' ? {} : { cutTime: told.CutTime }),
    ...(hubMs === null ? {} : { hubOffsetMs: hubMs - store.at.epochMs }),
  });
  store.tell('office', 'treasury', { workDate: dashed(told.WorkDate) });
  return loggedIn;
}

/** One step of keeping the session: a login while none stands, else a test of the connection (9005). */
export async function keepAlive(ports: TreasuryPorts): Promise<boolean> {
  const session = await readSession(ports);
  const due = session !== undefined && cutIsOverdue(session, ports.now().epochMs);
  if (!session?.loggedIn || !session.connected || due) return login(ports);
  const ready = compose(ports, {
    msgNo: '9005',
    msgId: await newMessageId(ports, '9005'),
    workDate: session.workDate === null ? null : compact(session.workDate),
    body: {},
  });
  if (!ready.ok) throw new Error(`9005 cannot be written: ${ready.error.detail}`);
  const answer = await askAndKeep(ports, ready.value);
  if (answer?.msgNo !== '9120') {
    await setConnected(ports, false);
    return false;
  }
  const hubMs = hubTimeOf(answer.body.CommonReturn.Information);
  await ports.transact(quietStep('treasury.contact'), async (store) => {
    const current = await store.of(sessions).get({ id: 'session' }, { lock: true });
    if (!current) return;
    await store.of(sessions).update(current, {
      connected: true,
      contactAt: store.at.iso,
      ...(hubMs === null ? {} : { hubOffsetMs: hubMs - store.at.epochMs }),
    });
  });
  // The hub is a day further than we know: only a login tells the date.
  const known = session.workDate === null ? '' : compact(session.workDate);
  return answer.head.workDate > known ? login(ports) : true;
}

async function askAndKeep(ports: TreasuryPorts, ready: Ready): Promise<Message | null> {
  await ports.transact(quietStep(`treasury.send${ready.msgNo}`), (store) =>
    noteOutgoing(store, ready, 'session'),
  );
  const asking = await ask(ports, ready);
  return asking.kind === 'answer' ? asking.message : null;
}

async function setConnected(ports: TreasuryPorts, connected: boolean): Promise<void> {
  const session = await readSession(ports);
  if (!session || session.connected === connected) return;
  await ports.transact(quietStep('treasury.contact'), async (store) => {
    const current = await store.of(sessions).get({ id: 'session' }, { lock: true });
    if (current) await store.of(sessions).update(current, { connected });
    store.tell('office', 'treasury', { connected });
  });
}

/** 9101: the work date moves (日切), business opens or stops. Older news than ours changes nothing. */
export async function applyStateNotice(store: Store, message: MessageOf<'9101'>): Promise<void> {
  const told = message.body.StateNotice;
  const session = await store.of(sessions).get({ id: 'session' }, { lock: true });
  if (!session) return;
  const workDate = dashed(told.WorkDate);
  const known = session.workDate ?? '';
  if (told.SysStat === '1') {
    if (workDate <= known) return;
    await store.of(sessions).update(session, { workDate });
    const told = dashed(message.head.workDate);
    await closeDays(store, { known: session.workDate, told, until: workDate });
  } else if (workDate >= known) {
    // The notice of 日切 itself may have been lost.
    if (workDate > known && session.workDate !== null) {
      await closeDays(store, { known: session.workDate, told: null, until: workDate });
    }
    const sysStat = Number(told.SysStat);
    await store.of(sessions).update(session, { workDate, sysStat });
  }
  store.tell('office', 'treasury', { workDate });
}

/** 9104 only announces; 9101 takes effect. */
export async function applyStopNotice(store: Store, message: MessageOf<'9104'>): Promise<void> {
  const told = message.body.StopNotice;
  const session = await store.of(sessions).get({ id: 'session' }, { lock: true });
  if (!session) return;
  const back = told.BackRunTime === '' ? '' : `至 ${minuteText(told.BackRunTime)}`;
  const reason = told.StopRunReason === '' ? '' : ` ${told.StopRunReason}`;
  const stopNotice =
    told.RunSign === '1' ? `停运 ${minuteText(told.StopRunTime)}${back}${reason}` : null;
  await store.of(sessions).update(session, { stopNotice });
  store.tell('office', 'treasury', { stopNotice: stopNotice ?? '' });
}

function minuteText(time: string): string {
  return `${dashed(time.slice(0, 8))} ${time.slice(8, 10)}:${time.slice(10, 12)}`;
}
