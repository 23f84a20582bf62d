import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';
import type { DomainEvent } from './types.ts';

const channel = 'shebao';
/** NOTIFY carries less than 8000 bytes. */
const longestPayload = 7_600;
const gatherMs = 15;
const reconnectMs = 1_000;

type Listener = (event: DomainEvent) => void;

/** Tells this process at once, and the other processes through the database, what has happened. */
export interface EventBus {
  /** After commit. Events are hints: a browser that missed one reads the state again. */
  publish(events: readonly DomainEvent[]): void;
  /** After commit of a task: workers look at the queue. */
  wake(): void;
  subscribe(audience: string, listener: Listener): () => void;
  onWake(listener: () => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Notifications are gathered and sent outside the business transactions: a NOTIFY inside one makes
 * every commit of the server wait for the other.
 */
export function createEventBus(connectionString: string, log: Logger): EventBus {
  const local = localBus();
  const origin = randomUUID();
  let outbox: DomainEvent[] = [];
  let wakePending = false;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let stopped = false;

  const flush = (): void => {
    timer = undefined;
    const payloads = packets(origin, outbox, wakePending);
    outbox = [];
    wakePending = false;
    client
      ?.query('select pg_notify($1, payload) from unnest($2::text[]) payload', [channel, payloads])
      .catch((error: Error) => log.warn({ error: error.message }, 'notification not sent'));
  };
  const schedule = (): void => {
    timer ??= setTimeout(flush, gatherMs).unref();
  };
  const receive = (text: string): void => {
    const packet = JSON.parse(text) as Packet;
    if (packet.origin === origin) return;
    for (const event of packet.events) local.emit(event);
    if (packet.wake) local.emitWake();
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString, keepAlive: true, application_name: 'events' });
    next.on('notification', (message) => receive(message.payload ?? ''));
    // A server that goes down tells it twice: once in words, once by closing.
    next.on('error', (error) => log.warn({ error: error.message }, 'event connection lost'));
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      next.end().catch(() => undefined);
      throw error;
    }
    // Only now: a try that failed is made again by whoever made it, not by its end as well.
    next.once('end', () => {
      client = undefined;
      if (!stopped) setTimeout(reconnect, reconnectMs).unref();
    });
    client = next;
    // Something may have happened while nobody listened.
    local.emitWake();
  };
  const reconnect = (): void => {
    if (stopped) return;
    connect().catch(() => setTimeout(reconnect, reconnectMs).unref());
  };
  return {
    publish(events) {
      for (const event of events) local.emit(event);
      outbox.push(...events);
      if (events.length > 0) schedule();
    },
    wake() {
      local.emitWake();
      wakePending = true;
      schedule();
    },
    subscribe: local.subscribe,
    onWake: local.onWake,
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}

interface Packet {
  readonly origin: string;
  readonly events: readonly DomainEvent[];
  readonly wake: boolean;
}

function packets(origin: string, events: readonly DomainEvent[], wake: boolean): string[] {
  const texts: string[] = [];
  let part: DomainEvent[] = [];
  let size = 0;
  const close = (): void => {
    texts.push(JSON.stringify({ origin, events: part, wake: wake && texts.length === 0 }));
    part = [];
    size = 0;
  };
  for (const event of events) {
    const length = Buffer.byteLength(JSON.stringify(event));
    if (length > longestPayload - 200) throw new Error(`event too large: ${event.type}`);
    if (size + length > longestPayload - 200) close();
    part.push(event);
    size += length + 1;
  }
  if (part.length > 0 || (wake && texts.length === 0)) close();
  return texts;
}

interface LocalBus {
  emit(event: DomainEvent): void;
  emitWake(): void;
  subscribe: EventBus['subscribe'];
  onWake: EventBus['onWake'];
}

function localBus(): LocalBus {
  const listeners = new Map<string, Set<Listener>>();
  const wakers = new Set<() => void>();
  return {
    emit(event) {
      for (const listener of listeners.get(event.audience) ?? []) listener(event);
    },
    emitWake() {
      for (const waker of wakers) waker();
    },
    subscribe(audience, listener) {
      const set = listeners.get(audience) ?? new Set<Listener>();
      listeners.set(audience, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(audience);
      };
    },
    onWake(listener) {
      wakers.add(listener);
      return () => wakers.delete(listener);
    },
  };
}
