import type { AnswerOf, previewWages, wageFacts } from '@shebao/contract';
import { err, fen, formatMonth, formatYuan, type Month, ok, type Result } from '@shebao/kernel';
import {
  baseFor,
  policyVersion,
  type UnitProfile,
  type WageCostPerson,
  wageCosts,
} from '@shebao/levy';
import type { Unit } from '../employer/index.ts';
import type { Refusal, Services } from '../platform/index.ts';
import { currentPeriod, policyFor, policyRefusal } from '../policy/index.ts';
import {
  judgeWages,
  leadingInsurance,
  loadWagedPeople,
  type WagedPerson,
  type WageLine,
  wagePolicyOf,
} from '../wage/index.ts';
import { type LeviedMonth, leviedOn } from './levied.ts';

export type Preview = AnswerOf<typeof previewWages>;

const nothing = {
  employerFen: fen(0),
  employeeFen: fen(0),
  backPayMonths: 0,
  backPayFen: fen(0),
  lateFeeFen: fen(0),
};

/** 核对信息: what each line would do, by the rules and against what is levied. Changes nothing. */
export async function previewLines(
  services: Services,
  unit: Unit,
  lines: readonly WageLine[],
): Promise<Result<Preview, Refusal>> {
  const { q } = services.db;
  const today = services.clock.now().date;
  const current = currentPeriod(today);
  const policy = policyFor(unit.region);
  const ids = [...new Set(lines.map(({ personId }) => personId))];
  const people = await loadWagedPeople(q, unit.id, ids);
  const verdicts = judgeWages(lines, people, wagePolicyOf(unit), current);
  const accepted = verdicts.filter(({ code }) => code === null).map(({ line }) => line);
  const first = new Map<string, Month>();
  for (const { personId, effectiveMonth } of accepted) {
    if (effectiveMonth < (first.get(personId) ?? Infinity)) first.set(personId, effectiveMonth);
  }
  const levied = Map.groupBy(await leviedOn(q, unit.id, first), (row) => row.personId);
  const own = Map.groupBy(accepted, ({ personId }) => personId);
  const declaring = [...own].flatMap(([personId, wages]) => {
    const person = people.get(personId);
    return person ? [costedPerson(person, wages, levied.get(personId) ?? [])] : [];
  });
  const costed = { policy, unit: unit.profile, people: declaring, current, today };
  const costs = wageCosts(costed);
  if (!costs.ok) return err(policyRefusal(costs.error));
  const totals = { employer: 0, employee: 0, backPay: 0 };
  const shown: Preview['lines'] = [];
  for (const { line, code, reason } of verdicts) {
    const person = people.get(line.personId);
    const found = code === null ? costs.value.get(line.personId) : undefined;
    const cost = found?.find(({ effective }) => effective === line.effectiveMonth) ?? nothing;
    totals.employer += cost.employerFen;
    totals.employee += cost.employeeFen;
    totals.backPay += cost.backPayFen;
    const base = baseOf(unit, line, today);
    shown.push({
      personId: line.personId,
      name: person?.name ?? '',
      effectiveMonth: formatMonth(line.effectiveMonth),
      wage: formatYuan(line.wageFen),
      ...base,
      employerMonthly: formatYuan(cost.employerFen),
      employeeMonthly: formatYuan(cost.employeeFen),
      backPayMonths: cost.backPayMonths,
      backPay: formatYuan(cost.backPayFen),
      lateFee: formatYuan(cost.lateFeeFen),
      problems: code === null ? [] : [{ code, detail: reason }],
    });
  }
  return ok({
    policyVersion: policyVersion(policy),
    lines: shown,
    totals: {
      employerMonthly: formatYuan(fen(totals.employer)),
      employeeMonthly: formatYuan(fen(totals.employee)),
      backPay: formatYuan(fen(totals.backPay)),
    },
  });
}

function baseOf(unit: Unit, { effectiveMonth, wageFen }: WageLine, today: string) {
  const policy = policyFor(unit.region);
  const insurance = leadingInsurance(unit);
  const found = baseFor(policy, unit.region, insurance, effectiveMonth, wageFen, today);
  if (!found.ok) return { contributionBase: null, clamped: null, floor: null, cap: null };
  const { baseFen, clamped, bounds } = found.value;
  return {
    contributionBase: formatYuan(baseFen),
    clamped,
    floor: formatYuan(bounds.floorFen),
    cap: formatYuan(bounds.capFen),
  };
}

function costedPerson(
  person: WagedPerson,
  declaring: readonly WageLine[],
  levied: readonly LeviedMonth[],
): WageCostPerson {
  return {
    id: person.personId,
    enrolments: person.roster.enrolments,
    wages: person.wages.map(asWage),
    declaring: declaring.map(asWage),
    levied,
  };
}

function asWage({ effectiveMonth, wageFen }: Pick<WageLine, 'effectiveMonth' | 'wageFen'>) {
  return { effective: effectiveMonth, wageFen };
}

function shownProfile(profile: UnitProfile): Facts['unit'] {
  const { annuityUnitMode, deferrals, defaultPolicy: _, ...rest } = profile;
  const modes =
    annuityUnitMode === undefined || typeof annuityUnitMode === 'string'
      ? annuityUnitMode
      : annuityUnitMode.map(({ from, mode }) => ({ from: formatMonth(from), mode }));
  return {
    ...rest,
    ...(modes === undefined ? {} : { annuityUnitMode: modes }),
    ...(deferrals === undefined ? {} : { deferrals: [...deferrals] }),
  };
}

export type Facts = AnswerOf<typeof wageFacts>;

/** What the engine needs to foretell one person's wage in the browser, as the service itself would. */
export async function factsOf(
  services: Services,
  unit: Unit,
  personId: string,
): Promise<Result<Facts, Refusal>> {
  const { q } = services.db;
  const person = (await loadWagedPeople(q, unit.id, [personId])).get(personId);
  if (!person) return err({ code: 'NOT_FOUND' });
  const first = Math.min(...person.enrolments.map(({ from }) => from)) as Month;
  const levied = await leviedOn(q, unit.id, new Map([[personId, first]]));
  return ok({
    policyVersion: policyVersion(policyFor(unit.region)),
    unit: shownProfile(unit.profile),
    enrolments: person.roster.enrolments.map(({ insurance, from, to }) => ({
      insurance,
      from: formatMonth(from),
      to: to === null || to === undefined ? null : formatMonth(to),
    })),
    wages: person.wages.map(({ effectiveMonth, wageFen }) => ({
      effectiveMonth: formatMonth(effectiveMonth),
      wage: formatYuan(wageFen),
    })),
    levied: levied.map(({ insurance, payer, period, wageFen, amountFen }) => ({
      insurance,
      payer,
      period: formatMonth(period),
      wage: formatYuan(wageFen),
      amount: formatYuan(amountFen),
    })),
  });
}
