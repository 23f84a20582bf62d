import { corrupted, takeFault } from './faults.ts';
import { eight, type Hub, hubNow, nextNumber, pack64, record, stateOf, unpack64 } from './hub.ts';
import type { Push } from './model.ts';

const GIVE_UP_MS = 24 * 3_600_000;
const LONGEST_WAIT_MS = 60_000;
const MAX_REFUSALS = 5;

/** What is to be sent now. The same bytes go out again until the other side has them. */
export interface DuePush {
  readonly id: string;
  readonly msgNo: string;
  readonly url: string;
  readonly bytes: Buffer;
}

/** Puts a message on its way to the initiator, `afterMs` from now. Faults of its number apply. */
export function push(hub: Hub, msgNo: string, bytes: Uint8Array, msgId: string, afterMs = 0): void {
  record(hub, { direction: 'out', msgNo, msgId, note: '', bytes: pack64(bytes) });
  const fault = takeFault(hub, msgNo, [
    'dropAnswer',
    'delay',
    'late',
    'double',
    'reorder',
    'corrupt',
  ]);
  if (fault?.kind === 'dropAnswer') return;
  const held = fault && ['delay', 'late', 'reorder'].includes(fault.kind) ? fault.ms : 0;
  enqueue(hub, msgNo, bytes, afterMs + held, fault?.kind === 'corrupt');
  if (fault?.kind === 'double') enqueue(hub, msgNo, bytes, afterMs, false);
}

/** Puts bytes on their way without asking for faults. */
export function enqueue(
  hub: Hub,
  msgNo: string,
  bytes: Uint8Array,
  afterMs: number,
  corrupt: boolean,
): void {
  const id = eight(nextNumber(hub));
  const now = hubNow(hub);
  hub.store.put('push', id, {
    id,
    msgNo,
    bytes: pack64(bytes),
    dueAtMs: now + afterMs,
    since: now,
    tries: 0,
    refusals: 0,
    corrupt,
  });
}

/** What is due, oldest first; nothing before the first login. */
export function duePushes(hub: Hub): readonly DuePush[] {
  const { replyTo } = stateOf(hub);
  if (replyTo === null) return [];
  const now = hubNow(hub);
  return hub.store
    .all('push')
    .filter((waiting) => waiting.dueAtMs <= now)
    .map((waiting) => ({
      id: waiting.id,
      msgNo: waiting.msgNo,
      url: `${replyTo}/treasury/inbox`,
      bytes: waiting.corrupt ? corrupted(unpack64(waiting.bytes)) : unpack64(waiting.bytes),
    }));
}

/** Hub time of the next push, in milliseconds; null when none waits. */
export function nextPushAt(hub: Hub): number | null {
  if (stateOf(hub).replyTo === null || hub.store.size('push') === 0) return null;
  return Math.min(...hub.store.all('push').map((waiting) => waiting.dueAtMs));
}

/** Notes that a push arrived. */
export function pushDelivered(hub: Hub, id: string): void {
  hub.store.remove('push', id);
}

/** Notes that nothing is known of a push: it goes out again after 1, 2, 4 … at most 60 s, for 24 h. */
export function pushFailed(hub: Hub, id: string): void {
  const waiting = hub.store.get('push', id);
  if (!waiting) return;
  const waitMs = Math.min(1_000 * 2 ** Math.min(waiting.tries, 10), LONGEST_WAIT_MS);
  retry(hub, { ...waiting, tries: waiting.tries + 1 }, waitMs);
}

/** Notes that the receiver could not read or verify a push: at most five more attempts. */
export function pushRefused(hub: Hub, id: string): void {
  const waiting = hub.store.get('push', id);
  if (!waiting) return;
  if (waiting.refusals >= MAX_REFUSALS) return hub.store.remove('push', id);
  retry(hub, { ...waiting, refusals: waiting.refusals + 1 }, 1_000 * 2 ** waiting.refusals);
}

function retry(hub: Hub, waiting: Push, waitMs: number): void {
  const now = hubNow(hub);
  if (now - waiting.since > GIVE_UP_MS) return hub.store.remove('push', waiting.id);
  hub.store.put('push', waiting.id, { ...waiting, corrupt: false, dueAtMs: now + waitMs });
}
