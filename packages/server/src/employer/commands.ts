import { checkCreditCode, err, ok } from '@shebao/kernel';
import type { FundingType, Insurance, UnitKind, UnitSize } from '@shebao/levy';
import { sql } from 'kysely';
import type { Command } from '../platform/index.ts';
import { factorUnits, taxOrgCodeOf } from './employer.ts';
import { taxpayerByNo } from './store.ts';

/** What the officer enters for a taxpayer. */
export interface TaxpayerRegistration {
  readonly taxpayerId: string;
  readonly name: string;
}

/** What the officer enters for a 单位编号. */
export interface UnitRegistration {
  readonly taxpayerId: string;
  readonly unitNo: string;
  readonly name: string;
  readonly region: string;
  readonly unitKind: UnitKind;
  readonly fundingType: FundingType;
  readonly unitSize: UnitSize | null;
  readonly riskClass: number | null;
  readonly floatFactor: string;
  readonly insurances: readonly Insurance[];
}

const creditCodeFaults = {
  length: '长度不是 18 位',
  characters: '含有不允许的字符',
  check: '校验码不符',
} as const;

/** What to tell the officer about a credit code; codes with faults were really issued, so it is no refusal. */
function creditCodeWarnings(taxpayerId: string): string[] {
  const checked = checkCreditCode(taxpayerId);
  if (checked.ok) return [];
  const fault = creditCodeFaults[checked.error];
  return [`纳税人识别号${fault}，不是有效的统一社会信用代码，请与登记证件核对`];
}

/** 登记缴费单位 */
export const registerTaxpayer: Command<
  TaxpayerRegistration,
  { readonly taxpayerId: string; readonly warnings: string[] }
> = {
  name: 'employer.registerTaxpayer',
  chain: (input) => `taxpayer:${input.taxpayerId}`,
  describe: (input) => ({ subject: input.taxpayerId, detail: { name: input.name } }),
  async run(tx, input, { at }) {
    const done = await sql`
      INSERT INTO taxpayer (taxpayer_id, name, registered_at)
      VALUES (${input.taxpayerId}, ${input.name}, ${at.iso})
      ON CONFLICT (taxpayer_id) DO NOTHING`.execute(tx.q);
    if (done.numAffectedRows !== 1n) return err({ code: 'TAXPAYER_EXISTS' });
    return ok({ taxpayerId: input.taxpayerId, warnings: creditCodeWarnings(input.taxpayerId) });
  },
};

/** 登记单位编号 */
export const registerUnit: Command<
  UnitRegistration,
  { readonly unitNo: string; readonly warnings: string[] }
> = {
  name: 'employer.registerUnit',
  chain: (input) => `unit:${input.unitNo}`,
  describe: (input) => ({
    subject: input.unitNo,
    detail: {
      taxpayerId: input.taxpayerId,
      region: input.region,
      unitKind: input.unitKind,
      fundingType: input.fundingType,
      unitSize: input.unitSize,
      riskClass: input.riskClass,
      floatFactor: input.floatFactor,
      insurances: input.insurances,
    },
  }),
  async run(tx, input, { at }) {
    const taxpayer = await taxpayerByNo(tx.q, input.taxpayerId);
    if (!taxpayer) return err({ code: 'NOT_FOUND' });
    const done = await sql`
      INSERT INTO unit (unit_no, taxpayer, name, region, unit_kind, funding_type, unit_size,
        risk_class, float_factor, tax_org_code, insurances, registered_at)
      VALUES (${input.unitNo}, ${taxpayer.id}, ${input.name}, ${input.region}, ${input.unitKind},
        ${input.fundingType}, ${input.unitSize}, ${input.riskClass},
        ${factorUnits(input.floatFactor)}, ${taxOrgCodeOf(input.region)},
        ${[...new Set(input.insurances)]}::text[], ${at.iso})
      ON CONFLICT (unit_no) DO NOTHING`.execute(tx.q);
    if (done.numAffectedRows !== 1n) return err({ code: 'UNIT_EXISTS' });
    return ok({ unitNo: input.unitNo, warnings: unitWarnings(input) });
  },
};

/** What does not fit together in a registration, but is for the officer to judge. */
function unitWarnings(input: UnitRegistration): string[] {
  const warnings: string[] = [];
  const pays = (insurance: Insurance): boolean => input.insurances.includes(insurance);
  if (pays('enterprisePension') && pays('institutionPension')) {
    warnings.push('险种同时包含企业职工基本养老保险和机关事业单位基本养老保险，请核对');
  }
  if (pays('workInjury') && input.riskClass === null) {
    warnings.push('已选工伤保险但未填行业风险类别，核定时将缺少费率');
  }
  if (pays('occupationalAnnuity') && !pays('institutionPension')) {
    warnings.push('职业年金应与机关事业单位基本养老保险一并参加，请核对');
  }
  return warnings;
}
