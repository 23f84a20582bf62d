import { formatMonth, type Result } from '@shebao/kernel';
import type { LevyError, Policy } from '@shebao/levy';
import { type Fields, InputFault } from './levy-input.ts';

/** What answers depend on besides the question. */
export interface LevyContext {
  readonly policy: Policy;
  /** `YYYY-MM-DD`: identity numbers of people born later are refused. */
  readonly today: string;
}

/** A refusal as an answer. */
export class Refused extends Error {
  readonly answer: Fields;
  constructor(answer: Fields) {
    super('refused');
    this.answer = answer;
  }
}

const parts: Record<string, string> = {
  bounds: '缴费基数上下限',
  rate: '费率',
  window: '缴费年度',
  rounding: '取整规则',
  dueRule: '申报缴款期限',
  lateFeeRule: '滞纳金规则',
  calendar: '节假日安排',
};

const paths: Record<string, string> = {
  riskClass: '工伤风险类别应为 1 至 8',
  floatFactor: '费率浮动系数不正确，或得出的费率超过六位小数',
  stagedCut: '阶段性下调比例应在 0 与 1 之间',
  realShareRatio: '职业年金实账比例应在 0 与 1 之间，且费率不超过六位小数',
  baseRate: '基准费率不正确',
};

/** Turns the engine's answer into ours; a refusal of the engine becomes a refusal with its data. */
export function answerOf<T>(result: Result<T, LevyError>, show: (value: T) => Fields): Fields {
  if (result.ok) return show(result.value);
  const { error } = result;
  if (error.code === 'PROFILE_INVALID') {
    throw new InputFault(error.path, paths[error.path] ?? error.path);
  }
  const { code, insurance, payer } = error;
  const period = formatMonth(error.period);
  const detail = `${error.region} ${insurance ?? ''} ${period} 没有${parts[error.part]}，也没有可以沿用的`;
  throw new Refused({
    code,
    detail,
    region: error.region,
    insurance,
    period,
    part: error.part,
    ...(payer === null ? {} : { payer }),
  });
}
