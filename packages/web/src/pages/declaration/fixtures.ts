import type { DueItem } from '@shebao/contract';
import type { DueUnit } from './dues.ts';

function item(unitNo: string, period: string, people: number, amountDue: string): DueItem {
  const kind = period === '2021-03' ? '正常缴费' : '补缴';
  return {
    key: `institutionPension:employer:${period}:${kind}`,
    unitNo,
    insurance: 'institutionPension',
    payer: 'employer',
    insuranceName: '机关事业单位基本养老保险费',
    levyItem: '机关事业单位基本养老保险(单位缴纳)',
    kind,
    period,
    periodStart: `${period}-01`,
    periodEnd: `${period}-28`,
    people,
    contributionBase: '8251.00',
    rate: '0.16',
    amountDue,
    lateFee: '0.00',
    dueDate: '2021-03-31',
    provisional: true,
  };
}

/** A unit with one back-payment and the current month, 1,320.20 yuan in all. */
export function dueUnit(unitNo: string): DueUnit {
  return {
    unitNo,
    unitName: '示例学校',
    people: 40,
    amountDue: '1320.20',
    lateFee: '0.00',
    total: '1320.20',
    items: [item(unitNo, '2021-02', 1, '0.04'), item(unitNo, '2021-03', 40, '1320.16')],
    refusals: [],
    overpaid: '0.00',
    version: `v-${unitNo}`,
    pending: false,
  };
}
