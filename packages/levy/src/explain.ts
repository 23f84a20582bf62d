import {
  type AmountRounding,
  type BaseRounding,
  type Fen,
  type Month,
  ok,
  type Ppm,
  type Result,
  roundBase,
  shareOf,
} from '@shebao/kernel';
import { boundsFor, clampBase, roundingFor } from './base.ts';
import { annuityModeOf, backPayBoundsFor, rateFor, supplementsFor, unitShareFor } from './rate.ts';
import type { LevyError, Policy, RuleRow, RuleStatus } from './rules.ts';
import type { AnnuityMode, LevyLine, LineKind, UnitProfile } from './types.ts';
import { type BaseWindow, windowOf } from './window.ts';

/** The row behind a step: what to look up, since when it holds, where it is written. */
export interface RuleReference {
  readonly id: string;
  readonly from: Month;
  readonly to: Month | null;
  readonly publishedOn: string;
  readonly status: RuleStatus;
  readonly source: string;
  readonly basis: string | null;
}

/** One step from the declared wage to the fen. */
export type ExplainStep =
  | {
      readonly step: 'wage';
      readonly wageFen: Fen;
      /** 生效年月; null where no wage was declared and a default stands in; undefined: not told. */
      readonly effective: Month | null | undefined;
      readonly window: BaseWindow;
    }
  | { readonly step: 'payroll'; readonly wageFen: Fen; readonly rule: RuleReference }
  | {
      readonly step: 'rounding';
      readonly mode: BaseRounding;
      readonly fromFen: Fen;
      readonly toFen: Fen;
      readonly rule: RuleReference;
    }
  | {
      readonly step: 'bounds';
      readonly floorFen: Fen;
      readonly capFen: Fen;
      readonly clamped: 'floor' | 'cap' | null;
      readonly baseFen: Fen;
      /** The month whose bounds hold: the period's own, or the current one for back-payments. */
      readonly month: Month;
      readonly rule: RuleReference;
    }
  | { readonly step: 'rate'; readonly ratePpm: Ppm; readonly rule: RuleReference }
  | {
      readonly step: 'injury';
      readonly riskClass: number;
      readonly floatFactor: string;
      readonly stagedCut: string;
    }
  | { readonly step: 'annuity'; readonly mode: AnnuityMode; readonly ratePpm: Ppm }
  | {
      readonly step: 'supplement';
      readonly ratePpm: Ppm;
      readonly rule: RuleReference;
    }
  | { readonly step: 'relief'; readonly factorPpm: Ppm; readonly rule: RuleReference }
  | {
      readonly step: 'product';
      readonly baseFen: Fen;
      readonly ratePpm: Ppm;
      readonly rounding: AmountRounding;
      readonly productFen: Fen;
    }
  | { readonly step: 'fixed'; readonly fixedFen: Fen }
  | { readonly step: 'notLiable' }
  | {
      readonly step: 'levied';
      readonly amountFen: Fen;
      readonly leviedFen: Fen;
      readonly deltaFen: Fen;
      readonly kind: LineKind;
    };

/** What is to be explained: a line, the unit it was made for, and the rules as known on a day. */
export interface ExplainInput {
  readonly policy: Policy;
  readonly unit: UnitProfile;
  readonly line: LevyLine;
  /** The period that was current when the line was made; needed where back-payments take its bounds. */
  readonly current?: Month;
  readonly asOf?: string;
  /** Groups of local supplements that the person belongs to. */
  readonly supplements?: readonly string[];
  /** 生效年月 of the wage; null: a default stood in for it. */
  readonly wageEffective?: Month | null;
}

/** The way from the wage to the fen, step by step. */
export interface Explanation {
  readonly line: LevyLine;
  readonly steps: readonly ExplainStep[];
  /** Whether the steps lead to the line's amount under this policy, as known on `asOf`. */
  readonly consistent: boolean;
}

/**
 * Explains a line: the steps from wage to fen with the row behind each. Computed when somebody asks; a
 * line carries no more than its figures. Fails only where the policy lacks a rule that the line needs.
 *
 * @example
 * const explanation = value(explain({ policy, unit, line, asOf: '2021-03-10' }));
 * explanation.consistent //=> true
 */
export function explain(input: ExplainInput): Result<Explanation, LevyError> {
  const { line } = input;
  const levied = leviedStep(line);
  if (line.amountFen === 0 && line.baseFen === 0) {
    return ok({ line, steps: [{ step: 'notLiable' }, levied], consistent: true });
  }
  const base = baseSteps(input);
  if (!base.ok) return base;
  const rate = rateSteps(input);
  if (!rate.ok) return rate;
  const rounding = roundingFor(input.policy, input.unit.region, line.insurance, line.period);
  if (!rounding.ok) return rounding;
  const mode = rounding.value.amount;
  const productFen = shareOf(base.value.baseFen, line.ratePpm, mode);
  const product: ExplainStep = {
    step: 'product',
    baseFen: base.value.baseFen,
    ratePpm: line.ratePpm,
    rounding: mode,
    productFen,
  };
  const { fixedFen } = rate.value;
  const fixed: ExplainStep[] = fixedFen === 0 ? [] : [{ step: 'fixed', fixedFen }];
  return ok({
    line,
    steps: [...base.value.steps, ...rate.value.steps, product, ...fixed, levied],
    consistent:
      base.value.baseFen === line.baseFen &&
      rate.value.fits(line.ratePpm) &&
      productFen + fixedFen === line.amountFen,
  });
}

interface BaseSteps {
  readonly steps: readonly ExplainStep[];
  readonly baseFen: Fen;
}

function baseSteps(input: ExplainInput): Result<BaseSteps, LevyError> {
  const { policy, unit, line } = input;
  const { insurance, period, wageFen } = line;
  const unitShare = unitShareFor(policy, unit.region, insurance, period);
  if (line.personId === null && unitShare) {
    const rule = reference(unitShare);
    return ok({ steps: [{ step: 'payroll', wageFen, rule }], baseFen: wageFen });
  }
  const window = windowOf(policy, unit.region, insurance, period);
  if (!window.ok) return window;
  const rounding = roundingFor(policy, unit.region, insurance, period);
  if (!rounding.ok) return rounding;
  const month = boundsMonth(input, window.value);
  const bounds = boundsFor(policy, unit.region, insurance, month, input.asOf);
  if (!bounds.ok) return bounds;
  const mode = rounding.value.base;
  const { baseFen, clamped } = clampBase(wageFen, bounds.value, mode);
  const { floorFen, capFen } = bounds.value;
  const steps: ExplainStep[] = [
    { step: 'wage', wageFen, effective: input.wageEffective, window: window.value },
  ];
  const toFen = roundBase(wageFen, mode);
  if (toFen !== wageFen) {
    const rule = reference(rounding.value);
    steps.push({ step: 'rounding', mode, fromFen: wageFen, toFen, rule });
  }
  const rule: RuleReference = { ...bounds.value, id: bounds.value.ruleId };
  steps.push({ step: 'bounds', floorFen, capFen, clamped, baseFen, month, rule });
  return ok({ steps, baseFen });
}

function boundsMonth(input: ExplainInput, window: BaseWindow): Month {
  const { policy, unit, line, current } = input;
  if (line.kind !== 'backPay' || current === undefined || current <= window.to) return line.period;
  const rule = backPayBoundsFor(policy, unit.region, line.insurance, current);
  return rule ? current : line.period;
}

interface RateSteps {
  readonly steps: readonly ExplainStep[];
  readonly fixedFen: Fen;
  /** Whether the line's rate follows from the steps; a split annuity has a part of the published rate. */
  fits(ratePpm: Ppm): boolean;
}

function rateSteps(input: ExplainInput): Result<RateSteps, LevyError> {
  const { policy, unit, line } = input;
  const { insurance, payer, period } = line;
  const found = rateFor(policy, unit, insurance, payer, period, input.asOf);
  if (!found.ok) return found;
  const { row, publishedPpm, relief, fixedFen, ratePpm } = found.value;
  const steps: ExplainStep[] = [];
  if (row) steps.push({ step: 'rate', ratePpm: publishedPpm, rule: reference(row) });
  if (insurance === 'workInjury') {
    const { riskClass = 0, floatFactor = '1', stagedCut = '0' } = unit;
    steps.push({ step: 'injury', riskClass, floatFactor, stagedCut });
  }
  const isAnnuity = insurance === 'occupationalAnnuity' && payer === 'employer';
  if (isAnnuity) {
    const mode = line.bookkeeping ? 'bookkeeping' : annuityModeOf(unit, period);
    steps.push({ step: 'annuity', mode, ratePpm: line.ratePpm });
  }
  if (relief) steps.push({ step: 'relief', factorPpm: relief.factorPpm, rule: reference(relief) });
  const groups = line.personId === null ? [] : (input.supplements ?? []);
  const extra = supplementsFor(policy, unit.region, insurance, payer, period, groups, input.asOf);
  for (const each of extra) {
    steps.push({ step: 'supplement', ratePpm: each.ratePpm, rule: reference(each) });
  }
  const whole = extra.reduce((sum, each) => sum + each.ratePpm, ratePpm ?? 0);
  const isSplit = isAnnuity && unit.realShareRatio !== undefined;
  return ok({
    steps,
    fixedFen,
    fits: (rate) => (ratePpm !== null && rate === whole) || (isSplit && rate < publishedPpm),
  });
}

function leviedStep(line: LevyLine): ExplainStep {
  const { amountFen, deltaFen, kind } = line;
  return { step: 'levied', amountFen, leviedFen: (amountFen - deltaFen) as Fen, deltaFen, kind };
}

function reference(row: RuleRow): RuleReference {
  const { id, from, to, publishedOn, source, basis } = row;
  const status = row.status === 'missing' ? 'assumed' : row.status;
  return { id, from, to, publishedOn, status, source, basis };
}
