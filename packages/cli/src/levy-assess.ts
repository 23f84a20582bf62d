import { type Fen, formatMonth, formatRate, formatYuan, type Month } from '@shebao/kernel';
import {
  type Assessment,
  type AssessPerson,
  annuityModes,
  assess,
  type BoundsOverride,
  defaultPolicies,
  type Enrolment,
  fundingTypes,
  insurances,
  type Levied,
  type LevyLine,
  payers,
  type UnitProfile,
  unitKinds,
  unitSizes,
  type Wage,
} from '@shebao/levy';
import { answerOf, type LevyContext } from './levy-answer.ts';
import {
  decimalText,
  type Fields,
  given,
  InputFault,
  money,
  month,
  object,
  objects,
  region,
  text,
  whole,
  word,
} from './levy-input.ts';
import { asOf } from './levy-policy.ts';

/** `assess`: people of a unit through the current period. */
export function askAssess(fields: Fields, { policy }: LevyContext): Fields {
  const known = asOf(fields);
  const input = {
    policy,
    unit: readUnit(object(fields.unit, 'unit')),
    people: readPeople(fields.people),
    current: month(fields, 'current'),
    ...(known === undefined ? {} : { asOf: known }),
  };
  return answerOf(assess(input, readOverride(fields.bounds)), showAssessment);
}

function readUnit(unit: Fields): UnitProfile {
  return {
    region: region(unit, 'unit.region'),
    unitKind: word(unit, 'unitKind', unitKinds, 'unit.unitKind'),
    fundingType: given(unit, 'fundingType')
      ? word(unit, 'fundingType', fundingTypes, 'unit.fundingType')
      : 'none',
    ...(given(unit, 'unitSize') && {
      unitSize: word(unit, 'unitSize', unitSizes, 'unit.unitSize'),
    }),
    ...(given(unit, 'riskClass') && {
      riskClass: whole(unit, 'riskClass', 1, 8, 'unit.riskClass'),
    }),
    ...(given(unit, 'floatFactor') && {
      floatFactor: decimalText(unit, 'floatFactor', 'unit.floatFactor'),
    }),
    ...(given(unit, 'stagedCut') && {
      stagedCut: decimalText(unit, 'stagedCut', 'unit.stagedCut'),
    }),
    ...(given(unit, 'realShareRatio') && {
      realShareRatio: decimalText(unit, 'realShareRatio', 'unit.realShareRatio'),
    }),
    ...(given(unit, 'annuityUnitMode') && { annuityUnitMode: readMode(unit.annuityUnitMode) }),
    ...(given(unit, 'defaultPolicy') && {
      defaultPolicy: word(unit, 'defaultPolicy', defaultPolicies, 'unit.defaultPolicy'),
    }),
  };
}

function readMode(value: unknown): NonNullable<UnitProfile['annuityUnitMode']> {
  const path = 'unit.annuityUnitMode';
  if (typeof value === 'string') return word({ value }, 'value', annuityModes, path);
  return objects(value, path).map((each, at) => ({
    from: month(each, 'from', `${path}[${at}].from`),
    mode: word(each, 'mode', annuityModes, `${path}[${at}].mode`),
  }));
}

function readPeople(value: unknown): readonly AssessPerson[] {
  const seen = new Set<string>();
  return objects(value, 'people').map((person, at) => {
    const path = `people[${at}]`;
    const id = typeof person.id === 'number' ? String(person.id) : text(person, 'id', `${path}.id`);
    if (seen.has(id)) throw new InputFault(`${path}.id`, `同一人出现两次：${id}`);
    seen.add(id);
    return {
      id,
      enrolments: objects(person.enrolments, `${path}.enrolments`).map((each, n) =>
        readEnrolment(each, `${path}.enrolments[${n}]`),
      ),
      wages: readWages(person.wages, `${path}.wages`),
      levied: objects(person.levied, `${path}.levied`).map((each, n) =>
        readLevied(each, `${path}.levied[${n}]`),
      ),
    };
  });
}

function readEnrolment(fields: Fields, path: string): Enrolment {
  const from = month(fields, 'from', `${path}.from`);
  const to = given(fields, 'to') ? month(fields, 'to', `${path}.to`) : null;
  return { insurance: word(fields, 'insurance', insurances, `${path}.insurance`), from, to };
}

function readWages(value: unknown, path: string): readonly Wage[] {
  const seen = new Map<string, Fen>();
  return objects(value, path).map((each, at) => {
    const effective = month(each, 'effective', `${path}[${at}].effective`);
    const wageFen = money(each, 'wage', `${path}[${at}].wage`);
    const insurance = given(each, 'insurance')
      ? word(each, 'insurance', insurances, `${path}[${at}].insurance`)
      : undefined;
    const key = `${effective}|${insurance ?? ''}`;
    if (seen.has(key) && seen.get(key) !== wageFen) {
      throw new InputFault(`${path}[${at}]`, '同一生效年月有两个不同的缴费工资');
    }
    seen.set(key, wageFen);
    return { effective, wageFen, ...(insurance === undefined ? {} : { insurance }) };
  });
}

function readLevied(fields: Fields, path: string): Levied {
  return {
    insurance: word(fields, 'insurance', insurances, `${path}.insurance`),
    payer: word(fields, 'payer', payers, `${path}.payer`),
    period: month(fields, 'period', `${path}.period`),
    amountFen: money(fields, 'amount', `${path}.amount`),
  };
}

/**
 * Bounds in place of the published ones: `{ floor, cap }` for all, an object of such by insurance, or a
 * list of `{ insurance?, from?, to?, period?, floor, cap }`, of which the last that fits counts.
 */
function readOverride(value: unknown): BoundsOverride | undefined {
  if (value === undefined || value === null) return undefined;
  const rows = overrideRows(value).map(({ fields, path, insurance }) => {
    const given1 = (name: string) =>
      given(fields, name) ? month(fields, name, `${path}.${name}`) : undefined;
    const period = given1('period');
    const bounds = {
      floorFen: money(fields, 'floor', `${path}.floor`),
      capFen: money(fields, 'cap', `${path}.cap`),
    };
    if (bounds.floorFen > bounds.capFen) throw new InputFault(`${path}.floor`, '下限高于上限');
    return { insurance, from: period ?? given1('from'), to: period ?? given1('to'), bounds };
  });
  return (insurance, period: Month) =>
    rows.findLast(
      (row) =>
        (row.insurance === undefined || row.insurance === insurance) &&
        (row.from === undefined || row.from <= period) &&
        (row.to === undefined || row.to >= period),
    )?.bounds;
}

function overrideRows(value: unknown) {
  if (Array.isArray(value)) {
    return objects(value, 'bounds').map((fields, at) => {
      const path = `bounds[${at}]`;
      const insurance = given(fields, 'insurance')
        ? word(fields, 'insurance', insurances, `${path}.insurance`)
        : undefined;
      return { fields, path, insurance };
    });
  }
  const fields = object(value, 'bounds');
  if (given(fields, 'floor') || given(fields, 'cap')) {
    const insurance = given(fields, 'insurance')
      ? word(fields, 'insurance', insurances)
      : undefined;
    return [{ fields, path: 'bounds', insurance }];
  }
  return Object.entries(fields).map(([name, each]) => ({
    fields: object(each, `bounds.${name}`),
    path: `bounds.${name}`,
    insurance: word({ name }, 'name', insurances, `bounds.${name}`),
  }));
}

function showAssessment(assessment: Assessment): Fields {
  return {
    lines: assessment.lines.map(showLine),
    refusals: assessment.refusals.map((refusal) => ({
      person: refusal.personId,
      insurance: refusal.insurance,
      from: formatMonth(refusal.from),
      to: formatMonth(refusal.to),
      code: refusal.code,
      detail: refusal.detail,
    })),
    totals: assessment.totals.map((total) => ({
      insurance: total.insurance,
      payer: total.payer,
      amount: formatYuan(total.amountFen),
      delta: formatYuan(total.deltaFen),
    })),
  };
}

function showLine(line: LevyLine): Fields {
  return {
    person: line.personId,
    insurance: line.insurance,
    payer: line.payer,
    period: formatMonth(line.period),
    base: formatYuan(line.baseFen),
    rate: formatRate(line.ratePpm),
    amount: formatYuan(line.amountFen),
    delta: formatYuan(line.deltaFen),
    kind: line.kind,
    ...(line.bookkeeping ? { bookkeeping: true } : {}),
  };
}
