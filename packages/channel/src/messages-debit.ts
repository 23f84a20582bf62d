import type { Blocks, MessageSpec } from './spec.ts';

const TAX_SUBJECTS = {
  TaxSubjectList: {
    times: 'any',
    fields: {
      DetailNo: 'i',
      TaxSubjectCode: 't20',
      TaxSubjectName: 't60',
      TaxNumber: 'a?',
      TaxAmt: 'a?',
      TaxRate: 'r?',
      ExpTaxAmt: 'a',
      DiscountTaxAmt: 'a',
      FactTaxAmt: 'a',
    },
  },
} as const satisfies Blocks;

const TAX_TYPES = {
  TaxTypeList: {
    times: 'some',
    fields: {
      ProjectId: 'i',
      BudgetSubjectCode: 't30',
      LimitDate: 'd',
      TaxTypeName: 't60',
      BudgetLevelCode: 'e0-6',
      BudgetLevelName: 't60?',
      TaxStartDate: 'd',
      TaxEndDate: 'd',
      ViceSign: 't35?',
      TaxType: 'e1-4',
      TaxTypeAmt: 'a',
      DetailNum: 'i',
    },
    inner: TAX_SUBJECTS,
  },
} as const satisfies Blocks;

const PAYMENT_TAIL = {
  BudgetType: 'e1-2',
  TrimSign: 'e0-1',
  CorpType: 't12?',
  PrintVouSign: 'e0-1',
  Remark: 't60?',
  Remark1: 't60?',
  Remark2: 't60?',
  TaxTypeNum: 'i',
} as const;

const PAYER = {
  HandOrgName: 't200',
  TraAmt: 'a',
  TaxVouNo: 'n18',
  BillDate: 'd',
  TaxPayCode: 't20',
  TaxPayName: 't200',
  CorpCode: 't20?',
} as const;

const TURN_ACCOUNT = {
  HandleType: 'e1-2',
  PayeeBankNo: 'n12',
  PayeeOrgCode: 't12',
  PayeeAcct: 't32',
  PayeeName: 't60',
  PayBkCode: 'n12',
  PayOpBkCode: 'n12',
} as const;

/** Debits, their reversal and the state query. */
export const DEBIT_MESSAGES = {
  '1001': {
    title: '实时扣税请求',
    lanes: ['online'],
    blocks: {
      RealHead: { times: 'one', fields: { TaxOrgCode: 'n12', EntrustDate: 'd', TraNo: 'n8' } },
      TurnAccount: { times: 'one', fields: TURN_ACCOUNT },
      Payment: {
        times: 'one',
        fields: { PayAcct: 't32', ...PAYER, ProtocolNo: 't60', ...PAYMENT_TAIL },
        inner: TAX_TYPES,
      },
    },
  },
  '2001': {
    title: '实时扣税回执',
    lanes: ['inbox'],
    blocks: {
      SingleReturn: {
        times: 'one',
        fields: {
          OriTaxOrgCode: 'n12',
          OriTraNo: 'n8',
          OriEntrustDate: 'd',
          TaxVouNo: 'n18',
          TaxDate: 'd?',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
    },
  },
  '1021': {
    title: '实时扣税冲正请求',
    lanes: ['online'],
    blocks: {
      RushApply: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          CancelNo: 'n8',
          OriEntrustDate: 'd',
          OriTraNo: 'n8',
          CancelReason: 't60?',
        },
      },
    },
  },
  '2021': {
    title: '实时扣税冲正回执',
    lanes: ['inbox'],
    blocks: {
      RushReturn: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          OriCancelNo: 'n8',
          OriCancelDate: 'd',
          OriTraNo: 'n8',
          OriEntrustDate: 'd',
          CancelAnswer: 'e0-2',
          AddWord: 't60?',
        },
      },
    },
  },
  '1102': {
    title: '批量扣税请求',
    lanes: ['batch'],
    blocks: {
      BatchHead: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          PackNo: 'n8',
          ReturnTerm: 'e0-5',
          AllNum: 'i',
          AllAmt: 'a',
        },
      },
      TurnAccount: { times: 'one', fields: TURN_ACCOUNT },
      Payment: {
        times: 'some',
        fields: { TraNo: 'n8', PayAcct: 't32', ...PAYER, ProtocolNo: 't60', ...PAYMENT_TAIL },
        inner: TAX_TYPES,
      },
    },
  },
  '2102': {
    title: '批量扣税回执',
    lanes: ['inbox'],
    blocks: {
      BatchHead: {
        times: 'one',
        fields: {
          PayBkCode: 'n12',
          EntrustDate: 'd',
          PackNo: 'n8',
          OriTaxOrgCode: 'n12',
          OriEntrustDate: 'd',
          OriPackNo: 'n8',
          AllNum: 'i',
          AllAmt: 'a',
          SuccNum: 'i',
          SuccAmt: 'a',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
      BatchReturn: {
        times: 'some',
        fields: {
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
  '1123': {
    title: '止付申请',
    lanes: ['online'],
    blocks: {
      StopApply: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          StopNo: 'n8',
          OriPackNo: 'n8',
          OriTraNo: 'n8?',
          OriEntrustDate: 'd',
          StopReason: 't60?',
        },
      },
    },
  },
  '2123': {
    title: '止付回执',
    lanes: ['inbox'],
    blocks: {
      DelApply: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          OriStopNo: 'n8',
          OriPackNo: 'n8',
          OriTraNo: 'n8?',
          OriEntrustDate: 'd',
          StopAnswer: 'e0-1',
          AddWord: 't60?',
        },
      },
    },
  },
  '1008': {
    title: '银行申报回执',
    lanes: ['online'],
    blocks: {
      RealHead: {
        times: 'one',
        fields: {
          TaxOrgCode: 'n12',
          EntrustDate: 'd',
          TraNo: 'n8?',
          OriBankNo: 'n12',
          OriEntrustDate: 'd',
          OriLevyNo: 'n8',
          Result: 'n5',
          AddWord: 't60?',
        },
      },
      TurnAccount: {
        times: 'optional',
        fields: {
          TreCode: 'n10',
          PayeeBankNo: 'n12',
          PayeeAcct: 't32',
          PayeeName: 't60',
          PayOpBkCode: 'n12',
        },
      },
      Payment: {
        times: 'optional',
        fields: { PayAcct: 't32?', ...PAYER, ProtocolNo: 't60?', ...PAYMENT_TAIL },
        inner: TAX_TYPES,
      },
    },
  },
} as const satisfies Record<string, MessageSpec>;
