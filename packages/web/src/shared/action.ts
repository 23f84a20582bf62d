import { type AnswerOf, ApiError, type Call, canonicalJson, type Route } from '@shebao/contract';
import { useCallback, useRef, useState } from 'react';
import { api } from './client.ts';
import { isRecord, newId, readStored, writeStored } from './stored.ts';

type BodyOf<R extends Route> = NonNullable<Call<R>['body']>;

/** A call that changes something. `body` may be made from the id that is stored before sending. */
export interface ActionCall<R extends Route> {
  readonly params?: Call<R>['params'];
  readonly query?: Call<R>['query'];
  readonly body?: BodyOf<R> | ((id: string) => BodyOf<R>);
  readonly file?: File;
}

const memory = 'sending';
const keepMs = 24 * 3600 * 1000;
type Sent = Record<string, { readonly id: string; readonly at: number }>;

/** A short name for what is sent, so that the same content finds the same key again. */
function contentName(route: Route, call: object): string {
  const text = `${route.name}${canonicalJson(call)}`;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  return `${route.name}:${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}:${text.length}`;
}

function storedKey(name: string): string {
  const now = Date.now();
  const all = readStored<Sent>(memory, {}, isRecord);
  const live = Object.fromEntries(Object.entries(all).filter(([, sent]) => now - sent.at < keepMs));
  const known = live[name];
  if (known) return known.id;
  const id = newId();
  writeStored(memory, { ...live, [name]: { id, at: now } });
  return id;
}

function forgetKey(name: string): void {
  const { [name]: _, ...others } = readStored<Sent>(memory, {}, isRecord);
  writeStored(memory, others);
}

const isUnknownOutcome = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500);
const wait = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));

/**
 * Sends a change with a key that was stored before: when the answer is lost, sending the same content
 * again (by hand, or after a restart) uses the same key, so that nothing happens twice.
 */
export async function send<R extends Route>(route: R, call: ActionCall<R>): Promise<AnswerOf<R>> {
  const { file, ...content } = call;
  const bodyOf = (id: string): unknown =>
    typeof content.body === 'function'
      ? (content.body as (id: string) => unknown)(id)
      : content.body;
  const fileName = file ? `${file.name}:${file.size}:${file.lastModified}` : undefined;
  const name = contentName(route, { ...content, body: bodyOf(''), file: fileName });
  // What isn't repeated safely (passwords among it) leaves no trace.
  const key = route.idempotent ? storedKey(name) : newId();
  const sent = bodyOf(key);
  const whole = {
    ...(content.params === undefined ? {} : { params: content.params }),
    ...(content.query === undefined ? {} : { query: content.query }),
    ...(sent === undefined ? {} : { body: sent }),
    ...(file ? { file } : {}),
    ...(route.idempotent ? { idempotencyKey: key } : {}),
  } as unknown as Call<R>;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await api(route, whole);
      forgetKey(name);
      return answer;
    } catch (error) {
      const inProgress = error instanceof ApiError && error.code === 'IDEMPOTENCY_IN_PROGRESS';
      const lost = isUnknownOutcome(error) && route.idempotent === true;
      if ((inProgress && attempt < 30) || (lost && attempt < 2)) {
        await wait(1000);
        continue;
      }
      if (!inProgress && !isUnknownOutcome(error)) forgetKey(name);
      throw error;
    }
  }
}

/** `send` for a component: `running` while under way; a second press meanwhile gets the first one's answer. */
export function useAction<R extends Route>(
  route: R,
): { readonly run: (call: ActionCall<R>) => Promise<AnswerOf<R>>; readonly running: boolean } {
  const [running, setRunning] = useState(false);
  const current = useRef<Promise<AnswerOf<R>> | null>(null);
  const run = useCallback(
    (call: ActionCall<R>) => {
      if (current.current) return current.current;
      setRunning(true);
      const work = send(route, call).finally(() => {
        current.current = null;
        setRunning(false);
      });
      current.current = work;
      return work;
    },
    [route],
  );
  return { run, running };
}
