import { ok } from '@shebao/kernel';
import type { Command } from '../src/platform/index.ts';
import type { TestWorld } from '../src/platform/testing.ts';
import {
  chainOf,
  type Later,
  postgresStore,
  type Reader,
  readerOn,
  type Transact,
} from '../src/treasury/index.ts';
import type { OpenBooks } from './books.ts';
import { nothingLeft } from './clock.ts';

/**
 * Books in PostgreSQL, through execute() as the service writes them; every step runs twice, the first
 * time rolled back. Virtual time stands still while the database works.
 */
export function openPostgres(world: TestWorld): OpenBooks {
  return (ports) => {
    const deduped = new Set<string>();
    let underWay = 0;
    const counted = async <T>(work: Promise<T>): Promise<T> => {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
      }
    };
    const settled = async (): Promise<void> => {
      // What follows from an answer of the database may ask it again: quiet twice is quiet.
      for (let quiet = 0; quiet < 2; quiet = underWay === 0 ? quiet + 1 : 0) await nothingLeft();
    };
    const transact: Transact = async (step, work) => {
      let tasks: Later[] = [];
      const command: Command<null, Awaited<ReturnType<typeof work>>> = {
        name: step.name,
        ...(step.quiet ? { housekeeping: true } : {}),
        chain: () => chainOf(step),
        describe: () => ({ subject: step.subject, detail: {} }),
        async run(tx) {
          tasks = [];
          const later = async (task: Later): Promise<string> => {
            tasks.push(task);
            return `${task.kind} ${task.dedupeKey ?? tasks.length}`;
          };
          const real = postgresStore(tx, ports.now(), world.services.crypto);
          const plain = {
            seal: (text: string) => Buffer.from(text, 'utf8'),
            open: (cipher: Uint8Array) => Buffer.from(cipher).toString('utf8'),
            searchHash: (text: string) => Buffer.from(text, 'utf8'),
          };
          return ok(await work({ ...real, ...plain, later }));
        },
      };
      const actor = { kind: 'system', name: 'simulation' } as const;
      const done = await counted(world.execute(command, null, { actor }));
      if (!done.ok) throw new Error(`${step.name} was refused: ${done.error.code}`);
      for (const task of tasks) {
        const key = task.dedupeKey && `${task.kind} ${task.dedupeKey}`;
        if (key && deduped.has(key)) continue;
        if (key) deduped.add(key);
        ports.later(task);
      }
      return done.value;
    };
    const committed = readerOn(world.services.db.lookUp);
    const read: Reader = {
      of: (table) => {
        const records = committed.of(table);
        return {
          find: (where, options) => counted(records.find(where as never, options as never)),
          get: (where, options) => counted(records.get(where as never, options as never)),
        } as ReturnType<Reader['of']> as never;
      },
    };
    return { transact, read, settled };
  };
}
