import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnswerOf,
  ApiError,
  type Call,
  callRoute,
  canonicalJson,
  changePassword,
  getPayment,
  officeSignIn,
  type PaymentResult,
  pay,
  type Route,
  reauthenticate,
  signIn,
} from '@shebao/contract';

/** A signed-in program that speaks to the service like the client does. */
export interface ApiSession {
  call<R extends Route>(
    route: R,
    call?: Call<R> & { idempotencyKey?: string },
  ): Promise<AnswerOf<R>>;
}

interface Connection extends ApiSession {
  /** What the sign-in told: sent back with everything that changes something. */
  csrf: string;
}

/** A program with a cookie jar and the header against foreign requests. */
function connect(url: string): Connection {
  let cookie = '';
  const fetchWithCookie: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const set = response.headers.getSetCookie()[0];
    if (set) cookie = set.split(';')[0] ?? '';
    return response;
  };
  const options = {
    baseUrl: url,
    fetch: fetchWithCookie,
    headers: (): Record<string, string> => ({
      origin: url,
      ...(cookie ? { cookie } : {}),
      ...(connection.csrf ? { 'x-shebao-csrf': connection.csrf } : {}),
    }),
  };
  const connection: Connection = {
    csrf: '',
    call: (route, call) => callRoute(options, route, call),
  };
  return connection;
}

/** Signs in with the 申报密码 and keeps cookie and CSRF token. */
export async function openSession(
  url: string,
  taxpayerId: string,
  password: string,
  newPassword?: string,
): Promise<ApiSession> {
  const connection = connect(url);
  const session = await connection.call(signIn, { body: { taxpayerId, password } });
  connection.csrf = session.csrfToken;
  if (newPassword !== undefined) {
    const changed = await connection.call(changePassword, { body: { newPassword } });
    connection.csrf = changed.csrfToken;
  }
  return connection;
}

/** Signs an officer in at the authority's side. */
export async function openOffice(
  url: string,
  officer: { readonly user: string; readonly password: string },
): Promise<ApiSession> {
  const connection = connect(url);
  const session = await connection.call(officeSignIn, {
    body: { userName: officer.user, password: officer.password },
  });
  connection.csrf = session.csrfToken;
  return connection;
}

/** Somebody signed in who knows his password. */
export interface Person {
  readonly session: ApiSession;
  readonly password: string;
}

/** A token of 安全认证 for one act, bound to all of it. */
export async function prove(person: Person, operation: string, body: object): Promise<string> {
  const operationHash = createHash('sha256').update(canonicalJson(body)).digest('hex');
  const proof = { password: person.password, operation, operationHash };
  return (await person.session.call(reauthenticate, { body: proof })).token;
}

/** Asks again until `done` says so; the service may be away meanwhile. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  done: (value: T) => boolean,
  forMs = 60_000,
): Promise<T> {
  const end = performance.now() + forMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const value = await ask();
      if (done(value)) return value;
      last = value;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) throw error;
      last = error;
    }
    await sleep(100);
  }
  throw new Error(
    `${what} did not come about: ${String(last)} ${JSON.stringify(last)?.slice(0, 500)}`,
  );
}

/** 确认缴费 of one bill with re-authentication, under a client-made id. */
export async function payBill(
  session: ApiSession,
  password: string,
  bill: { readonly id: string; readonly version: number; readonly total: string },
  agreementId: string,
  id: string = randomUUID(),
  idempotencyKey: string = id,
): Promise<PaymentResult> {
  const body = { id, bills: [bill], agreementId, total: bill.total };
  const reauthentication = await prove({ session, password }, 'pay', body);
  await session.call(pay, { body: { ...body, reauthentication }, idempotencyKey });
  return eventually(
    'the outcome of the payment',
    () => session.call(getPayment, { params: { id } }),
    (payment) => payment.state !== 'processing',
  );
}
