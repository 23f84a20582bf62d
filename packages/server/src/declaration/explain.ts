import type { explanation } from '@shebao/contract';
import {
  addMonths,
  err,
  type Fen,
  formatMonth,
  formatMonthChinese,
  formatRate,
  formatYuanGrouped,
  ok,
  type Ppm,
  type Result,
  shareOf,
} from '@shebao/kernel';
import {
  type ExplainStep,
  type Explanation,
  explain,
  explainText,
  type LevyLine,
  lateFeeBetween,
  lateFeeRuleFor,
  lateFeeText,
  levyItemName,
  type RuleReference,
} from '@shebao/levy';
import type * as z from 'zod';
import type { Refusal } from '../platform/index.ts';
import { policyRefusal } from '../policy/index.ts';
import { kindNames } from './declaration.ts';
import type { DuesInput } from './dues.ts';
import type { DueItem } from './dues-items.ts';
import type { PersonLine } from './line-columns.ts';
import type { PersonFigures } from './people.ts';

/** An item still due or declared, without the people behind it. */
type ItemFigures = Omit<DueItem, 'lines'>;

export type ShownExplanation = z.infer<typeof explanation>;
type Step = ShownExplanation['steps'][number];

const labels: Readonly<Record<ExplainStep['step'], string>> = {
  wage: '缴费工资',
  payroll: '工资总额',
  rounding: '取整',
  bounds: '上下限',
  rate: '费率',
  injury: '工伤费率浮动',
  annuity: '职业年金',
  supplement: '地方补充',
  relief: '减免',
  product: '计算',
  fixed: '定额',
  notLiable: '不再应缴',
  levied: '应缴费额',
};

/** Why one line of a person, or the unit's line on its payroll, is what it is. */
export function explainLine(
  input: Pick<DuesInput, 'policy' | 'unit' | 'today' | 'current' | 'wages'>,
  line: LevyLine,
  name: string,
): Result<ShownExplanation, Refusal> {
  const { policy, unit, today, current } = input;
  const wage = input.wages.findLast(
    ({ personId, effectiveMonth, wageFen }) =>
      personId === line.personId && effectiveMonth <= line.period && wageFen === line.wageFen,
  );
  const since = wage ? { wageEffective: wage.effectiveMonth } : {};
  const explained = explain({ policy, unit, line, current, asOf: today, ...since });
  if (!explained.ok) return err(policyRefusal(explained.error));
  const who = name === '' ? '' : `${name} `;
  const item = levyItemName(line.insurance, line.payer);
  const title = `${who}${item} ${formatMonthChinese(line.period)}`;
  return ok({ title, steps: stepsOf(explained.value) });
}

function stepsOf(explained: Explanation): Step[] {
  const [, ...sentences] = explainText(explained);
  return explained.steps.map((step, at) => ({
    label: labels[step.step],
    value: valueOf(step),
    sentence: sentences[at] ?? '',
    basis: 'rule' in step ? basisOf(step.rule) : null,
  }));
}

function basisOf(rule: RuleReference): string {
  const to = rule.to === null ? '起' : `至 ${formatMonth(rule.to)}`;
  return `${rule.basis ?? rule.source}（${formatMonth(rule.from)} ${to}，${rule.publishedOn} 公布）`;
}

function valueOf(step: ExplainStep): string {
  switch (step.step) {
    case 'wage':
    case 'payroll':
      return formatYuanGrouped(step.wageFen);
    case 'rounding':
      return formatYuanGrouped(step.toFen);
    case 'bounds':
      return formatYuanGrouped(step.baseFen);
    case 'rate':
    case 'annuity':
    case 'supplement':
      return percent(step.ratePpm);
    case 'injury':
      return step.floatFactor;
    case 'relief':
      return percent(step.factorPpm);
    case 'product':
      return formatYuanGrouped(step.productFen);
    case 'fixed':
      return formatYuanGrouped(step.fixedFen);
    case 'notLiable':
      return '0.00';
    case 'levied':
      return formatYuanGrouped(step.deltaFen);
  }
}

function percent(rate: Ppm): string {
  return `${formatRate((rate * 100) as Ppm)}%`;
}

/** Why a whole item is what it is: its people, its sum, its late fee, why it comes up now. */
export function explainItem(
  input: Pick<DuesInput, 'policy' | 'unit' | 'today' | 'current'>,
  item: ItemFigures,
): ShownExplanation {
  const { policy, unit, today, current } = input;
  const sum = formatYuanGrouped(item.amountFen);
  const steps: Step[] = [
    ...(item.aggregate ? [] : peopleSteps(item, sum)),
    plain('业务类型', kindNames[item.kind], reasonOf(item, current)),
  ];
  if (item.provisional) {
    const why = '本年度缴费基数上下限尚未公布，暂按上年度标准计算，公布后多退少补。';
    steps.push(plain('暂按上年度', '', why));
  }
  const rule = lateFeeRuleFor(policy, unit.region);
  const fee = lateFeeBetween(item.amountFen, item.dueDate, today, rule?.convention);
  const sentence = `缴费期限 ${item.dueDate}。${lateFeeText(item.amountFen, fee).join('')}`;
  const basis = '社会保险法第八十六条';
  const value = formatYuanGrouped(item.lateFeeFen);
  steps.push({ label: '滞纳金', value, sentence, basis });
  const name = levyItemName(item.insurance, item.payer);
  return { title: `${name} ${formatMonthChinese(item.period)}`, steps };
}

function peopleSteps({ people, ratePpm }: ItemFigures, sum: string): Step[] {
  const each = `本行共 ${people} 人，逐人计算、四舍五入到分后相加。`;
  return [
    plain('缴费人数', String(people), each),
    plain('费率', percent(ratePpm), `费款所属期适用的费率 ${percent(ratePpm)}。`),
    plain('应缴费额', sum, `${people} 人应缴费额合计 ${sum} 元。`),
  ];
}

function reasonOf(item: ItemFigures, current: DuesInput['current']): string {
  if (item.kind === 'topUp') return '该月已征收，因缴费工资或参保信息变化，补收差额。';
  if (item.kind === 'current') return `当前费款所属期 ${formatMonthChinese(current)} 的应征费款。`;
  const before = formatMonthChinese(addMonths(current, -1));
  return `该月不晚于 ${before}，此前没有征收，因新参保、申报缴费工资或未申报而补缴。`;
}

function plain(label: string, value: string, sentence: string): Step {
  return { label, value, sentence, basis: null };
}

/** A person's line of an item, as the engine explains it. */
export function personLine(item: ItemFigures, line: PersonLine): LevyLine {
  const { personId, wageFen, baseFen, amountFen, fullFen } = line;
  const figures = { personId, wageFen, baseFen, amountFen: fullFen, deltaFen: amountFen };
  return { ...payrollLine(item), ...figures };
}

/** The unit's line on its payroll, as the engine explains it. */
export function payrollLine(item: ItemFigures): LevyLine {
  const { insurance, payer, period, baseFen, ratePpm, amountFen, kind, provisional } = item;
  return {
    personId: null,
    insurance,
    payer,
    period,
    wageFen: baseFen,
    baseFen,
    ratePpm,
    fixedFen: 0 as Fen,
    // In full for the month; the item holds what this adds to what was levied.
    amountFen: shareOf(baseFen, ratePpm),
    deltaFen: amountFen,
    kind,
    bookkeeping: false,
    provisional,
    ruleIds: [],
  };
}

/** A person's line of a declared item: what it would be in full is not kept, but follows from base and rate. */
export function declaredLine(item: ItemFigures, line: PersonFigures): LevyLine {
  const { baseFen, amountFen } = line;
  const fullFen = item.kind === 'topUp' ? shareOf(baseFen, item.ratePpm) : amountFen;
  return personLine(item, { ...line, fullFen });
}
