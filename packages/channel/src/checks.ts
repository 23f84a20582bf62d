import { amountOf, sumOf } from './amounts.ts';
import type { MsgNo, ReadBody } from './catalogue.ts';
import { MAX_LINES } from './catalogue.ts';
import { notAfterOf } from './times.ts';

/** A count or sum that does not hold, or fields that contradict each other. */
export interface ContentProblem {
  readonly path: string;
  readonly detail: string;
}

type Problem = ContentProblem | null;
type Debit = ReadBody<'1001'>['Payment'];
type Fields = { readonly msgNo: MsgNo; readonly body: unknown };

const QUERIED = new Set(['1001', '1102', '1008', '1104', '9114']);

const CHECKS: { readonly [N in MsgNo]?: (body: ReadBody<N>) => Problem } = {
  '1001': (body) => paymentProblem(body.Payment, 'Payment', 'mandatory'),
  '1102': packProblem,
  '1008': fetchedProblem,
  '1009': (body) =>
    Number(body.QueryReturn.LevyNum) === body.LevyList.length
      ? null
      : problem('QueryReturn/LevyNum', '笔数不符'),
  '1104': (body) => positive(body.DrawBack.TraAmt, 'DrawBack/TraAmt'),
  '2001': (body) =>
    (body.SingleReturn.Result === '90000') === (body.SingleReturn.TaxDate !== '')
      ? null
      : problem('SingleReturn/TaxDate', '扣税日期与处理结果不符'),
  '9003': (body) => queryProblem(body.StateQuery, 'StateQuery'),
  '9004': (body) => stateProblem(body.StateReturn),
};

/** Checks counts, sums and what fields say about each other; null when all holds. */
export function contentProblem(message: Fields): Problem {
  const check = CHECKS[message.msgNo] as ((body: unknown) => Problem) | undefined;
  return check ? check(message.body) : null;
}

/** Checks one payment: amount, counts, sums down to the subjects, and `notAfter`. */
export function paymentProblem(
  payment: Debit,
  path: string,
  notAfter: 'mandatory' | 'optional',
): Problem {
  const amount = positive(payment.TraAmt, `${path}/TraAmt`);
  if (amount) return amount;
  if (notAfterMissing(payment.Remark2, notAfter)) {
    return problem(`${path}/Remark2`, '缺少指令有效时间 NA');
  }
  const types = payment.TaxTypeList;
  if (Number(payment.TaxTypeNum) !== types.length) {
    return problem(`${path}/TaxTypeNum`, '税种条数不符');
  }
  if (sumOf(types.map((type) => type.TaxTypeAmt)) !== amountOf(payment.TraAmt)) {
    return problem(`${path}/TraAmt`, '税种金额之和与交易金额不符');
  }
  for (const [at, type] of types.entries()) {
    const found = typeProblem(type, at + 1, `${path}/TaxTypeList`);
    if (found) return found;
  }
  return null;
}

function typeProblem(type: Debit['TaxTypeList'][number], number: number, path: string): Problem {
  if (Number(type.ProjectId) !== number) return problem(`${path}/ProjectId`, '项目序号不符');
  const subjects = type.TaxSubjectList;
  if (Number(type.DetailNum) !== subjects.length) return problem(`${path}/DetailNum`, '明细数不符');
  if (subjects.some((subject, at) => Number(subject.DetailNo) !== at + 1)) {
    return problem(`${path}/TaxSubjectList/DetailNo`, '明细序号不符');
  }
  const total = sumOf(subjects.map((subject) => subject.FactTaxAmt));
  if (subjects.length > 0 && total !== amountOf(type.TaxTypeAmt)) {
    return problem(`${path}/TaxTypeAmt`, '明细金额之和与税种金额不符');
  }
  return null;
}

function packProblem(body: ReadBody<'1102'>): Problem {
  const lines = body.Payment;
  if (lines.length > MAX_LINES) return problem('Payment', '明细超过 1000 笔');
  if (Number(body.BatchHead.AllNum) !== lines.length)
    return problem('BatchHead/AllNum', '总笔数不符');
  if (sumOf(lines.map((line) => line.TraAmt)) !== amountOf(body.BatchHead.AllAmt)) {
    return problem('BatchHead/AllAmt', '总金额不符');
  }
  if (new Set(lines.map((line) => line.TraNo)).size !== lines.length) {
    return problem('Payment/TraNo', '交易流水号重复');
  }
  for (const line of lines) {
    const found = paymentProblem(line, 'Payment', 'optional');
    if (found) return found;
  }
  return null;
}

function fetchedProblem(body: ReadBody<'1008'>): Problem {
  const { RealHead: head, TurnAccount: account, Payment: payment } = body;
  if (head.Result !== '90000') {
    const bare = account === null && payment === null && head.TraNo === '';
    return bare ? null : problem('RealHead/Result', '未成功的回执不应带缴款内容');
  }
  if (!account || !payment || head.TraNo === '')
    return problem('Payment', '成功的回执缺少缴款内容');
  return paymentProblem(payment, 'Payment', 'mandatory');
}

function queryProblem(query: ReadBody<'9003'>['StateQuery'], path: string): Problem {
  if (!QUERIED.has(query.OriMsgNo)) return problem(`${path}/OriMsgNo`, '不支持查询该报文');
  if (query.SearchType === '1') {
    return query.OriTraNo === '' ? problem(`${path}/OriTraNo`, '缺少交易流水号') : null;
  }
  if (query.OriMsgNo !== '1102') return problem(`${path}/SearchType`, '只有批量包可按包查询');
  return query.OriPackNo === '' ? problem(`${path}/OriPackNo`, '缺少包流水号') : null;
}

// An agreement check and a refund are booked on no date that matters to the one who asks.
function stateProblem(state: ReadBody<'9004'>['StateReturn']): Problem {
  const found = queryProblem(state, 'StateReturn');
  if (found) return found;
  if (state.ChkDate !== '' && state.OpStat !== '90000') {
    return problem('StateReturn/ChkDate', '未成功的交易不应有记账日期');
  }
  const booked = ['1001', '1102', '1008'].includes(state.OriMsgNo) && state.SearchType === '1';
  return booked && state.OpStat === '90000' && state.ChkDate === ''
    ? problem('StateReturn/ChkDate', '成功的交易缺少记账日期')
    : null;
}

function notAfterMissing(remark: string, notAfter: 'mandatory' | 'optional'): boolean {
  if (remark === '' && notAfter === 'optional') return false;
  return notAfterOf(remark) === null;
}

function positive(amount: string, path: string): Problem {
  return amountOf(amount) > 0 ? null : problem(path, '金额必须大于 0');
}

function problem(path: string, detail: string): ContentProblem {
  return { path, detail };
}
