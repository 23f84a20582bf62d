import type { FormDocument } from '../document/index.ts';
import { authorities } from '../treasury/index.ts';
import { origins } from './agreement.ts';
import { accountAad, type PaymentPorts } from './ports.ts';
import { type AgreementRecord, accounts, agreements } from './tables.ts';

const duties: readonly (readonly [string, string])[] = [
  ['缴费单位', '保证账户名称、账号真实有效，在扣款前备足款项；信息变更时先终止本协议再重新签订。'],
  ['税务机关', '只按缴费单位确认缴费的金额，或经其选择的批量扣款发出扣款指令，并提供缴款凭证。'],
  ['开户银行', '收到扣款指令后即时从约定账户足额划转，划转结果及时回执；不另行通知付款单位确认。'],
];

/** 委托扣款协议书 as it stands, for the unit's files: parties, account, who owes what to whom. */
export async function agreementForm(
  ports: Pick<PaymentPorts, 'read' | 'open' | 'now'>,
  held: AgreementRecord,
  sampleSeal: boolean,
): Promise<FormDocument> {
  const authority = await ports.read.of(authorities).get({ taxOrg: held.taxOrg });
  const account = await ports.read.of(accounts).get({ id: held.accountId });
  const issuer = authority?.name ?? '主管税务机关';
  return {
    title: '委托扣款协议书',
    head: [
      ['协议书号', held.protocolNo],
      ['协议状态', held.state],
      ['纳税人识别号', held.taxpayerId],
      ['缴费单位', held.taxpayerName],
      ['征收机关', issuer],
      ['征收机关代码', held.taxOrg],
      ['开户银行', held.bankName],
      ['开户行行号', held.openingBankNo],
      ['账户名称', held.holder],
      ['清算行行号', held.clearingBankNo],
      ['缴款账号', account ? ports.open(account.cipher, accountAad(account.id)) : ''],
      ['签订方式', origins[held.origin]],
      ['签订日期', held.createdAt.slice(0, 10)],
      ['验证通过日期', held.verifiedAt?.slice(0, 10) ?? '未验证'],
    ],
    columns: [
      { title: '当事人', align: 'left', weight: 2 },
      { title: '权利与责任', align: 'left', weight: 8 },
    ],
    rows: duties.map(([party, duty]) => [party, duty]),
    sums: [],
    totals: [],
    notes: [
      '本协议自开户银行验证通过之日起生效，至任何一方通过税库银终止之日止。',
      '本文件含完整账号，请妥善保管。',
    ],
    issuer,
    issuedOn: ports.now().date,
    sampleSeal,
  };
}

/** The banks with which agreements stand here, for choosing instead of typing. */
export async function banksOf(ports: Pick<PaymentPorts, 'read'>) {
  const held = await ports.read.of(agreements).find({ state: '有效' }, { order: ['bankName'] });
  const banks = new Map(
    held.map(({ bankName, openingBankNo, clearingBankNo }) => [
      `${bankName} ${openingBankNo} ${clearingBankNo}`,
      { bankName, openingBankNo, clearingBankNo },
    ]),
  );
  return [...banks.values()];
}
