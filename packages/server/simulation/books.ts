import { type MemoryPorts, type MemoryStore, memoryStore } from '../src/treasury/index.ts';
import { nothingLeft } from './clock.ts';

/** The database of a history: the port that the payment path writes and reads through. */
export interface Books extends Pick<MemoryStore, 'transact' | 'read'> {
  /** Ends when nothing that was asked of it is under way, nor anything that followed at once. */
  readonly settled: () => Promise<void>;
}

export type OpenBooks = (ports: MemoryPorts) => Books;

/** Books in memory: exact replay from a seed, thousands of histories a minute. */
export const openMemory: OpenBooks = (ports) => ({ ...memoryStore(ports), settled: nothingLeft });
