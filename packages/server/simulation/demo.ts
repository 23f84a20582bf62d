export const ORG = '133010000000';
export const NODE = '133010000001';
export const TAXPAYER = '12330100470000001X';
export const BRANCH = '102331000001';
/** 2021-03-10 09:00:00 in Asia/Shanghai. */
export const NINE = Date.UTC(2021, 2, 10, 1);
export const PAYEE = {
  treCode: '1101000000',
  payeeBankNo: '011331000001',
  payeeOrgCode: '330100000000',
  payeeAcct: '330100000000001',
  payeeName: '国家金库示例支库',
};
const idOf = (kind: number, at: number) =>
  `00000000-0000-4000-8${String(kind).padStart(3, '0')}-${String(at).padStart(12, '0')}`;
/** The declarations whose bills are paid. */
export const BILL_IDS: readonly string[] = [1, 2, 3].map((at) => idOf(1, at));
/** The ids of officers' batches and stop notices. */
export const batchIdOf = (at: number): string => idOf(3, at);
export const stopIdOf = (at: number): string => idOf(4, at);
/** The ids of applications for refunds. */
export const applicationIdOf = (at: number): string => idOf(5, at);
/** 2021-03 */
export const MONTH = 24254;
/** The unit's own number in the books. */
export const UNIT = { unitId: 1, unitNo: '330100000123' } as const;
/** The id that a client makes for its pay order. */
export const paymentIdOf = (at: number): string => idOf(2, at);
/** The unit's agreements: one account with plenty, one that is soon empty. */
export const AGREEMENTS = [
  { protocolNo: '202100000001', account: '1202021099000001', balance: '50000000.00' },
  { protocolNo: '202100000002', account: '1202021099000002', balance: '5000.00' },
] as const;
const CLEARING = '102331000000';
export const HOLDER = '示例学校';

/** What hub and banks hold. */
export const DEMO = JSON.stringify({
  workDate: '20210310',
  node: NODE,
  password: '',
  taxOrgs: [{ code: ORG, name: '示例市税务局' }],
  treasuries: [PAYEE],
  banks: [{ bankNo: BRANCH, clearingBankNo: CLEARING, name: '示例银行' }],
  accounts: AGREEMENTS.map(({ account: acct, balance }) => ({
    bankNo: BRANCH,
    acct,
    holder: HOLDER,
    balance,
    state: 'open',
  })),
  agreements: AGREEMENTS.map(({ protocolNo, account }) => ({
    protocolNo,
    taxOrgCode: ORG,
    taxPayCode: TAXPAYER,
    taxPayName: HOLDER,
    payOpBkCode: BRANCH,
    payBkCode: CLEARING,
    payAcct: account,
    handOrgName: HOLDER,
    state: 'valid',
  })),
});

/** The same agreements as the service holds them. */
export const HELD = AGREEMENTS.map(({ protocolNo, account }) => ({
  taxpayerId: TAXPAYER,
  taxpayerName: HOLDER,
  taxOrg: ORG,
  protocolNo,
  bankName: '示例银行',
  openingBankNo: BRANCH,
  clearingBankNo: CLEARING,
  account,
  holder: HOLDER,
}));
