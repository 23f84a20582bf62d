import {
  err,
  type Fen,
  fen,
  formatMonth,
  formatYuanGrouped,
  type Month,
  ok,
  type Result,
  sumFen,
} from '@shebao/kernel';
import { amountInWords, type FormDocument } from '../document/index.ts';

/** ISSUED is what the public page calls 有效; the others never become valid again. */
export type CertificateState = 'reserved' | 'issued' | 'superseded' | 'revoked';

export type CertificateEvent = 'archive' | 'supersede' | 'revoke';

/** What may happen to a certificate: a table, so that tests can enumerate it. */
export const certificateTransitions: Readonly<
  Record<CertificateState, Partial<Record<CertificateEvent, CertificateState>>>
> = {
  reserved: { archive: 'issued' },
  issued: { supersede: 'superseded', revoke: 'revoked' },
  superseded: {},
  revoked: {},
};

/** The state's name on screen. */
export const certificateStateNames = {
  reserved: '有效',
  issued: '有效',
  superseded: '已换开',
  revoked: '已作废',
} as const satisfies Record<CertificateState, string>;

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The check character of ISO 7064 MOD 37,36 over digits and capital letters. */
export function checkCharacter(text: string): string {
  let product = 36;
  for (const character of text) {
    const value = alphanumeric.indexOf(character);
    if (value < 0) throw new Error(`not alphanumeric: ${character}`);
    product = (product + value) % 36 || 36;
    product = (product * 2) % 37;
  }
  return alphanumeric[(37 - product) % 36] ?? '';
}

/** What an archived document is: two certificates, three receipts. */
export type DocumentKind = 'unit' | 'person' | 'submission' | 'void' | 'payment';

/** The title of each kind, also on the public page. */
export const documentTitles: Readonly<Record<DocumentKind, string>> = {
  unit: '社会保险费缴费证明（单位）',
  person: '社会保险费缴费证明（职工）',
  submission: '社会保险费申报受理回执',
  void: '社会保险费申报作废回执',
  payment: '社会保险费缴费回执',
};

/** SBZM 证明, SBHZ 回执. */
export function numberPrefix(kind: DocumentKind): 'SBZM' | 'SBHZ' {
  return kind === 'unit' || kind === 'person' ? 'SBZM' : 'SBHZ';
}

/** 编号: prefix, six digits of the authority, date, eight-digit sequence, check character. */
export function documentNumber(
  kind: DocumentKind,
  agency: string,
  date: string,
  sequence: number,
): string {
  const body = `${numberPrefix(kind)}${agency.slice(0, 6)}${date.replaceAll('-', '')}${String(sequence).padStart(8, '0')}`;
  return `${body}${checkCharacter(body)}`;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 验证码: 26 characters (130 bits) of Crockford Base32 from 17 random bytes. */
export function verificationCode(random: Uint8Array): string {
  if (random.length < 17) throw new Error('17 random bytes are needed');
  let bits = 0n;
  for (const byte of random.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let index = 0; index < 26; index += 1) {
    code += crockford[Number((bits >> BigInt(index * 5)) & 31n)];
  }
  return code;
}

/** The code in groups of five, as it is printed. */
export function printedCode(code: string): string {
  return code.replace(/(.{5})(?=.)/g, '$1 ');
}

/** A code as somebody typed it: spaces, hyphens and look-alike letters forgiven. */
export function typedCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** A holder as strangers see it: the first two characters. */
export function maskedHolder(name: string): string {
  return `${name.slice(0, 2)}${'*'.repeat(Math.max(1, name.length - 2))}`;
}

/** One paid line of a unit: 单位编号 × period × 征收品目. */
export interface PaidUnitLine {
  readonly unitNo: string;
  readonly period: Month;
  readonly insurance: string;
  readonly insuranceName: string;
  readonly levyItem: string;
  readonly payer: 'employer' | 'employee';
  readonly people: number;
  readonly baseFen: Fen;
  readonly amountFen: Fen;
  readonly lateFeeFen: Fen;
  /** 已退费: a part that went back, its amounts negative, on `paidOn`. */
  readonly status: '已缴款未入库' | '已入库' | '已退费';
  readonly paidOn: string | null;
  readonly taxVoucherNo: string | null;
  /** What went back of the whole bill of its declaration. */
  readonly billRefundedFen: number;
  /** null: taken over from the former system. */
  readonly declarationId: string | null;
}

/** One paid line of a person: period × insurance, both shares. */
export interface PaidPersonLine {
  readonly personId: string;
  readonly unitNo: string;
  readonly period: Month;
  readonly insurance: string;
  readonly insuranceName: string;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  readonly employerFen: Fen;
  readonly employeeFen: Fen;
  /** 已退费: a part that went back, its amounts negative, on `paidOn`. */
  readonly status: '已缴款未入库' | '已入库' | '已退费';
  readonly paidOn: string | null;
  /** What went back of the whole bill of its declaration. */
  readonly billRefundedFen: number;
  readonly declarationId: string | null;
}

/** What every certificate says about itself. */
export interface CertificateHead {
  readonly certificateNo: string;
  readonly issuedOn: string;
  readonly issuer: string;
  readonly taxpayerName: string;
  readonly taxpayerId: string;
  readonly from: Month;
  readonly to: Month;
  readonly verification: { readonly url: string; readonly code: string };
  readonly sampleSeal: boolean;
}

const range = (head: CertificateHead) =>
  head.from === head.to
    ? formatMonth(head.from)
    : `${formatMonth(head.from)} 至 ${formatMonth(head.to)}`;

function commonHead(head: CertificateHead): [string, string][] {
  return [
    ['证明编号', head.certificateNo],
    ['填发日期', head.issuedOn],
    ['缴费单位名称', head.taxpayerName],
    ['纳税人识别号', head.taxpayerId],
  ];
}

const closingNotes = [
  '本证明由缴费单位自助开具；以验证结果为准；退费以（ ）表示。',
  '状态“已缴款未入库”表示款项已扣收、尚未划缴国库。',
];

const totalsOf = (totalFen: Fen) => [
  `合计（小写）：￥${formatYuanGrouped(totalFen)}`,
  `合计（大写）：${amountInWords(totalFen)}`,
];

/** An amount as certificates print it: what went back stands in （ ）. */
function signedText(amount: Fen): string {
  return amount < 0 ? `（${formatYuanGrouped(fen(0 - amount))}）` : formatYuanGrouped(amount);
}

/** Wage, base and late fee belong to what was paid; a part that went back has none. */
const paidOnly = (line: { readonly status: string }, amount: Fen) =>
  line.status === '已退费' ? '—' : formatYuanGrouped(amount);

/** 社会保险费缴费证明（单位）: refuses an empty choice. */
export function unitCertificate(
  head: CertificateHead,
  lines: readonly PaidUnitLine[],
): Result<{ form: FormDocument; totalFen: Fen }, 'empty'> {
  if (lines.length === 0) return err('empty');
  const totalFen = sumFen(lines.flatMap((line) => [line.amountFen, line.lateFeeFen]));
  const units = [...new Set(lines.map((line) => line.unitNo))];
  const form: FormDocument = {
    title: documentTitles.unit,
    head: [...commonHead(head), ['单位编号', units.join('、')], ['费款所属期', range(head)]],
    columns: [
      { title: '费款所属期', align: 'center', weight: 1.7 },
      { title: '单位编号', align: 'left', weight: 2.7 },
      { title: '征收品目', align: 'left', weight: 3.7 },
      { title: '人数', align: 'right', weight: 1.4 },
      { title: '缴费基数', align: 'right', weight: 3 },
      { title: '滞纳金', align: 'right', weight: 1.6 },
      { title: '实缴金额', align: 'right', weight: 2.8 },
      { title: '缴款日期', align: 'center', weight: 2.3 },
      { title: '状态', align: 'center', weight: 2.1 },
    ],
    rows: lines.map((line) => [
      formatMonth(line.period),
      line.unitNo,
      line.levyItem,
      String(line.people),
      paidOnly(line, line.baseFen),
      paidOnly(line, line.lateFeeFen),
      signedText(line.amountFen),
      line.paidOn ?? '—',
      line.status,
    ]),
    sums: ['合计', '', '', '', '', '', formatYuanGrouped(totalFen), '', ''],
    totals: totalsOf(totalFen),
    notes: closingNotes,
    issuer: head.issuer,
    issuedOn: head.issuedOn,
    verification: head.verification,
    sampleSeal: head.sampleSeal,
  };
  return ok({ form, totalFen });
}

/** A person as the certificate names them. */
export interface CertifiedPerson {
  readonly name: string;
  readonly documentType: string;
  /** Masked, unless the whole number was asked for. */
  readonly identityNumber: string;
}

/** Insurances whose employer share may be levied on the unit's total payroll, without a person's part. */
const leviedOnPayroll: ReadonlySet<string> = new Set(['enterprisePension', 'unemployment']);

/** The employer's part in a person's line; a share levied on total payroll is nobody's in particular. */
function employerText(line: PaidPersonLine): string {
  return line.employerFen === 0 && line.status !== '已退费' && leviedOnPayroll.has(line.insurance)
    ? '单位统缴'
    : signedText(line.employerFen);
}

/** 社会保险费缴费证明（职工）: one person or a list of people, each row naming its person. */
export function personCertificate(
  head: CertificateHead,
  lines: readonly PaidPersonLine[],
  people: ReadonlyMap<string, CertifiedPerson>,
): Result<{ form: FormDocument; totalFen: Fen }, 'empty'> {
  if (lines.length === 0) return err('empty');
  const totalFen = sumFen(lines.flatMap((line) => [line.employerFen, line.employeeFen]));
  const ids = [...new Set(lines.map((line) => line.personId))];
  const only = ids.length === 1 ? people.get(ids[0] ?? '') : undefined;
  const form: FormDocument = {
    title: documentTitles.person,
    head: [
      ...commonHead(head),
      ...(only
        ? ([
            ['姓名', only.name],
            [only.documentType, only.identityNumber],
          ] as [string, string][])
        : ([['职工人数', String(ids.length)]] as [string, string][])),
      ['费款所属期', range(head)],
    ],
    columns: [
      { title: '姓名', align: 'left', weight: 1.8 },
      { title: '证件号码', align: 'left', weight: 3.5 },
      { title: '费款所属期', align: 'center', weight: 1.7 },
      { title: '险种', align: 'left', weight: 3.5 },
      { title: '缴费工资', align: 'right', weight: 2 },
      { title: '缴费基数', align: 'right', weight: 2 },
      { title: '单位缴费', align: 'right', weight: 1.9 },
      { title: '个人缴费', align: 'right', weight: 1.9 },
      { title: '状态', align: 'center', weight: 2.1 },
    ],
    rows: lines.map((line) => [
      people.get(line.personId)?.name ?? '',
      people.get(line.personId)?.identityNumber ?? '',
      formatMonth(line.period),
      line.insuranceName,
      paidOnly(line, line.wageFen),
      paidOnly(line, line.baseFen),
      employerText(line),
      signedText(line.employeeFen),
      line.status,
    ]),
    sums: [
      '合计',
      '',
      '',
      '',
      '',
      '',
      formatYuanGrouped(sumFen(lines.map((line) => line.employerFen))),
      formatYuanGrouped(sumFen(lines.map((line) => line.employeeFen))),
      '',
    ],
    totals: totalsOf(totalFen),
    notes: [
      '本证明含个人信息，请妥善保管。',
      ...(lines.some((line) => employerText(line) === '单位统缴')
        ? ['“单位统缴”表示单位部分按工资总额计征或按政策免征，不分摊到个人。']
        : []),
      ...closingNotes,
    ],
    issuer: head.issuer,
    issuedOn: head.issuedOn,
    verification: head.verification,
    sampleSeal: head.sampleSeal,
  };
  return ok({ form, totalFen });
}
