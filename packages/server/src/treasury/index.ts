export { adoptDemoTreasury, readDemoTreasury, setAuthority } from './authority.ts';
export { closedDays, listDueAfterMs } from './closed-days.ts';
export { compact, dashed } from './dates.ts';
export { treasuryEndpoints } from './endpoints.ts';
export { ownSigner } from './keys.ts';
export { type MemoryPorts, type MemoryStore, memoryStore } from './memory-store.ts';
export { createNumbers, eightDigits, taxVoucherNo } from './numbers.ts';
export {
  type Asking,
  ask,
  compose,
  newMessageId,
  noteIncoming,
  noteOutgoing,
  type Ready,
  readSession,
  type TreasuryPorts,
} from './ports.ts';
export { postgresStore, readerIn, readerOn } from './postgres-store.ts';
export { type Handler, type Handlers, type Reply, receive } from './receiver.ts';
export * from './records.ts';
export type { Running } from './running.ts';
export { type SessionTimes, startSession } from './runtime.ts';
export {
  keepAlive,
  login,
  openSession,
  type TreasuryDay,
  treasuryDay,
} from './session.ts';
export * from './tables.ts';
export { chainOf, transactThrough } from './transact.ts';
