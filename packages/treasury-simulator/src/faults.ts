import type { Hub } from './hub.ts';
import { eight, nextNumber } from './hub.ts';
import type { Fault, FaultKind } from './model.ts';

/** Sets a switch and returns its id. */
export function setFault(
  hub: Hub,
  wish: Pick<Fault, 'msgNo' | 'kind'> & Partial<Omit<Fault, 'id' | 'count'>>,
): string {
  const id = eight(nextNumber(hub));
  const defaults = { times: 'once', seed: 1, perMille: 500, ms: 3_000, code: '94999' } as const;
  hub.store.put('fault', id, { ...defaults, ...wish, id, count: 0 });
  return id;
}

/** Finds the first switch that applies to a message now, and counts its use. */
export function takeFault(hub: Hub, msgNo: string, kinds: readonly FaultKind[]): Fault | null {
  for (const fault of hub.store.all('fault')) {
    const applies = (fault.msgNo === msgNo || fault.msgNo === '*') && kinds.includes(fault.kind);
    if (!applies) continue;
    if (fault.times === 'once') {
      hub.store.remove('fault', fault.id);
      return fault;
    }
    hub.store.put('fault', fault.id, { ...fault, count: fault.count + 1 });
    const hit = fault.times === 'always' || drawn(fault.seed, fault.count) < fault.perMille;
    if (hit) return fault;
  }
  return hub.ports.faults?.(msgNo, kinds) ?? null;
}

/** A number from 0 to 999 that depends only on seed and count (mulberry32). */
function drawn(seed: number, count: number): number {
  let mixed = (seed + Math.imul(count + 1, 0x6d2b79f5)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % 1000;
}

/** The bytes with one of them changed inside the signed part: the signature no longer holds. */
export function corrupted(bytes: Uint8Array): Buffer {
  const other = Buffer.from(bytes);
  const at = other.indexOf('</MsgID>') - 1;
  other[at] = other[at] === 0x30 ? 0x31 : 0x30;
  return other;
}
