import {
  type AGREEMENT_FAILURES,
  channelTime,
  comparableName,
  identityKey,
  isChannelAddress,
  type MessageOf,
  type ReadBody,
} from '@shebao/channel';
import { accountKey } from './debits.ts';
import { common, type Handled } from './handle-debit.ts';
import { changeState, type Hub, hubNow, stateOf, write, writeCommon } from './hub.ts';
import type { Agreement } from './model.ts';

type Failure = (typeof AGREEMENT_FAILURES)[number];
type Prove = ReadBody<'9114'>['ProveInfo'];

/** Login: binds the reply address and the password, nothing else. */
export function handleLogin(hub: Hub, message: MessageOf<'9006'>): Handled {
  const { Password, NewPassword, ReplyTo } = message.body.LoginApply;
  if (!isChannelAddress(ReplyTo)) return common(hub, message, '92010', 'ReplyTo 地址不可用');
  const right = Password === stateOf(hub).password;
  if (right) {
    const node = stateOf(hub).node ?? message.head.src;
    const password = NewPassword === '' ? Password : NewPassword;
    changeState(hub, { loggedIn: true, replyTo: ReplyTo, node, password });
  }
  const state = stateOf(hub);
  const body = {
    LoginReturn: {
      Result: right ? '90000' : '91001',
      AddWord: right ? '登录成功' : '密码错误',
      WorkDate: state.workDate,
      SysStat: state.sysStat,
      NowTime: channelTime(hubNow(hub)),
      CutTime: state.cutTime,
    },
  };
  const address = { ref: message.head.msgId, to: message.head.src };
  return { answer: write(hub, '9007', body, address).bytes, keep: true };
}

/** Sign-off: no business until the next login. */
export function handleLogout(hub: Hub, message: MessageOf<'9008'>): Handled {
  changeState(hub, { loggedIn: false });
  const body = { LogoutReturn: { Result: '90000', AddWord: '签退成功' } };
  const address = { ref: message.head.msgId, to: message.head.src };
  return { answer: write(hub, '9009', body, address).bytes, keep: true };
}

/** Connectivity: tells hub time. */
export function handleEcho(hub: Hub, message: MessageOf<'9005'>): Handled {
  const time = `T=${channelTime(hubNow(hub))}`;
  return { answer: writeCommon(hub, '90000', '连接测试成功', message.head, time), keep: true };
}

/** Agreement check and revocation (section 6.2). */
export function handleAgreement(hub: Hub, message: MessageOf<'9114'>): Handled {
  const asked = message.body.ProveInfo;
  const key = identityKey({
    kind: 'agreement',
    owner: asked.SendOrgCode,
    date: asked.EntrustDate,
    number: asked.VCNo,
  });
  const check = hub.store.get('check', key) ?? decide(hub, asked);
  hub.store.put('check', key, check);
  const body = {
    ProveReturn: {
      OriSendOrgCode: asked.SendOrgCode,
      OriEntrustDate: asked.EntrustDate,
      OriVCNo: asked.VCNo,
      VCResult: check.passed ? '0' : '1',
      AddWord: check.addWord,
    },
  };
  const address = { ref: message.head.msgId, to: message.head.src };
  return { answer: write(hub, '9115', body, address).bytes, keep: true };
}

function decide(hub: Hub, asked: Prove): { passed: boolean; addWord: string } {
  const known = hub.store.get('agreement', asked.ProtocolNo);
  const failure =
    asked.VCSign === '1'
      ? revoke(hub, known, asked)
      : known
        ? confirm(hub, known, asked)
        : create(hub, asked);
  const passed = asked.VCSign === '1' ? '撤销成功' : '验证通过';
  return { passed: failure === null, addWord: failure ?? passed };
}

function revoke(hub: Hub, known: Agreement | undefined, asked: Prove): Failure | null {
  if (!known) return '协议不存在';
  const same =
    known.taxPayCode === asked.TaxPayCode &&
    known.payAcct === asked.PayAcct &&
    known.taxOrgCode === asked.TaxOrgCode;
  if (!same) return '协议书号不一致';
  if (known.state === 'valid') {
    hub.store.put('agreement', known.protocolNo, { ...known, state: 'terminated' });
  }
  return null;
}

// A terminated number is never valid again, whatever else agrees.
function confirm(hub: Hub, known: Agreement, asked: Prove): Failure | null {
  if (known.state === 'terminated') return '协议不存在';
  if (known.payOpBkCode !== asked.PayOpBkCode) return '开户行行号错误';
  if (known.payBkCode !== asked.PayBkCode) return '清算行行号错误';
  if (known.payAcct !== asked.PayAcct) return '缴款账号错误';
  if (!sameName(known.handOrgName, asked.HandOrgName)) return '缴款账号名称错误';
  if (!sameName(known.taxPayName, asked.TaxPayName)) return '纳税人名称错误';
  const same = known.taxPayCode === asked.TaxPayCode && known.taxOrgCode === asked.TaxOrgCode;
  return same ? accountFailure(hub, asked) : '协议书号不一致';
}

function create(hub: Hub, asked: Prove): Failure | null {
  const bank = hub.store.get('bank', asked.PayOpBkCode);
  if (!bank) return '开户行行号错误';
  if (bank.clearingBankNo !== asked.PayBkCode) return '清算行行号错误';
  const failure = accountFailure(hub, asked);
  if (failure) return failure;
  if (!hub.store.get('taxOrg', asked.TaxOrgCode)) return '协议书号不一致';
  const taken = hub.store
    .all('agreement')
    .some(
      (each) =>
        each.state === 'valid' &&
        each.taxPayCode === asked.TaxPayCode &&
        each.payOpBkCode === asked.PayOpBkCode &&
        each.payAcct === asked.PayAcct,
    );
  if (taken) return '该账户已有协议';
  hub.store.put('agreement', asked.ProtocolNo, {
    protocolNo: asked.ProtocolNo,
    taxOrgCode: asked.TaxOrgCode,
    taxPayCode: asked.TaxPayCode,
    taxPayName: asked.TaxPayName,
    payOpBkCode: asked.PayOpBkCode,
    payBkCode: asked.PayBkCode,
    payAcct: asked.PayAcct,
    handOrgName: asked.HandOrgName,
    state: 'valid',
  });
  return null;
}

function accountFailure(hub: Hub, asked: Prove): Failure | null {
  const account = hub.store.get('account', accountKey(asked.PayOpBkCode, asked.PayAcct));
  if (!account || account.state === 'closed') return '缴款账号错误';
  if (account.state === 'frozen') return '账户冻结';
  return sameName(account.holder, asked.HandOrgName) ? null : '缴款账号名称错误';
}

function sameName(left: string, right: string): boolean {
  return comparableName(left) === comparableName(right);
}
