import type { MessageSpec } from './spec.ts';

const QUERY = {
  SendOrgCode: 'n12',
  SearchType: 'e1-2',
  OriMsgNo: 'n4',
  OriEntrustDate: 'd',
  OriPackNo: 'n8?',
  OriTraNo: 'n8?',
} as const;

const RECEIPT = {
  OriMsgNo: 'n4',
  OriSendOrgCode: 'n12',
  OriEntrustDate: 'd',
  OriRequestNo: 'n8',
  Result: 'n5',
  AddWord: 't60?',
} as const;

/** Session, agreements, queries, receipts and refunds. */
export const SESSION_MESSAGES = {
  '9003': {
    title: '交易状态查询',
    lanes: ['online'],
    blocks: { StateQuery: { times: 'one', fields: QUERY } },
  },
  '9004': {
    title: '交易状态回执',
    lanes: ['inbox'],
    blocks: {
      StateReturn: { times: 'one', fields: { ...QUERY, ChkDate: 'd?', OpStat: 'n5' } },
    },
  },
  '9005': { title: '连接测试', lanes: ['online', 'inbox'], blocks: {} },
  '9006': {
    title: '登录',
    lanes: ['online'],
    blocks: {
      LoginApply: {
        times: 'one',
        fields: { Password: 't32?', NewPassword: 't32?', ReplyTo: 't200' },
      },
    },
  },
  '9007': {
    title: '登录回执',
    lanes: ['inbox'],
    blocks: {
      LoginReturn: {
        times: 'one',
        fields: {
          Result: 'n5',
          AddWord: 't60?',
          WorkDate: 'd',
          SysStat: 'e0-2',
          NowTime: 'n14',
          CutTime: 'n6?',
        },
      },
    },
  },
  '9008': { title: '签退', lanes: ['online'], blocks: {} },
  '9009': {
    title: '签退回执',
    lanes: ['inbox'],
    blocks: { LogoutReturn: { times: 'one', fields: { Result: 'n5', AddWord: 't60?' } } },
  },
  '9101': {
    title: '状态变更通知',
    lanes: ['inbox'],
    blocks: { StateNotice: { times: 'one', fields: { WorkDate: 'd', SysStat: 'e0-2' } } },
  },
  '9104': {
    title: '停运通知',
    lanes: ['inbox'],
    blocks: {
      StopNotice: {
        times: 'one',
        fields: {
          RunSign: 'e0-1',
          StopRunTime: 'n14',
          BackRunTime: 'n14?',
          StopRunReason: 't60?',
        },
      },
    },
  },
  '9111': {
    title: '批量回执重发申请',
    lanes: ['batch'],
    blocks: {
      ResendPack: {
        times: 'one',
        fields: { SendOrgCode: 'n12', OriMsgNo: 'n4', OriEntrustDate: 'd', OriPackNo: 'n8' },
      },
    },
  },
  '9112': {
    title: '对账清单重发申请',
    lanes: ['batch'],
    blocks: {
      ResendList: {
        times: 'one',
        fields: { SendOrgCode: 'n12', OriMsgNo: 'n4', ChkDate: 'd' },
      },
    },
  },
  '9117': {
    title: '对账清单分包重发申请',
    lanes: ['batch'],
    blocks: {
      ResendPart: {
        times: 'one',
        fields: {
          SendOrgCode: 'n12',
          OriMsgNo: 'n4',
          ChkDate: 'd',
          PackNo: 'n8',
          CurPackNo: 'i',
        },
      },
    },
  },
  '9114': {
    title: '三方协议验证与撤销',
    lanes: ['online'],
    blocks: {
      ProveInfo: {
        times: 'one',
        fields: {
          SendOrgCode: 'n12',
          EntrustDate: 'd',
          VCNo: 'n8',
          VCSign: 'e0-1',
          TaxOrgCode: 'n12',
          TaxPayName: 't200',
          TaxPayCode: 't20',
          PayOpBkCode: 'n12',
          PayBkCode: 'n12',
          PayAcct: 't32',
          HandOrgName: 't200',
          ProtocolNo: 't60',
        },
      },
    },
  },
  '9115': {
    title: '三方协议验证回执',
    lanes: ['inbox'],
    blocks: {
      ProveReturn: {
        times: 'one',
        fields: {
          OriSendOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriVCNo: 'n8',
          VCResult: 'e0-1',
          AddWord: 't60?',
        },
      },
    },
  },
  '9120': {
    title: '通用应答',
    lanes: ['online', 'inbox'],
    blocks: {
      CommonReturn: {
        times: 'one',
        fields: { OriMsgNo: 'n4', Result: 'n5', AddWord: 't60?', Information: 't200?' },
      },
    },
  },
  '9121': {
    title: '通用确认应答',
    lanes: ['inbox'],
    blocks: { ReceiptReturn: { times: 'one', fields: RECEIPT } },
  },
  '9122': {
    title: '通用处理结果通知',
    lanes: ['inbox'],
    blocks: { ResultNotice: { times: 'one', fields: RECEIPT } },
  },
  '1104': {
    title: '退库请求',
    lanes: ['batch'],
    blocks: {
      DrawBack: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          TraNo: 'n8',
          DrawBackTreCode: 'n10',
          DrawBackVouNo: 'n18',
          OriTaxVouNo: 'n18',
          TraAmt: 'a',
          DrawBackReasonCode: 'n2',
          PayeeOpBkCode: 'n12',
          PayeeAcct: 't32',
          PayeeName: 't200',
          Remark: 't60?',
        },
      },
    },
  },
} as const satisfies Record<string, MessageSpec>;
