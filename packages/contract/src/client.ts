import type { AnswerOf, Call, Route } from './route.ts';

/** A refusal of the API as the client sees it (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly nextStep: string;
  readonly errors: readonly { path: string; code: string; detail: string }[];
  readonly data: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(typeof problem['detail'] === 'string' ? problem['detail'] : '服务未能处理该请求');
    this.status = status;
    this.code = typeof problem['code'] === 'string' ? problem['code'] : 'INTERNAL';
    this.nextStep = typeof problem['nextStep'] === 'string' ? problem['nextStep'] : '';
    this.errors = Array.isArray(problem['errors']) ? (problem['errors'] as ApiError['errors']) : [];
    this.data = problem;
  }
}

export interface ClientOptions {
  /** Origin of the service, without a trailing slash; empty in the browser. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** Headers of the moment: bearer token, or the CSRF header of a browser session. */
  headers(): Record<string, string>;
}

/** The address of a route with its path parameters and query filled in. */
export function urlOf<R extends Route>(baseUrl: string, route: R, call: Call<R>): string {
  const params = (call.params ?? {}) as Record<string, string>;
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(
    (call.query ?? {}) as Record<string, string | number | undefined>,
  )) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.size > 0 ? `?${query}` : '';
  return `${baseUrl}/api/v1${path}${search}`;
}

/** Calls one route and gives its answer, typed; throws ApiError on a refusal. */
export async function callRoute<R extends Route>(
  options: ClientOptions,
  route: R,
  call: Call<R> & {
    readonly idempotencyKey?: string;
    readonly file?: Blob & { name?: string };
  } = {},
): Promise<AnswerOf<R>> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers() };
  if (call.idempotencyKey) headers['idempotency-key'] = call.idempotencyKey;
  let body: FormData | string | undefined;
  if (call.file) {
    body = new FormData();
    body.append('file', call.file, call.file.name ?? 'file');
  } else if (call.body !== undefined) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(call.body);
  }
  const init: RequestInit = { method: route.method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = body;
  const response = await options.fetch(urlOf(options.baseUrl, route, call), init);
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    throw new ApiError(response.status, problem);
  }
  return (response.status === 204 ? undefined : await response.json()) as AnswerOf<R>;
}
