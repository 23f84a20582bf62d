import type { Month } from '@shebao/kernel';

/** Groups of the statutory retirement age: men, women with 55 and women with 50. */
export const retirementKinds = ['male60', 'female55', 'female50'] as const;
/** The group whose retirement age holds: men at 60, women at 55 or 50 before the change. */
export type RetirementKind = (typeof retirementKinds)[number];

/** The month of retirement and by how many months it was put off. */
export interface Retirement {
  /** The month in which the age is reached: still liable, the pension starts the month after. */
  readonly retirementMonth: Month;
  readonly delayMonths: number;
}

const groups = {
  male60: { years: 60, firstBirth: 1965 * 12, step: 4, longest: 36 },
  female55: { years: 55, firstBirth: 1970 * 12, step: 4, longest: 36 },
  female50: { years: 50, firstBirth: 1975 * 12, step: 2, longest: 60 },
} as const;

/**
 * The statutory retirement month (国务院关于渐进式延迟法定退休年龄的办法, from 2025-01-01): one month of
 * delay for each started group of four (women with 50: two) months of birth, up to three (five) years.
 *
 * @example
 * // One month later than at 60.
 * formatMonth(retirement(month('1965-01'), 'male60').retirementMonth) //=> '2025-02'
 */
export function retirement(birth: Month, kind: RetirementKind): Retirement {
  const { years, firstBirth, step, longest } = groups[kind];
  const since = birth - firstBirth;
  const delayMonths = since < 0 ? 0 : Math.min(longest, Math.floor(since / step) + 1);
  return { retirementMonth: (birth + years * 12 + delayMonths) as Month, delayMonths };
}
