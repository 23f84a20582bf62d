export * from './records.ts';
export { memoryStore, type MemoryStore } from './memory-store.ts';
export { postgresStore, recordsIn } from './postgres-store.ts';
export * from './tables.ts';
export { type RunCommand, transactThrough } from './transact.ts';
