import { type AnswerOf, ApiError, type Call, callRoute, type Route, urlOf } from '@shebao/contract';
import { common } from '../messages/common.ts';

let csrfToken = '';
let onLeave: (reason: 'signedOut' | 'passwordChange') => void = () => undefined;

/** Keeps the session's token for the header of every change. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** What happens when the service says that nobody is signed in (any more). Set once by the shell. */
export function whenSessionEnds(leave: typeof onLeave): void {
  onLeave = leave;
}

const options = {
  baseUrl: '',
  fetch: (input: Parameters<typeof fetch>[0], init?: RequestInit) => fetch(input, init),
  headers: (): Record<string, string> => (csrfToken ? { 'x-shebao-csrf': csrfToken } : {}),
};

/** What callers pass besides params, query and body. */
export interface Sending {
  readonly idempotencyKey?: string;
  readonly file?: File;
}

/**
 * One call of the API. Throws ApiError; a lost connection is one as well (status 0, code NETWORK).
 * An ended session leads back to the start page, whoever called.
 */
export async function api<R extends Route>(
  route: R,
  call: Call<R> & Sending = {},
): Promise<AnswerOf<R>> {
  try {
    return await callRoute(options, route, call);
  } catch (error) {
    const refusal = asApiError(error);
    if (refusal.code === 'NOT_SIGNED_IN') onLeave('signedOut');
    if (refusal.code === 'PASSWORD_CHANGE_REQUIRED') onLeave('passwordChange');
    throw refusal;
  }
}

/** The address of a file that a route produces. */
export function fileUrl<R extends Route>(route: R, call: Call<R> = {}): string {
  return urlOf('', route, call);
}

/** Any failure as a refusal with a text and a next step. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const [detail, nextStep] = common.networkLost;
  return new ApiError(0, { code: 'NETWORK', detail, nextStep, cause: String(error) });
}
