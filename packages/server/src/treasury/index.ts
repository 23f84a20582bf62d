export { adoptDemoTreasury, readDemoTreasury, setAuthority } from './authority.ts';
export { compact, type Day8, dashed } from './dates.ts';
export { treasuryEndpoints } from './endpoints.ts';
export { ownSigner } from './keys.ts';
export { type MemoryStore, memoryStore } from './memory-store.ts';
export { createNumbers, eightDigits, type Numbers, taxVoucherNo } from './numbers.ts';
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
export { postgresStore, recordsIn } from './postgres-store.ts';
export { type Answer, type Handler, type Handlers, type Reply, receive } from './receiver.ts';
export * from './records.ts';
export type { Running } from './running.ts';
export { type SessionTimes, startSession, usualSessionTimes } from './runtime.ts';
export {
  checkPeerKey,
  keepAlive,
  login,
  openSession,
  type TreasuryDay,
  treasuryDay,
} from './session.ts';
export * from './tables.ts';
export { type RunCommand, transactThrough } from './transact.ts';
