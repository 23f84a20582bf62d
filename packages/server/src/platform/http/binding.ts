import type { Readable } from 'node:stream';
import type { AnswerOf, EmployerFunction, OfficeRole, Route } from '@shebao/contract';
import type { Result } from '@shebao/kernel';
import type * as z from 'zod';
import type { Actor, Command, Refusal, Services } from '../types.ts';

/** Who makes a request, and what he may do. */
export interface Caller {
  readonly actor: Actor;
  readonly realm: 'employer' | 'office' | 'public';
  /** Empty for a caller who is not signed in. */
  readonly userId: string;
  readonly userName: string;
  /** 纳税人识别号 of an employer's user. */
  readonly taxpayerId: string | null;
  /** What an employer's user may do, by 单位编号. */
  readonly grants: ReadonlyMap<string, readonly EmployerFunction[]>;
  readonly roles: readonly OfficeRole[];
  /** Set for browser sessions; requests of programs have none. */
  readonly sessionId: string | null;
  readonly csrfToken: string | null;
  readonly mustChangePassword: boolean;
}

/** A whole uploaded file, within the route's limit. */
export interface Upload {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A file as answer; it is sent as an attachment and may be streamed. */
export interface FileAnswer {
  readonly file: {
    readonly name: string;
    readonly mediaType: string;
    readonly body: Readable | Uint8Array;
    /** Shown in the page instead of saved. */
    readonly inline?: boolean;
  };
}

type ParamsOf<R> = R extends Route<infer P> ? z.output<P> : never;
type QueryOf<R> = R extends Route<z.ZodType, infer Q> ? z.output<Q> : never;
type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B> ? z.output<B> : never;

/** One request, checked against its route: input is valid, the caller has the permission. */
export interface RouteCall<R extends Route> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  readonly upload: Upload | undefined;
  readonly caller: Caller;
  readonly services: Services;
  readonly idempotencyKey: string | undefined;
  /** Where the request came from, for lock-outs and the audit log. */
  readonly source: string;
  /** The 单位编号 for which the caller has the route's function (for lists over all units). */
  readonly unitNos: readonly string[];
  /** Whether the caller may do this for that unit. */
  may(does: EmployerFunction, unitNo: string): boolean;
  /** services.execute() as this caller, under the request's Idempotency-Key. */
  execute<I, O>(command: Command<I, O>, input: I): Promise<Result<O, Refusal>>;
  /** Sets or ends the browser's session. */
  setSession(token: string | null): void;
}

export type Handler<R extends Route> = (
  call: RouteCall<R>,
) => Promise<Result<AnswerOf<R> | FileAnswer | undefined, Refusal>>;

/** A route with the code that answers it. */
export interface BoundRoute {
  readonly route: Route;
  readonly handler: Handler<Route>;
}

/** Ties a handler to a route of the contract. `index.ts` of each capability exports a list of these. */
export function handle<R extends Route>(route: R, handler: Handler<R>): BoundRoute {
  return { route, handler: handler as unknown as Handler<Route> };
}
