import type { Agency } from '@shebao/contract';
import { type Insurance, insurances } from '@shebao/levy';

/** The agencies that keep the accounts of people, as people call them. */
export const agencyNames: Readonly<Record<Agency, string>> = {
  hrss: '人社部门',
  medicalInsurance: '医保部门',
};

export const agencies = Object.keys(agencyNames) as readonly Agency[];

const medical: ReadonlySet<Insurance> = new Set(['medical', 'maternity', 'largeMedical']);

/** Whose accounts an insurance is kept in. */
export function agencyOf(insurance: Insurance): Agency {
  return medical.has(insurance) ? 'medicalInsurance' : 'hrss';
}

/** The insurances of an agency. */
export function insurancesOf(agency: Agency): readonly Insurance[] {
  return insurances.filter((insurance) => agencyOf(insurance) === agency);
}

export type FeedEvent = 'paid' | 'undone' | 'refunded';

/**
 * What the feed must say next of a declaration: nothing when it already says what is true. Decided by states, not by
 * messages, so that doubled, late and reordered work comes to the same feed.
 */
export function nextEvent(
  bill: 'UNPAID' | 'LOCKED' | 'PAID' | 'TREASURED' | 'REFUNDED' | 'VOIDED' | null,
  standsPaid: boolean,
): FeedEvent | null {
  const paid = bill === 'PAID' || bill === 'TREASURED';
  if (paid === standsPaid) return null;
  if (paid) return 'paid';
  return bill === 'REFUNDED' ? 'refunded' : 'undone';
}

/** How far a paid month of a person has come. */
export function creditStateOf(
  sent: boolean,
  receipted: boolean,
): '待传递' | '已传递' | '已记入个人' {
  if (!sent) return '待传递';
  return receipted ? '已记入个人' : '已传递';
}
