import { codeClass } from '@shebao/channel';

/** What a result code of a debit means (channel, section 7). Unlisted codes are unknown, never failure. */
export type ResultClass = 'success' | 'reversed' | 'declined' | 'unknown';

/** Classifies a code by itself; AddWord never decides. */
export function classOf(code: string): ResultClass {
  const found = codeClass(code);
  if (found === 'success' || found === 'reversed') return found;
  return found === 'refused' ? 'declined' : 'unknown';
}

/** Codes after which the agreement itself is in doubt. */
export function doubtsAgreement(code: string): boolean {
  return code === '24001' || code === '24009' || code === '24011';
}

/** What people read: the bank's reason in plain words, and who does what next. */
export interface PlainOutcome {
  readonly message: string;
  readonly nextStep: string;
}

const askBank = '请联系开户银行处理后重新缴费，或选择其他账号';
const askOffice = '请联系征收机关处理后重新缴费';
const payAgain = '费款仍可缴纳，请重新缴费';

const plain: Readonly<Record<string, PlainOutcome>> = {
  '24001': { message: '扣款账号不存在或状态异常，未扣款', nextStep: askBank },
  '24003': { message: '本次扣款已撤销，未扣款', nextStep: payAgain },
  '24005': { message: '银行拒绝从该账户扣款，未扣款', nextStep: askBank },
  '24007': { message: '扣款账户已冻结，未扣款', nextStep: askBank },
  '24008': { message: '银行拒绝从该账户扣款，未扣款', nextStep: askBank },
  '24009': { message: '银行没有该账户的扣款协议，未扣款', nextStep: '请重新签订并验证三方协议' },
  '24011': { message: '三方协议不符或已撤销，未扣款', nextStep: '请到“三方协议”核对并重新验证' },
  '24020': { message: '本次扣款已撤销，未扣款或已退回', nextStep: payAgain },
  '99090': { message: '银行处理失败，未扣款', nextStep: '请稍后重新缴费，或选择其他账号' },
  '92010': { message: '扣款指令内容不符，银行未受理，未扣款', nextStep: askOffice },
  '92011': { message: '税库银已切换工作日期，未扣款', nextStep: payAgain },
  '92012': { message: '扣款指令已超过有效时间，未扣款', nextStep: payAgain },
  '92013': { message: '税库银系统当前非工作状态，未扣款', nextStep: '请在税库银开放后重新缴费' },
  '92014': { message: '收款账户或机构代码不符，未扣款', nextStep: askOffice },
};

/** The bank's refusal in plain words. `addWord` is a hint only, shown where the code alone says too little. */
export function plainRefusal(code: string, addWord: string): PlainOutcome {
  if (code === '24004') {
    if (addWord === '' || addWord.includes('余额不足')) {
      return {
        message: '账户余额不足，未扣款',
        nextStep: '请存入足够款项后重新缴费，或选择其他账号',
      };
    }
    return { message: `银行拒绝扣款（${addWord}），未扣款`, nextStep: askBank };
  }
  const known = plain[code];
  if (!known) return { message: '扣款未成功，未扣款', nextStep: payAgain };
  const hinted = code === '24005' || code === '24008' || code === '24011' || code === '99090';
  if (!hinted || addWord === '') return known;
  return { ...known, message: known.message.replace('，未扣款', `（${addWord}），未扣款`) };
}
