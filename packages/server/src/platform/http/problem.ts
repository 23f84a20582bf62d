import { errorRegistry, errorText } from '@shebao/contract';
import type * as z from 'zod';
import type { FieldError, Refusal } from '../types.ts';

export interface Problem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A refusal as RFC 9457 problem, with its Chinese text and next step from the registry. */
export function problemOf(refusal: Refusal, reference?: string): Problem {
  const [status, , nextStep] = errorRegistry[refusal.code];
  return {
    status,
    body: {
      type: 'about:blank',
      title: refusal.code,
      status,
      code: refusal.code,
      detail: errorText(refusal.code, refusal.data),
      nextStep,
      ...(refusal.data ? { data: refusal.data } : {}),
      ...(refusal.errors ? { errors: refusal.errors } : {}),
      ...(reference === undefined ? {} : { reference }),
    },
  };
}

/** What zod found, each with its path; texts of our own schemas stay, the others become Chinese. */
export function inputRefusal(part: string, error: z.ZodError): Refusal {
  const errors = error.issues.slice(0, 200).flatMap((issue) => fieldErrors(part, issue));
  return { code: 'INPUT_INVALID', errors };
}

function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const path = pathText(part, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 50).map((key) => ({
      path: `${path}.${key.slice(0, 100)}`,
      code: 'unknown',
      detail: '没有这个字段，请去掉',
    }));
  }
  return [{ path, code: issue.code, detail: detailOf(issue) }];
}

function pathText(part: string, keys: readonly PropertyKey[]): string {
  let text = part;
  for (const key of keys) text += typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
  return text;
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '对象',
  date: '日期',
};

function detailOf(issue: z.core.$ZodIssue): string {
  // A message of our own schemas is Chinese already; zod's own are English.
  if (/[\u4e00-\u9fff]/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith(' received undefined')
        ? '缺少此项，请填写'
        : `类型不对，应为${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' && Number(issue.minimum) === 1
        ? '不能为空'
        : `不能少于 ${issue.minimum}`;
    case 'too_big':
      return `不能超过 ${issue.maximum}`;
    case 'invalid_value':
      return `只能是：${issue.values.map(String).join('、').slice(0, 200)}`;
    case 'invalid_format':
      return '格式不正确';
    default:
      return '内容不正确';
  }
}
