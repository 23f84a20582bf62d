import { addMonths, type Fen, fen, type Month, monthOf, monthOfDate, yearOf } from '@shebao/kernel';
import type { Insurance, Policy } from '@shebao/levy';
import type { UnitRegistration } from '../employer/index.ts';
import { effectiveMonths } from '../policy/index.ts';
import { inventName, rareName } from './names.ts';
import { creditCode, identityNumbers } from './numbers.ts';
import { type Source, seededSource } from './random.ts';

/** A person of the demo world. */
export interface DemoPerson {
  readonly name: string;
  readonly number: string;
  readonly from: Month;
  /** The last insured month that 人社 delivered this month; null: insured on. */
  readonly to: Month | null;
  /** Delivered this month: neither in the employer's copy nor with a wage, and never levied. */
  readonly newcomer: boolean;
  readonly arrivedOn: string;
  readonly wages: readonly { readonly effectiveMonth: Month; readonly wageFen: Fen }[];
}

export interface DemoUnit {
  readonly registration: UnitRegistration;
  readonly people: readonly DemoPerson[];
  /** An empty copy: the employer never made an update. */
  readonly copied: boolean;
}

export interface DemoAgreement {
  readonly protocolNo: string;
  readonly bankName: string;
  readonly openingBankNo: string;
  readonly clearingBankNo: string;
  readonly account: string;
  readonly funds: 'ample' | 'short';
  /** Yuan, two digits. */
  readonly balance: string;
}

export interface DemoTaxpayer {
  readonly taxpayerId: string;
  readonly name: string;
  readonly initialPassword: boolean;
  readonly units: readonly DemoUnit[];
  readonly agreements: readonly DemoAgreement[];
}

/** The demo world at a business date (YYYY-MM-DD): pure, the same for the same date. */
export function planDemoWorld(today: string, policy: Policy): readonly DemoTaxpayer[] {
  const source = seededSource(`demo ${today}`);
  const period = monthOfDate(today);
  const draw = identityNumbers(source, yearOf(period), today);
  const maker: Maker = { options: new Map(), source, draw, period, policy };
  return [
    institution(maker),
    enterprise(maker, { ...medium, people: 300 }),
    archive(maker),
    enterprise(maker, { ...large, people: 10_000 }),
  ];
}

interface Maker {
  /** Effective months by start, which thousands share. */
  readonly options: Map<Month, readonly Month[]>;
  readonly source: Source;
  readonly draw: () => string;
  readonly period: Month;
  readonly policy: Policy;
}

const region = '330100';
const institutionInsurances: readonly Insurance[] = ['institutionPension', 'occupationalAnnuity'];
const enterpriseInsurances: readonly Insurance[] = [
  'enterprisePension',
  'unemployment',
  'medical',
  'maternity',
  'workInjury',
];

function institution(maker: Maker): DemoTaxpayer {
  const taxpayerId = creditCode('12330100', '47000002');
  const name = '杭州市云栖示例学校';
  const common = {
    taxpayerId,
    region,
    unitKind: 'institution',
    fundingType: 'partial',
    unitSize: null,
    riskClass: null,
    floatFactor: '1',
    insurances: institutionInsurances,
  } as const;
  const april = monthOf(yearOf(maker.period) - 2, 4);
  const main = [
    ...ordinaryPeople(maker, 35),
    ordinaryPerson(maker, rareName(0)),
    ordinaryPerson(maker, rareName(4)),
    stoppedPerson(maker),
    stoppedPerson(maker),
    newcomer(maker, april),
    newcomer(maker, maker.period),
    newcomer(maker, maker.period),
  ];
  return {
    taxpayerId,
    name,
    initialPassword: false,
    units: [
      {
        registration: { ...common, unitNo: '330100100101', name },
        people: main,
        copied: true,
      },
      {
        registration: { ...common, unitNo: '330100100102', name: `${name}滨江校区` },
        people: ordinaryPeople(maker, 12),
        copied: true,
      },
    ],
    agreements: [
      { ...banks[0], ...account('01', '1202021099000018'), ...ample('50000000.00') },
      { ...banks[1], ...account('02', '3301040160000027'), funds: 'short', balance: '66.00' },
    ],
  };
}

/** A fully state-funded institution that never signed in and has no agreement. */
function archive(maker: Maker): DemoTaxpayer {
  const taxpayerId = creditCode('12330100', '47000010');
  const name = '杭州市示例档案馆';
  const registration = {
    taxpayerId,
    unitNo: '330100300301',
    name,
    region,
    unitKind: 'institution',
    fundingType: 'full',
    unitSize: null,
    riskClass: null,
    floatFactor: '1',
    insurances: institutionInsurances,
  } as const;
  const units = [{ registration, people: ordinaryPeople(maker, 8), copied: false }];
  return { taxpayerId, name, initialPassword: true, units, agreements: [] };
}

const medium = {
  taxpayerId: creditCode('91330100', 'MA200030'),
  name: '杭州示例精工机械有限公司',
  unitNo: '330100200201',
  unitSize: 'medium',
  riskClass: 2,
  agreement: ['03', '1202021099000034', '80000000.00'],
} as const;
const large = {
  taxpayerId: creditCode('91330100', 'MA200048'),
  name: '浙江示例智造集团有限公司',
  unitNo: '330100400401',
  unitSize: 'large',
  riskClass: 3,
  agreement: ['04', '3301040160000043', '2000000000.00'],
} as const;

function enterprise(
  maker: Maker,
  of: (typeof medium | typeof large) & { readonly people: number },
): DemoTaxpayer {
  const { taxpayerId, name, unitNo, unitSize, riskClass, agreement } = of;
  const registration = {
    taxpayerId,
    unitNo,
    name,
    region,
    unitKind: 'enterprise',
    fundingType: 'none',
    unitSize,
    riskClass,
    floatFactor: '1',
    insurances: enterpriseInsurances,
  } as const;
  const bank = unitSize === 'large' ? banks[1] : banks[0];
  const [order, number, balance] = agreement;
  return {
    taxpayerId,
    name,
    initialPassword: false,
    units: [{ registration, people: ordinaryPeople(maker, of.people), copied: true }],
    agreements: [{ ...bank, ...account(order, number), ...ample(balance) }],
  };
}

/** The banks of the demo world; names and numbers are invented. */
export const banks = [
  {
    bankName: '示例工商银行杭州西湖支行',
    openingBankNo: '102331000001',
    clearingBankNo: '102331000000',
  },
  {
    bankName: '示例建设银行杭州滨江支行',
    openingBankNo: '105331000002',
    clearingBankNo: '105331000000',
  },
] as const;

function account(order: string, number: string): { protocolNo: string; account: string } {
  return { protocolNo: `3301002021${order.padStart(6, '0')}`, account: number };
}

function ample(balance: string): { funds: 'ample'; balance: string } {
  return { funds: 'ample', balance };
}

function ordinaryPeople(maker: Maker, count: number): DemoPerson[] {
  return Array.from({ length: count }, () => ordinaryPerson(maker));
}

/** Insured on, since between January two years ago and the month before last. */
function ordinaryPerson(maker: Maker, name = inventName(maker.source)): DemoPerson {
  const { source, period } = maker;
  const earliest = monthOf(yearOf(period) - 2, 1);
  const latest = addMonths(period, -2);
  // Most have been here all along.
  const from = source.below(3) > 0 ? earliest : (source.between(earliest, latest) as Month);
  return {
    name,
    number: maker.draw(),
    from,
    to: null,
    newcomer: false,
    arrivedOn: firstDay(from),
    wages: inventWages(maker, from),
  };
}

function stoppedPerson(maker: Maker): DemoPerson {
  return { ...ordinaryPerson(maker), to: addMonths(maker.period, -1) };
}

function newcomer(maker: Maker, from: Month): DemoPerson {
  return {
    name: inventName(maker.source),
    number: maker.draw(),
    from,
    to: null,
    newcomer: true,
    arrivedOn: firstDay(maker.period),
    wages: [],
  };
}

function firstDay(month: Month): string {
  return `${yearOf(month)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** A wage for each base year from the start on; some below the floor, some above the cap. */
function inventWages(maker: Maker, from: Month): DemoPerson['wages'] {
  const { source, options, policy, period } = maker;
  let months = options.get(from);
  if (!months) {
    months = effectiveMonths(policy, region, 'institutionPension', from, period);
    options.set(from, months);
  }
  const shape = source.below(1000) / 1000;
  let yuan = 3050 + Math.round(26_000 * shape * shape * shape + 3200 * shape);
  return months.map((effectiveMonth) => {
    const cents = source.below(10) === 0 ? 50 : 0;
    const wage = { effectiveMonth, wageFen: fen(yuan * 100 + cents) };
    yuan = Math.round((yuan * (1000 + source.between(0, 80))) / 1000);
    return wage;
  });
}
