import { baseRoundings, formatMonth, formatYuan, type Month } from '@shebao/kernel';
import {
  boundsFor,
  clampBase,
  type Insurance,
  insurances,
  type Policy,
  payers,
  type RateProfile,
  rateFor,
  roundingFor,
  unitKinds,
  unitSizes,
} from '@shebao/levy';
import { answerOf, type LevyContext } from './levy-answer.ts';
import { askBaseWithin, roundWage } from './levy-figures.ts';
import { date, decimalText, type Fields, given, month, region, whole, word } from './levy-input.ts';

/** `bounds`: floor and cap of a month as known on a day. */
export function askBounds(fields: Fields, { policy }: LevyContext): Fields {
  const insurance = word(fields, 'insurance', insurances);
  const bounds = boundsFor(
    policy,
    region(fields),
    insurance,
    month(fields, 'period'),
    asOf(fields),
  );
  return answerOf(bounds, (found) => ({
    floor: formatYuan(found.floorFen),
    cap: formatYuan(found.capFen),
    from: formatMonth(found.from),
    to: found.to === null ? null : formatMonth(found.to),
    source: found.source,
    status: found.status,
  }));
}

/** `base`: bounds from the question or from policy. */
export function askBase(fields: Fields, context: LevyContext): Fields {
  if (given(fields, 'floor') || given(fields, 'cap')) return askBaseWithin(fields);
  const place = region(fields);
  const insurance = word(fields, 'insurance', insurances);
  const period = month(fields, 'period');
  const bounds = boundsFor(context.policy, place, insurance, period, asOf(fields));
  return answerOf(bounds, (found) => {
    const rounding = given(fields, 'rounding')
      ? word(fields, 'rounding', baseRoundings)
      : regionalRounding(context.policy, place, insurance, period);
    const { baseFen, clamped } = clampBase(roundWage(fields, rounding), found, 'none');
    return { base: formatYuan(baseFen), clamped };
  });
}

/** `rate`: after float, staged cut and relief. */
export function askRate(fields: Fields, { policy }: LevyContext): Fields {
  const profile: RateProfile = {
    region: region(fields),
    ...(given(fields, 'unitKind') && { unitKind: word(fields, 'unitKind', unitKinds) }),
    ...(given(fields, 'unitSize') && { unitSize: word(fields, 'unitSize', unitSizes) }),
    ...(given(fields, 'riskClass') && { riskClass: whole(fields, 'riskClass', 1, 8) }),
    ...(given(fields, 'floatFactor') && { floatFactor: decimalText(fields, 'floatFactor') }),
    ...(given(fields, 'stagedCut') && { stagedCut: decimalText(fields, 'stagedCut') }),
    ...(given(fields, 'baseRate') && { baseRate: decimalText(fields, 'baseRate') }),
  };
  const insurance = word(fields, 'insurance', insurances);
  const payer = word(fields, 'payer', payers);
  const found = rateFor(policy, profile, insurance, payer, month(fields, 'period'), asOf(fields));
  return answerOf(found, ({ exact, row, relief }) => {
    const sources = [row?.source ?? '给定的基准费率', ...(relief ? [relief.source] : [])];
    return { rate: exact, source: sources.join('；') };
  });
}

/** The day on which rules must have been known; undefined: everything known. */
export function asOf(fields: Fields): string | undefined {
  return given(fields, 'asOf') ? date(fields, 'asOf') : undefined;
}

function regionalRounding(policy: Policy, place: string, insurance: Insurance, period: Month) {
  const rounding = roundingFor(policy, place, insurance, period);
  return rounding.ok ? rounding.value.base : 'yuanHalfUp';
}
