import { amountOf, codeText, type MessageBody, type MessageOf } from '@shebao/channel';
import { dashed, type Store } from '../treasury/index.ts';
import { attempts, orders } from './tables.ts';

type Line = MessageOf<'3111'>['body']['BankCompare'][number];

/** 3111, the copy of one bank's list: whether our records agree with its lines (2111). It decides nothing, 3122 does. */
export async function compareBankCopy(
  store: Store,
  message: MessageOf<'3111'>,
): Promise<MessageBody<'2111'>> {
  const { CompHead: head, BankCompare: lines } = message.body;
  let different = 0;
  for (const line of lines) if (!(await isOurs(store, line))) different += 1;
  const Result = different === 0 ? '90000' : '24030';
  return {
    CompReturn: {
      OriPayBankNo: head.PayBkCode,
      OriChkDate: head.ChkDate,
      OriChkAcctOrd: head.ChkAcctOrd,
      OriPayeeBankNo: head.PayeeBankNo,
      Result,
      AddWord: different === 0 ? '相符' : `${codeText(Result)}：${different} 笔`,
    },
  };
}

async function isOurs(store: Store, line: Line): Promise<boolean> {
  const key = { taxOrg: line.OriTaxOrgCode, entrustDate: dashed(line.OriEntrustDate) };
  const attempt = await store.of(attempts).get({ ...key, traNo: line.OriTraNo });
  const order = attempt && (await store.of(orders).get({ id: attempt.orderId }));
  if (!attempt || !order) return false;
  return (
    attempt.state === 'SUCCEEDED' &&
    (attempt.packNo ?? '') === line.OriPackNo &&
    order.taxVouNo === line.TaxVouNo &&
    order.amountFen === amountOf(line.TraAmt)
  );
}
