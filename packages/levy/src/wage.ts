import type { Month } from '@shebao/kernel';
import type { Insurance, Wage } from './types.ts';
import { baseInsurance } from './window.ts';

/** The latest wage of the base year that is in force in a month; one for the insurance before one for all. */
export function findWage(
  wages: readonly Wage[],
  insurance: Insurance,
  windowFrom: Month,
  month: Month,
): Wage | undefined {
  const base = baseInsurance(insurance);
  let best: Wage | undefined;
  for (const wage of wages) {
    if (wage.effective > month || wage.effective < windowFrom) continue;
    const own = wage.insurance;
    if (own !== undefined && own !== insurance && own !== base) continue;
    if (!best || wage.effective > best.effective) best = wage;
    else if (wage.effective === best.effective && own !== undefined) {
      if (best.insurance === undefined || own === insurance) best = wage;
    }
  }
  return best;
}
