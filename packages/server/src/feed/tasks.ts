import type { Agency } from '@shebao/contract';
import type { Services, TaskHandler } from '../platform/index.ts';
import { agencies } from '../registry/index.ts';
import { publish, receipt } from './commands.ts';
import { lastSeq, receiptedThrough } from './store.ts';

/** Brings the feeds up to a bill that stands differently. */
export const feedTasks: readonly TaskHandler[] = [
  {
    kind: 'feed.publish',
    async run(task) {
      const { billId } = task.payload as Record<string, string>;
      const done = await task.execute(publish, { declarationId: billId ?? '' }, { result: null });
      return done.ok ? undefined : done.error;
    },
  },
];

const demoEveryMs = 5_000;

/** In the demo world 人社 and 医保 are played: what has been in the feed for a moment is receipted. */
export function playAgencies(services: Services): { stop(): Promise<void> } {
  const seen = new Map<Agency, number>();
  const turn = async (): Promise<void> => {
    for (const agency of agencies) {
      const through = seen.get(agency) ?? 0;
      seen.set(agency, await lastSeq(services.db.q, agency));
      if (through <= (await receiptedThrough(services.db.q, agency))) continue;
      const input = { agency, by: '演示系统', through };
      await services.execute(receipt, input, { actor: { kind: 'system', name: 'demo agencies' } });
    }
  };
  const timer = setInterval(() => {
    turn().catch((error: Error) => services.log.warn({ error: error.message }, 'demo agencies'));
  }, demoEveryMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}
