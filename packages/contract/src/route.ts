import type * as z from 'zod';
import type { EmployerFunction, OfficeRole } from './common.ts';

/** Who may call a route. `unit` routes also check the right for the unit named in the path. */
export type Permission =
  /** Anybody, without signing in. */
  | { readonly who: 'public' }
  /** Signed in on either side, even while the initial password must still be changed. */
  | { readonly who: 'session' }
  /** A user of an employer with this function (for the unit in the path, else for at least one unit). */
  | { readonly who: 'employer'; readonly does: EmployerFunction }
  /** An officer with one of these roles. */
  | { readonly who: 'office'; readonly roles: readonly OfficeRole[] };

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One operation of the API: the single source of its checks, its document and its typed client. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly name: string;
  readonly method: Method;
  /** Below /api/v1, with `:name` for path parameters. */
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Absent: 204 without a body, or a file (see `produces`). */
  readonly answer?: Answer;
  /** 202 for accepted long work; 200 (or 204) otherwise. */
  readonly status?: 200 | 202 | 204;
  /** A file instead of JSON: its media types. */
  readonly produces?: readonly string[];
  /** A multipart upload with one field `file` instead of a JSON body. */
  readonly upload?: { readonly maxBytes: number };
  /** Takes Idempotency-Key (every POST that changes something). */
  readonly idempotent?: boolean;
}

/** Declares a route, keeping the exact types of its schemas for the client and the server. */
export function route<
  Params extends z.ZodType = z.ZodNever,
  Query extends z.ZodType = z.ZodNever,
  Body extends z.ZodType = z.ZodNever,
  Answer extends z.ZodType = z.ZodNever,
>(definition: Route<Params, Query, Body, Answer>): Route<Params, Query, Body, Answer> {
  return definition;
}

/** What a caller passes: path parameters, query and body, as the schemas take them. */
export interface Call<R extends Route> {
  readonly params?: R extends Route<infer P> ? z.input<P> : never;
  readonly query?: R extends Route<z.ZodType, infer Q> ? z.input<Q> : never;
  readonly body?: R extends Route<z.ZodType, z.ZodType, infer B> ? z.input<B> : never;
}

/** What a route answers. */
export type AnswerOf<R extends Route> =
  R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A> ? z.output<A> : never;
