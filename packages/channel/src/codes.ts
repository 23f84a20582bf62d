/**
 * What a result code says about money:
 * `success` it moved; `reversed` it did not move in the end, for ever; `refused` it did not move, for ever;
 * `ask` neither, ask by 9003; `unknown` neither, and nothing follows from it; `missing` the peer knows no such
 * transaction, which is not final.
 */
export type CodeClass = 'success' | 'reversed' | 'refused' | 'ask' | 'missing' | 'unknown';

const REFUSED = [
  '24001',
  '24003',
  '24004',
  '24005',
  '24007',
  '24008',
  '24009',
  '24011',
  '99090',
  '92010',
  '92011',
  '92012',
  '92013',
  '92014',
] as const;

const CLASSES: ReadonlyMap<string, CodeClass> = new Map<string, CodeClass>([
  ['90000', 'success'],
  ['24020', 'reversed'],
  ['94051', 'ask'],
  ['94052', 'ask'],
  ['94053', 'ask'],
  ['80099', 'missing'],
  ...REFUSED.map((code) => [code, 'refused'] as const),
]);

/**
 * The class of a code in 2001, a line of 2102, 9004, 9121, 9122 or a list.
 * A code that is not listed is unknown, never a failure. A 9120 is never classified by this: it decides nothing.
 */
export function codeClass(code: string): CodeClass {
  return CLASSES.get(code) ?? 'unknown';
}

/** Whether a code is final and says that no money moved. */
export function isFinalRefusal(code: string): boolean {
  const found = codeClass(code);
  return found === 'refused' || found === 'reversed';
}

const TEXTS: Readonly<Record<string, string>> = {
  '24001': '账号不存在',
  '24003': '用户已撤销',
  '24004': '余额不足',
  '24005': '账户状态不符',
  '24007': '账户冻结',
  '24008': '账户状态不符',
  '24009': '三方协议未签约',
  '24011': '三方协议不符或已撤销',
  '24020': '业务已撤销',
  '24030': '对账不符',
  '24080': '无此凭证',
  '24081': '凭证已失效或已作废',
  '24082': '凭证正在办理',
  '24083': '凭证已缴款',
  '80002': '处理中',
  '80011': '回执已发出',
  '80099': '无此交易',
  '90000': '成功',
  '91001': '密码错误',
  '91005': '校验电子签名错',
  '92001': '无法识别的报文',
  '92004': '解析报文错',
  '92010': '报文内容不符',
  '92011': '工作日期不符',
  '92012': '超过指令有效时间',
  '92013': '未登录或非营业时间',
  '92014': '机构代码或收款账户不符',
  '94051': '交易重复',
  '94052': '同一流水号内容不同',
  '94053': '同一报文标识内容不同',
  '94999': '与主机通讯异常',
  '99090': '银行交易失败',
  '99091': '银行交易状态未知',
};

/** The text of a code; the code itself where the specification names none. */
export function codeText(code: string): string {
  return TEXTS[code] ?? code;
}

/** The exact texts with which an agreement check fails (9115). Another text is shown as it is. */
export const AGREEMENT_FAILURES = [
  '缴款账号错误',
  '缴款账号名称错误',
  '开户行行号错误',
  '清算行行号错误',
  '纳税人名称错误',
  '协议书号不一致',
  '该账户已有协议',
  '协议不存在',
  '账户冻结',
] as const;

/** A name as it is compared: half-width, without spaces, with round brackets. */
export function comparableName(name: string): string {
  return name
    .replace(/[\uff01-\uff5e]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]/g, '')
    .replace(/[〔【]/g, '(')
    .replace(/[〕】]/g, ')');
}
