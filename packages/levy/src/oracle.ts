/**
 * A second, naive implementation of assessment for tests: month by month, exact rationals, no caches,
 * no shortcuts, straight from the packs' JSON of an invented province. It shares no code with the engine.
 */
import type { PackBounds, PackData, PackRate } from './pack.ts';
import type { AssessPerson, Insurance } from './types.ts';

export interface OracleUnit {
  readonly fullyFunded: boolean;
}

/** `person insurance payer period base amount`, sorted; refused months as `person insurance period CODE`. */
export function oracle(
  pack: PackData,
  unit: OracleUnit,
  people: readonly AssessPerson[],
  current: number,
): readonly string[] {
  return people.flatMap((person) => ofPerson(pack, unit, person, current)).sort();
}

function ofPerson(pack: PackData, unit: OracleUnit, person: AssessPerson, current: number) {
  const told: string[] = [];
  const kinds = new Set(person.enrolments.map((each) => each.insurance));
  for (const insurance of kinds) {
    const liable = (month: number) =>
      person.enrolments.some(
        (span) =>
          span.insurance === insurance && span.from <= month && month <= (span.to ?? current),
      );
    let lacking: number | undefined;
    for (let month = 2017 * 12; month <= current; month++) {
      if (!liable(month)) continue;
      const window = windowStart(pack, insurance, month);
      const wage = wageOf(person, insurance, window, month);
      if (wage === undefined) {
        lacking ??= window;
        told.push(`${person.id} ${insurance} ${month} WAGE_MISSING`);
      } else if (lacking !== undefined && lacking < window) {
        told.push(`${person.id} ${insurance} ${month} YEAR_ORDER`);
      } else {
        told.push(...amounts(pack, unit, person.id, insurance, month, wage));
      }
    }
  }
  return told;
}

function windowStart(pack: PackData, insurance: Insurance, month: number): number {
  const base = insurance === 'occupationalAnnuity' ? 'institutionPension' : insurance;
  const start = (pack.windows ?? []).find((row) => row.insurances.includes(base))?.startMonth ?? 1;
  let first = month;
  while ((first % 12) + 1 !== start) first--;
  return first;
}

function wageOf(person: AssessPerson, insurance: Insurance, window: number, month: number) {
  const usable = person.wages.filter(
    (wage) =>
      wage.effective >= window &&
      wage.effective <= month &&
      (wage.insurance === undefined ||
        wage.insurance === insurance ||
        (insurance === 'occupationalAnnuity' && wage.insurance === 'institutionPension')),
  );
  const newest = Math.max(...usable.map((wage) => wage.effective));
  const last = usable.filter((wage) => wage.effective === newest);
  return (
    last.find((wage) => wage.insurance === insurance) ??
    last.find((wage) => wage.insurance !== undefined) ??
    last[0]
  )?.wageFen;
}

function amounts(
  pack: PackData,
  unit: OracleUnit,
  id: string,
  insurance: Insurance,
  month: number,
  wage: number,
): string[] {
  const base = insurance === 'occupationalAnnuity' ? 'institutionPension' : insurance;
  const bounds = covering<PackBounds>(
    (pack.bounds ?? []).filter((row) => row.insurances.includes(base)),
    month,
  );
  const [floor, cap] = [cents(bounds?.floor), cents(bounds?.cap)];
  const whole = ((BigInt(wage) + 50n) / 100n) * 100n;
  const clamped = whole < floor ? floor : whole > cap ? cap : whole;
  return ['employer', 'employee'].flatMap((payer) => {
    const rate = covering<PackRate>(
      (pack.rates ?? []).filter((row) => row.insurance === insurance && row.payer === payer),
      month,
    );
    const millionths = BigInt(Math.round(Number(rate?.rate) * 1e6));
    const numerator = clamped * millionths;
    const up = (numerator % 1_000_000n) * 2n >= 1_000_000n ? 1n : 0n;
    const amount = numerator / 1_000_000n + up + cents(rate?.fixed ?? '0.00');
    const recorded =
      unit.fullyFunded && insurance === 'occupationalAnnuity' && payer === 'employer';
    const nothingDue = millionths === 0n && cents(rate?.fixed ?? '0.00') === 0n;
    if (nothingDue || (amount === 0n && !recorded)) return [];
    const mark = recorded ? ' recorded' : '';
    return [`${id} ${insurance} ${payer} ${month} ${clamped} ${amount}${mark}`];
  });
}

function covering<Row extends { from: string; to: string | null }>(
  rows: readonly Row[],
  month: number,
): Row | undefined {
  const text = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  return rows.find((row) => row.from <= text && text <= (row.to ?? '9999-12'));
}

function cents(text: string | undefined): bigint {
  const [whole = '0', fraction = '00'] = (text ?? '0.00').split('.');
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
}
