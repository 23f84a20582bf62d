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
