import type { TreasuryPorts } from './ports.ts';
import type { Running } from './running.ts';
import { keepAlive, openSession } from './session.ts';

/** How often the session is looked after, in milliseconds. */
export interface SessionTimes {
  readonly firstTryMs: number;
  /** While not connected, after growing pauses at first. */
  readonly againMs: number;
  readonly keepAliveMs: number;
}

const usualSessionTimes: SessionTimes = {
  firstTryMs: 250,
  againMs: 60_000,
  keepAliveMs: 300_000,
};

/** Logs in as soon as the peer can be reached, and keeps the connection tested from then on. */
export async function startSession(
  ports: TreasuryPorts,
  times: SessionTimes = usualSessionTimes,
): Promise<Running> {
  await openSession(ports);
  let stopped = false;
  let pause = times.firstTryMs;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = async (): Promise<void> => {
    try {
      const connected = await keepAlive(ports);
      pause = connected ? times.keepAliveMs : Math.min(times.againMs, nextPause(pause, times));
    } catch (error) {
      ports.warn('treasury session failed', { error: (error as Error).message });
      pause = Math.min(times.againMs, nextPause(pause, times));
    }
    schedule();
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = turn();
    }, pause);
    timer.unref();
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function nextPause(pause: number, times: SessionTimes): number {
  return pause >= times.keepAliveMs ? times.firstTryMs : pause * 2;
}
