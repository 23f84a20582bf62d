import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import type { Command, Services } from './types.ts';

/** A request may be repeated this long and gets its first answer. */
const answersKeptDays = 90;
const everyMs = 3_600_000;

const forgetAnswers: Command<null, null> = {
  name: 'platform.forgetAnswers',
  housekeeping: true,
  chain: () => '',
  describe: () => ({ subject: '', detail: {} }),
  async run(tx, _input, { at }) {
    await sql`delete from idempotency
      where at < ${at.iso}::timestamptz - ${answersKeptDays} * interval '1 day'`.execute(tx.q);
    return ok(null);
  },
};

/** Clears away, every hour, what nobody will ask for any more. */
export function startUpkeep(services: Services): { stop(): Promise<void> } {
  const timer = setInterval(() => {
    services
      .execute(forgetAnswers, null, { actor: { kind: 'system', name: 'upkeep' } })
      .catch((error: Error) => services.log.warn({ error: error.message }, 'upkeep failed'));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}
