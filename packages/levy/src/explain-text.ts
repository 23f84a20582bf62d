import {
  type AmountRounding,
  type BaseRounding,
  type Fen,
  fen,
  formatDecimal,
  formatMonthChinese,
  formatYuanGrouped,
  type Month,
  type Ppm,
} from '@shebao/kernel';
import type { ExplainStep, Explanation, RuleReference } from './explain.ts';
import type { LateFee } from './late-fee.ts';
import { insuranceName, levyItemName } from './names.ts';
import type { LevyLine } from './types.ts';

const baseRoundingNames: Record<BaseRounding, string> = {
  yuanHalfUp: '四舍五入到元',
  none: '不取整',
  jiaoThenYuan: '先四舍五入到角，再四舍五入到元',
  tenYuanHalfUp: '四舍五入到十元',
};

const amountRoundingNames: Record<AmountRounding, string> = {
  fenHalfUp: '四舍五入到分',
  jiaoHalfUp: '四舍五入到角',
  jiaoCeil: '见分进角',
  yuanHalfUp: '四舍五入到元',
  yuanCeil: '见角进元',
};

/**
 * Writes an explanation as Chinese sentences, one a step, each with its rule where there is one.
 *
 * @example
 * const explanation = value(explain({ policy, unit, line, asOf: '2021-03-10' }));
 * explainText(explanation)[0] //=> '机关事业单位基本养老保险(单位缴纳)，费款所属期2021年2月。'
 */
export function explainText(explanation: Explanation): readonly string[] {
  const { line, steps, consistent } = explanation;
  const who = line.personId === null ? '（按单位）' : '';
  const head = `${levyItemName(line.insurance, line.payer)}${who}，费款所属期${formatMonthChinese(line.period)}。`;
  const doubt = consistent ? [] : ['所列规则与本行金额不一致：本行按另一版本的政策参数计算。'];
  return [head, ...steps.map((step) => sentence(step, line)), ...doubt];
}

/**
 * Writes a late fee as Chinese sentences: each stretch of days with its rate, then the sum.
 *
 * @example
 * lateFeeText(fen(100000), lateFee(fen(100000), '2021-04-01', '2021-04-10'))[1] //=> '2021-04-01至2021-04-10共10天，按日加收万分之五。'
 */
export function lateFeeText(principal: Fen, fee: LateFee): readonly string[] {
  if (fee.days === 0) return ['没有超过期限，不加收滞纳金。'];
  const parts = fee.segments.map(
    ({ from, to, days, dailyRate }) =>
      `${from}至${to}共${days}天，按日加收${dailyRate === '0.0005' ? '万分之五' : '千分之二'}。`,
  );
  return [
    `欠缴费款${yuan(principal)}。`,
    ...parts,
    `滞纳金合计${yuan(fee.lateFeeFen)}，各段相加后四舍五入到分，不计复利（社会保险法第八十六条）。`,
  ];
}

function sentence(step: ExplainStep, line: LevyLine): string {
  switch (step.step) {
    case 'wage':
      return wageSentence(step);
    case 'payroll':
      return `按全部职工工资总额${yuan(step.wageFen)}计征，不按个人上下限${cite(step.rule)}。`;
    case 'rounding':
      return `缴费工资${yuan(step.fromFen)}${baseRoundingNames[step.mode]}，为${yuan(step.toFen)}${cite(step.rule)}。`;
    case 'bounds':
      return boundsSentence(step, line);
    case 'rate':
      return `公布费率${percent(step.ratePpm)}${cite(step.rule)}。`;
    case 'injury':
      return injurySentence(step);
    case 'annuity':
      return step.mode === 'real'
        ? `单位部分实账征收，费率${percent(step.ratePpm)}。`
        : `单位部分记账，只作记录，不征收，费率${percent(step.ratePpm)}。`;
    case 'relief':
      return step.factorPpm === 0
        ? `阶段性免征单位部分${cite(step.rule)}。`
        : `阶段性减征，按${percent(step.factorPpm)}征收单位部分${cite(step.rule)}。`;
    case 'supplement':
      return `地方补充，费率另加${percent(step.ratePpm)}${cite(step.rule)}。`;
    case 'product':
      return `${yuan(step.baseFen)} × ${percent(step.ratePpm)}，${amountRoundingNames[step.rounding]}，为${yuan(step.productFen)}。`;
    case 'fixed':
      return `另加每人每月定额${yuan(step.fixedFen)}。`;
    case 'notLiable':
      return `这个月不再需要缴纳${insuranceName(line.insurance)}。`;
    case 'levied':
      return leviedSentence(step);
  }
}

function wageSentence(step: Extract<ExplainStep, { step: 'wage' }>): string {
  const year = `缴费年度${monthSpan(step.window.from, step.window.to)}`;
  if (step.effective === null) {
    return `${year}没有申报缴费工资，按规定推定为${yuan(step.wageFen)}。`;
  }
  const since =
    step.effective === undefined ? '' : `，自${formatMonthChinese(step.effective)}起生效`;
  return `${year}的缴费工资${yuan(step.wageFen)}${since}。`;
}

function boundsSentence(step: Extract<ExplainStep, { step: 'bounds' }>, line: LevyLine): string {
  const which =
    step.month === line.period
      ? ''
      : `补缴以前年度的费款，按${formatMonthChinese(step.month)}的上下限。`;
  const range = `下限${yuan(step.floorFen)}，上限${yuan(step.capFen)}`;
  const result = {
    floor: `低于下限，缴费基数取下限${yuan(step.baseFen)}`,
    cap: `高于上限，缴费基数取上限${yuan(step.baseFen)}`,
    none: `在上下限之内，缴费基数为${yuan(step.baseFen)}`,
  }[step.clamped ?? 'none'];
  return `${which}${range}，${result}${cite(step.rule)}。`;
}

function injurySentence(step: Extract<ExplainStep, { step: 'injury' }>): string {
  const float = step.floatFactor === '1' ? '不浮动' : `浮动系数${step.floatFactor}`;
  const cut = step.stagedCut === '0' ? '' : `，阶段性下调比例${step.stagedCut}`;
  return `工伤风险第${step.riskClass}类，${float}${cut}。`;
}

function leviedSentence(step: Extract<ExplainStep, { step: 'levied' }>): string {
  const due = `应缴费额${yuan(step.amountFen)}`;
  switch (step.kind) {
    case 'current':
      return step.leviedFen === 0
        ? `${due}。`
        : `${due}，已征${yuan(step.leviedFen)}，应补${yuan(step.deltaFen)}。`;
    case 'backPay':
      return `${due}；这个月早于当前费款所属期，此前没有征收，故为补缴。`;
    case 'topUp':
      return `${due}，此前已征${yuan(step.leviedFen)}，应补差${yuan(step.deltaFen)}。`;
    case 'overpaid':
      return `${due}，此前已征${yuan(step.leviedFen)}，多缴${yuan(fen(0 - step.deltaFen))}。`;
  }
}

function cite(rule: RuleReference): string {
  const span =
    rule.to === null ? `${formatMonthChinese(rule.from)}起` : monthSpan(rule.from, rule.to);
  const status = { final: '', provisional: '，暂按此执行', assumed: '，设定' }[rule.status];
  // The address of a source stands with the rule itself; a sentence names only the document.
  const named = (rule.basis ?? rule.source).replace(/\s*https?:\S+/g, '');
  return `（${named}；${span}${status}）`;
}

function monthSpan(from: Month, to: Month): string {
  return to > 9999 * 12
    ? `${formatMonthChinese(from)}起`
    : `${formatMonthChinese(from)}至${formatMonthChinese(to)}`;
}

function yuan(amount: Fen): string {
  return `${formatYuanGrouped(amount)}元`;
}

function percent(rate: Ppm): string {
  return `${formatDecimal({ units: BigInt(rate), scale: 4 })}%`;
}
