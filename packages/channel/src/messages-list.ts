import type { MessageSpec } from './spec.ts';

const PARTS = {
  AllNum: 'i',
  AllAmt: 'a',
  ChildPackNum: 'i',
  CurPackNo: 'i',
  CurPackNum: 'i',
  CurPackAmt: 'a',
} as const;

const BANK_LIST_HEAD = {
  PayBkCode: 'n12',
  ChkDate: 'd',
  ChkAcctOrd: 'n4',
  PayeeBankNo: 'n12',
  ChkAcctType: 'e0-1',
  PriorChkAcctOrd: 'n4?',
  ...PARTS,
} as const;

const ENTRY_HEAD = {
  TaxOrgCode: 'n12',
  TreCode: 'n10',
  ChkDate: 'd',
  PackNo: 'n8',
  ...PARTS,
} as const;

/** Bank-side payment and the lists after the cut-off. */
export const LIST_MESSAGES = {
  '2091': {
    title: '银行申报查询请求',
    lanes: ['inbox'],
    blocks: {
      QueryApply: {
        times: 'one',
        fields: {
          BankNo: 'n12',
          EntrustDate: 'd',
          QueryNo: 'n8',
          PayOpBkCode: 'n12',
          BankName: 't60',
          TaxOrgCode: 'n12',
          CorpCode: 't20?',
          TaxPayCode: 't20?',
          OuterLevyNo: 't20',
        },
      },
    },
  },
  '1009': {
    title: '银行申报查询回执',
    lanes: ['online'],
    blocks: {
      QueryReturn: {
        times: 'one',
        fields: {
          OriBankNo: 'n12',
          OriEntrustDate: 'd',
          OriQueryNo: 'n8',
          TaxOrgCode: 'n12',
          TaxPayCode: 't20?',
          TaxPayName: 't200?',
          LevyNum: 'i',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
      LevyList: {
        times: 'any',
        fields: {
          OuterLevyNo: 't20',
          TraAmt: 'a',
          LimitDate: 'd',
          TaxTypeName: 't60',
          TaxStartDate: 'd',
          TaxEndDate: 'd',
        },
      },
    },
  },
  '2090': {
    title: '银行端申报请求',
    lanes: ['inbox'],
    blocks: {
      LevyApply: {
        times: 'one',
        fields: {
          BankNo: 'n12',
          EntrustDate: 'd',
          LevyNo: 'n8',
          PayOpBkCode: 'n12',
          BankName: 't60',
          TaxOrgCode: 'n12',
          TaxPayCode: 't20?',
          OuterLevyNo: 't20',
          PayType: 'e1-2',
          PayAcct: 't32?',
          PayName: 't200?',
        },
      },
    },
  },
  '2108': {
    title: '银行端缴款确认',
    lanes: ['inbox'],
    blocks: {
      PayConfirm: {
        times: 'one',
        fields: {
          BankNo: 'n12',
          TaxVouNo: 'n18',
          OriTaxOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriTraNo: 'n8',
          TaxDate: 'd?',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
    },
  },
  '3111': {
    title: '与商业银行税票明细核对',
    lanes: ['inbox'],
    blocks: {
      CompHead: { times: 'one', fields: BANK_LIST_HEAD },
      BankCompare: {
        times: 'any',
        fields: {
          PayOpBkCode: 'n12',
          PayAcct: 't32',
          OriTaxOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriPackNo: 'n8?',
          OriTraNo: 'n8',
          TraAmt: 'a',
          TaxVouNo: 'n18',
          TaxPayName: 't200',
          ProtocolNo: 't60?',
        },
      },
    },
  },
  '2111': {
    title: '税票明细核对回执',
    lanes: ['batch'],
    blocks: {
      CompReturn: {
        times: 'one',
        fields: {
          OriPayBankNo: 'n12',
          OriChkDate: 'd',
          OriChkAcctOrd: 'n4',
          OriPayeeBankNo: 'n12',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
    },
  },
  '3113': {
    title: '与商业银行核对银行端缴款业务',
    lanes: ['inbox'],
    blocks: {
      CompHead: { times: 'one', fields: BANK_LIST_HEAD },
      BankPay: {
        times: 'any',
        fields: {
          OriTaxOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriTraNo: 'n8',
          TraAmt: 'a',
          TaxVouNo: 'n18',
          TaxDate: 'd?',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
    },
  },
  '3122': {
    title: '税(费)票明细核对通知',
    lanes: ['inbox'],
    blocks: {
      CompHead: {
        times: 'one',
        fields: { ChkDate: 'd', PackNo: 'n8', TaxOrgCode: 'n12', ...PARTS },
      },
      CompDeduct: {
        times: 'any',
        fields: {
          PayeeOrgCode: 't12',
          OriMsgNo: 'n4',
          OriSendOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriPackNo: 'n8?',
          OriTraNo: 'n8',
          OriTaxVouNo: 'n18',
          TraAmt: 'a',
          TaxDate: 'd?',
          OpStat: 'n5',
          AddWord: 't60?',
        },
      },
    },
  },
  '3126': {
    title: '入库流水',
    lanes: ['inbox'],
    blocks: {
      EntryHead: { times: 'one', fields: ENTRY_HEAD },
      Entry: {
        times: 'any',
        fields: { EntryNo: 'n8', EntryDate: 'd', TaxVouNo: 'n18', TraAmt: 'a' },
      },
    },
  },
  '3139': {
    title: '入库流水明细',
    lanes: ['inbox'],
    blocks: {
      EntryHead: { times: 'one', fields: ENTRY_HEAD },
      EntryDetail: {
        times: 'any',
        fields: {
          EntryNo: 'n8',
          EntryDate: 'd',
          TaxVouNo: 'n18',
          ProjectId: 'i',
          BudgetSubjectCode: 't30',
          BudgetLevelCode: 'e0-6',
          TraAmt: 'a',
        },
      },
    },
  },
} as const satisfies Record<string, MessageSpec>;
