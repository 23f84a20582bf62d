import { errorRegistry, type Route } from '@shebao/contract';
import * as z from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document, made from the very schemas that check the requests. */
export function openApiDocument(routes: readonly Route[], serverUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '单位社保费管理接口',
      version: '1.0.0',
      description:
        '金额为带两位小数的字符串（元），月份为 YYYY-MM。变更类请求须带 Idempotency-Key。' +
        '出错时返回 application/problem+json，含 code、detail、nextStep。',
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
    'x-errors': Object.entries(errorRegistry).map(([code, [status, detail, nextStep]]) => ({
      code,
      status,
      detail,
      nextStep,
    })),
  };
}

const problemSchema: Json = {
  type: 'object',
  required: ['status', 'code', 'detail', 'nextStep'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorRegistry) },
    detail: { type: 'string' },
    nextStep: { type: 'string' },
    reference: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'detail'],
        properties: {
          path: { type: 'string' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

function operation(route: Route): Json {
  const parameters = [
    ...parametersOf('path', route.params),
    ...parametersOf('query', route.query),
    ...(route.idempotent ? [idempotencyParameter] : []),
  ];
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [tagOf(route)],
    'x-permission': route.permission,
    security: route.permission.who === 'public' ? [] : [{ session: [] }, { token: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(route),
    responses: responses(route),
  };
}

const idempotencyParameter: Json = {
  in: 'header',
  name: 'Idempotency-Key',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  description: '由客户端生成并先行保存；同一编号同一内容得到同一结果',
};

function tagOf(route: Route): string {
  const parts = route.path.split('/').filter((part) => part !== '' && !part.startsWith(':'));
  return parts[0] === 'office' ? `office/${parts[1] ?? ''}` : (parts[0] ?? '');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as Json;
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return [];
  const json = jsonSchema(schema, 'input');
  const required = new Set((json['required'] as string[] | undefined) ?? []);
  const properties = (json['properties'] ?? {}) as Record<string, Json>;
  return Object.entries(properties).map(([name, property]) => ({
    in: place,
    name,
    required: place === 'path' || required.has(name),
    schema: property,
  }));
}

function requestBody(route: Route): Json {
  if (route.upload) {
    const schema = {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' } },
    };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (!route.body) return {};
  const schema = jsonSchema(route.body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function responses(route: Route): Json {
  const problem = {
    description: '未能办理',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const status = String(route.status ?? (route.answer || route.produces ? 200 : 204));
  if (route.produces) {
    const content = Object.fromEntries(
      route.produces.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
    );
    return { [status]: { description: '文件', content }, default: problem };
  }
  if (!route.answer) return { [status]: { description: '完成' }, default: problem };
  const schema = jsonSchema(route.answer, 'output');
  const description = status === '202' ? '已受理，后台办理' : '完成';
  const content = { 'application/json': { schema } };
  return { [status]: { description, content }, default: problem };
}
