import type { Insurance, LineKind, Payer } from './types.ts';

const names: Record<Insurance, { readonly fee: string; readonly item: string }> = {
  enterprisePension: { fee: '企业职工基本养老保险费', item: '职工基本养老保险' },
  institutionPension: { fee: '机关事业单位基本养老保险费', item: '机关事业单位基本养老保险' },
  occupationalAnnuity: { fee: '职业年金', item: '职业年金' },
  unemployment: { fee: '失业保险费', item: '失业保险' },
  medical: { fee: '基本医疗保险费', item: '职工基本医疗保险' },
  maternity: { fee: '生育保险费', item: '生育保险' },
  workInjury: { fee: '工伤保险费', item: '工伤保险' },
  largeMedical: { fee: '大额医疗互助保险费', item: '职工大额医疗互助保险' },
};

const kindNames: Record<LineKind, string> = {
  current: '正常缴费',
  backPay: '补缴',
  topUp: '补差',
  overpaid: '多缴',
};

/**
 * 参保费种, as on receipts: `机关事业单位基本养老保险费`.
 *
 * @example
 * insuranceName('institutionPension') //=> '机关事业单位基本养老保险费'
 */
export function insuranceName(insurance: Insurance): string {
  return names[insurance].fee;
}

/**
 * 征收品目: `机关事业单位基本养老保险(单位缴纳)`; work injury has a single one, `工伤保险`.
 *
 * @example
 * levyItemName('occupationalAnnuity', 'employee') //=> '职业年金(个人缴纳)'
 */
export function levyItemName(insurance: Insurance, payer: Payer): string {
  const { item } = names[insurance];
  if (insurance === 'workInjury') return item;
  return `${item}(${payer === 'employer' ? '单位缴纳' : '个人缴纳'})`;
}

/**
 * 业务类型: `正常缴费`, `补缴`, `补差`, `多缴`.
 *
 * @example
 * lineKindName('topUp') //=> '补差'
 */
export function lineKindName(kind: LineKind): string {
  return kindNames[kind];
}
