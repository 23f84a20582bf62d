import type { FundingType, Insurance, UnitKind, UnitProfile, UnitSize } from '@shebao/levy';

/** 缴费单位 */
export interface Taxpayer {
  readonly id: number;
  readonly taxpayerId: string;
  readonly name: string;
  readonly registeredAt: string;
}

/** 单位编号: the unit by which people are enrolled and contributions declared. */
export interface Unit {
  readonly id: number;
  readonly unitNo: string;
  readonly name: string;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly region: string;
  readonly unitKind: UnitKind;
  readonly fundingType: FundingType;
  readonly unitSize: UnitSize | null;
  readonly riskClass: number | null;
  /** Decimal, e.g. `1.2`. */
  readonly floatFactor: string;
  /** 征收机关代码, 12 digits. */
  readonly taxOrgCode: string;
  readonly insurances: readonly Insurance[];
  /** The same unit as the levy engine takes it. */
  readonly profile: UnitProfile;
}

/**
 * The 征收机关 that collects in a region: the city's, as districts have no code of their own here.
 * `330106` (西湖区) and `330100` (杭州市) both give `133010000000`.
 */
export function taxOrgCodeOf(region: string): string {
  return `1${region.slice(0, 4)}0000000`;
}

/** Ten-thousandths of a factor written as a decimal: `1.2` is 12000. */
export function factorUnits(factor: string): number {
  const [whole = '', part = ''] = factor.split('.');
  return Number(whole) * 10_000 + Number(part.padEnd(4, '0'));
}

/** Writes ten-thousandths as a decimal without trailing zeros: 12000 is `1.2`. */
export function formatFactor(units: number): string {
  const part = String(units % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(units / 10_000));
  return part === '' ? whole : `${whole}.${part}`;
}
