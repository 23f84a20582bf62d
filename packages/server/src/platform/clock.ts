import type { Pool } from 'pg';
import type { Clock, Moment } from './types.ts';

const zoneOffsetMs = 8 * 3_600_000;
/** A demo clock is recorded this far ahead, so that a killed service doesn't go back. */
const recordAheadMs = 8_000;
const recordEveryMs = 4_000;

/** The business moment of an instant. Asia/Shanghai has had no summer time since 1991. */
export function momentAt(epochMs: number): Moment {
  const local = new Date(epochMs + zoneOffsetMs).toISOString().slice(0, 23);
  return { iso: `${local}+08:00`, date: local.slice(0, 10), epochMs };
}

/** A clock that never shows an earlier time than it showed before. */
export function systemClock(startMs?: number): Clock {
  const begun = performance.now();
  let latest = 0;
  return {
    now() {
      const reading =
        startMs === undefined ? Date.now() : Math.trunc(startMs + performance.now() - begun);
      latest = Math.max(latest, reading);
      return momentAt(latest);
    },
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
  };
}

export interface RunningClock {
  readonly clock: Clock;
  stop(): Promise<void>;
}

/** The clock of a demo world: from `start`, or the last recorded time when that is later. */
export async function demoClock(pool: Pool, start: string | undefined): Promise<RunningClock> {
  const { rows } = await pool.query<{ latest: string }>('select latest from business_clock');
  const recorded = rows[0] ? Date.parse(rows[0].latest) : Number.NEGATIVE_INFINITY;
  if (start === undefined && !Number.isFinite(recorded)) {
    return { clock: systemClock(), stop: async () => undefined };
  }
  const from = start === undefined ? Date.now() : Date.parse(start);
  const clock = systemClock(Math.max(from, recorded));
  const record = async (aheadMs: number): Promise<void> => {
    const latest = momentAt(clock.now().epochMs + aheadMs).iso;
    await pool.query(
      `insert into business_clock (latest) values ($1)
       on conflict (only_row) do update set latest = $1`,
      [latest],
    );
  };
  await record(recordAheadMs);
  const timer = setInterval(() => {
    // A database that is away for a moment is no reason to stop the clock.
    record(recordAheadMs).catch(() => undefined);
  }, recordEveryMs);
  timer.unref();
  return {
    clock,
    async stop() {
      clearInterval(timer);
      await record(0).catch(() => undefined);
    },
  };
}
