import '@fastify/multipart';
import { timingSafeEqual } from 'node:crypto';
import type { EmployerFunction, Permission, Route } from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actorName } from '../audit-chain.ts';
import type { Refusal, Services } from '../types.ts';
import type { BoundRoute, Caller, FileAnswer, RouteCall, Upload } from './binding.ts';
import { recordExport } from './export-record.ts';
import { inputRefusal, problemOf } from './problem.ts';

/** Finds out who makes a request: a browser session, a program's token, or nobody known. */
export interface Authenticator {
  (request: FastifyRequest): Promise<Result<Caller, Refusal>>;
}

export interface SessionCookies {
  set(reply: FastifyReply, token: string | null): void;
}

export interface DispatchPorts {
  readonly services: Services;
  readonly authenticate: Authenticator;
  readonly cookies: SessionCookies;
}

/** Everything a request passes before and after its handler, in one place for all routes. */
export async function dispatch(
  ports: DispatchPorts,
  { route, handler }: BoundRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const refuse = (refusal: Refusal): unknown => sendRefusal(reply, refusal);
  const keepOut = (refusal: Refusal): unknown => {
    const actor = actorName(authenticated.ok ? authenticated.value.actor : nobody.actor);
    ports.services.log.warn({ code: refusal.code, route: route.name, actor }, 'kept out');
    return refuse(refusal);
  };
  const authenticated = await ports.authenticate(request);
  if (!authenticated.ok && route.permission.who !== 'public') return refuse(authenticated.error);
  const caller = authenticated.ok ? authenticated.value : nobody;
  if (isForged(ports, route, request, caller)) return keepOut({ code: 'CSRF_REFUSED' });
  const permitted = checkPermission(route.permission, caller);
  if (permitted) return keepOut(permitted);
  const key = readKey(route, request);
  if (!key.ok) return refuse(key.error);
  const input = await readInput(route, request);
  if (!input.ok) return refuse(input.error);
  const unit = checkUnits(route.permission, caller, input.value);
  if (unit) return keepOut(unit);
  const call = makeCall(ports, route, request, reply, caller, key.value, input.value);
  const outcome = await handler(call);
  if (!outcome.ok) return refuse(outcome.error);
  if (isFile(outcome.value)) await recordExport(call, route, outcome.value);
  return sendAnswer(route, reply, outcome.value);
}

/** A caller who is not signed in. */
export const nobody: Caller = {
  actor: { kind: 'system', name: 'public' },
  realm: 'public',
  userId: '',
  userName: '',
  taxpayerId: null,
  grants: new Map(),
  roles: [],
  sessionId: null,
  csrfToken: null,
  mustChangePassword: false,
};

/** A change must come from our own pages: by Origin, and for sessions by the token in a header. */
function isForged(
  ports: DispatchPorts,
  route: Route,
  request: FastifyRequest,
  caller: Caller,
): boolean {
  if (route.method === 'GET') return false;
  const { origin, host } = request.headers;
  if (origin !== undefined) {
    const own = new URL(ports.services.config.publicUrl).origin;
    if (origin !== own && origin.replace(/^https?:\/\//, '') !== host) return true;
  }
  if (route.permission.who === 'public' || caller.sessionId === null) return false;
  const given = request.headers['x-shebao-csrf'];
  return typeof given !== 'string' || !sameText(given, caller.csrfToken ?? '');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The one place where rights are decided; `undefined` lets the caller pass. */
export function checkPermission(permission: Permission, caller: Caller): Refusal | undefined {
  if (permission.who === 'public') return undefined;
  if (caller.realm === 'public') return { code: 'NOT_SIGNED_IN' };
  if (permission.who === 'session') return undefined;
  if (caller.mustChangePassword) return { code: 'PASSWORD_CHANGE_REQUIRED' };
  if (permission.who === 'employer') {
    const able = caller.realm === 'employer' && functionsAnywhere(caller).has(permission.does);
    return able ? undefined : { code: 'FORBIDDEN' };
  }
  const able =
    caller.realm === 'office' && permission.roles.some((role) => caller.roles.includes(role));
  return able ? undefined : { code: 'FORBIDDEN' };
}

function functionsAnywhere(caller: Caller): Set<EmployerFunction> {
  return new Set([...caller.grants.values()].flat());
}

interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly upload: Upload | undefined;
}

/** Another employer's unit does not exist for the caller; one without the right is forbidden. */
function checkUnits(permission: Permission, caller: Caller, input: Input): Refusal | undefined {
  if (permission.who !== 'employer') return undefined;
  for (const unitNo of namedUnits(input)) {
    const functions = caller.grants.get(unitNo);
    if (!functions) return { code: 'NOT_FOUND' };
    if (!functions.includes(permission.does)) return { code: 'FORBIDDEN' };
  }
  return undefined;
}

/** Every 单位编号 that path, query or body name in `unitNo` or `unitNos`. */
function namedUnits(input: Input): string[] {
  const found: string[] = [];
  for (const part of [input.params, input.query, input.body]) {
    if (typeof part !== 'object' || part === null) continue;
    const { unitNo, unitNos } = part as { unitNo?: unknown; unitNos?: unknown };
    if (typeof unitNo === 'string') found.push(unitNo);
    if (Array.isArray(unitNos)) {
      found.push(...unitNos.filter((value): value is string => typeof value === 'string'));
    }
  }
  return found;
}

function readKey(route: Route, request: FastifyRequest): Result<string | undefined, Refusal> {
  if (!route.idempotent) return ok(undefined);
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') return err({ code: 'IDEMPOTENCY_KEY_REQUIRED' });
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) {
    const detail = '请求编号应为 1 至 128 个可见字符';
    const errors = [{ path: 'header.idempotency-key', code: 'invalid_format', detail }];
    return err({ code: 'INPUT_INVALID', errors });
  }
  return ok(`${route.name} ${key}`);
}

const empty = z.strictObject({});

async function readInput(route: Route, request: FastifyRequest): Promise<Result<Input, Refusal>> {
  const params = (route.params ?? empty).safeParse(request.params ?? {});
  if (!params.success) return err(pathRefusal(params.error));
  const query = (route.query ?? empty).safeParse(request.query ?? {});
  if (!query.success) return err(inputRefusal('query', query.error));
  if (route.upload) {
    const upload = await readUpload(request, route.upload.maxBytes);
    if (!upload.ok) return upload;
    return ok({ params: params.data, query: query.data, body: undefined, upload: upload.value });
  }
  let body: unknown;
  if (route.body) {
    const parsed = route.body.safeParse(request.body ?? {});
    if (!parsed.success) return err(inputRefusal('body', parsed.error));
    body = parsed.data;
  }
  return ok({ params: params.data, query: query.data, body, upload: undefined });
}

/** An address that cannot name anything is an address that names nothing. */
function pathRefusal(error: z.ZodError): Refusal {
  return { ...inputRefusal('path', error), code: 'NOT_FOUND' };
}

async function readUpload(
  request: FastifyRequest,
  maxBytes: number,
): Promise<Result<Upload, Refusal>> {
  const missing: Refusal = {
    code: 'INPUT_INVALID',
    errors: [{ path: 'body.file', code: 'missing', detail: '请以 multipart/form-data 上传文件' }],
  };
  if (!request.isMultipart()) return err(missing);
  const part = await request.file({
    limits: { fileSize: maxBytes, files: 1, fields: 0, parts: 1 },
  });
  if (!part) return err(missing);
  const bytes = await part.toBuffer();
  const fileName = part.filename.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200);
  return ok({ fileName, mediaType: part.mimetype, bytes });
}

function makeCall(
  ports: DispatchPorts,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  idempotencyKey: string | undefined,
  input: Input,
): RouteCall<Route> {
  const { permission } = route;
  const may = (does: EmployerFunction, unitNo: string): boolean =>
    caller.grants.get(unitNo)?.includes(does) ?? false;
  const unitNos = [...caller.grants.keys()].filter(
    (unitNo) => permission.who !== 'employer' || may(permission.does, unitNo),
  );
  const options = {
    actor: caller.actor,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  return {
    params: input.params as never,
    query: input.query as never,
    body: input.body as never,
    upload: input.upload,
    caller,
    services: ports.services,
    idempotencyKey,
    source: request.ip,
    unitNos,
    may,
    execute: (command, commandInput) => ports.services.execute(command, commandInput, options),
    setSession: (token) => ports.cookies.set(reply, token),
  };
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal, reference?: string): unknown {
  const { status, body } = problemOf(refusal, reference);
  if (refusal.code === 'IDEMPOTENCY_IN_PROGRESS') reply.header('retry-after', '1');
  const minutes = refusal.data?.['minutes'];
  if (typeof minutes === 'number') reply.header('retry-after', String(minutes * 60));
  return reply.code(status).type('application/problem+json; charset=utf-8').send(body);
}

function sendAnswer(route: Route, reply: FastifyReply, value: unknown): unknown {
  if (isFile(value)) {
    const { name, mediaType, body, inline } = value.file;
    const kind = inline ? 'inline' : 'attachment';
    reply.header('content-disposition', `${kind}; filename*=UTF-8''${encodeURIComponent(name)}`);
    return reply
      .type(mediaType)
      .send(
        body instanceof Uint8Array
          ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
          : body,
      );
  }
  if (!route.answer) return reply.code(204).send();
  const checked = route.answer.safeParse(value);
  if (!checked.success) {
    throw new Error(`answer of ${route.name} breaks its contract`, { cause: checked.error });
  }
  return reply.code(route.status ?? 200).send(checked.data);
}

function isFile(value: unknown): value is FileAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'file' in value &&
    typeof (value as FileAnswer).file === 'object' &&
    'mediaType' in (value as FileAnswer).file
  );
}
