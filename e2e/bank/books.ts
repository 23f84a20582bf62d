import { type Fields, readField } from './wire.ts';

/** What a bank is told on paper before it can begin (section 11). */
export interface Agreed {
  readonly workDate: string;
  readonly node: string;
  readonly taxOrgs: readonly { readonly code: string }[];
  readonly treasuries: readonly { readonly payeeAcct: string; readonly payeeOrgCode: string }[];
  readonly accounts: readonly { bankNo: string; acct: string; balance: string; state: string }[];
  readonly agreements: readonly Readonly<Record<string, string>>[];
}

interface Debit {
  readonly voucher: string;
  readonly fen: number;
  readonly account: string;
  state: 'collected' | 'refused' | 'reversed';
  code: string;
  readonly entrustDate: string;
  readonly traNo: string;
  readonly org: string;
}

/** What accounts hold and what became of each debit: the bank's business, without its wire. */
export class Books {
  workDate = '';
  readonly debits = new Map<string, Debit>();
  #agreed: Agreed | undefined;
  readonly #balances = new Map<string, number>();
  readonly #tombstones = new Set<string>();

  /** Takes over accounts and agreements, before the first debit. */
  agree(agreed: Agreed): void {
    this.#agreed = agreed;
    this.workDate = agreed.workDate;
    for (const { bankNo, acct, balance } of agreed.accounts) {
      this.#balances.set(`${bankNo} ${acct}`, fenOf(balance));
    }
  }

  get taxOrgs(): readonly string[] {
    return this.#agreed?.taxOrgs.map(({ code }) => code) ?? [];
  }

  get node(): string {
    return this.#agreed?.node ?? '';
  }

  /** What all accounts hold together, in fen. */
  total(): number {
    return [...this.#balances.values()].reduce((sum, fen) => sum + fen, 0);
  }

  /** 3122: what was collected on a date for an authority. */
  dayList(org: string, date: string, packNo: string): Fields {
    const lines = [...this.debits.values()].filter(
      (debit) => debit.org === org && debit.entrustDate === date && debit.state === 'collected',
    );
    const amount = yuanOf(lines.reduce((sum, debit) => sum + debit.fen, 0));
    const count = String(lines.length);
    return {
      CompHead3122: {
        ChkDate: date,
        PackNo: packNo,
        TaxOrgCode: org,
        AllNum: count,
        AllAmt: amount,
        ChildPackNum: '1',
        CurPackNo: '1',
        CurPackNum: count,
        CurPackAmt: amount,
      },
      CompDeduct3122: lines.map((debit) => ({
        PayeeOrgCode: this.#agreed?.treasuries[0]?.payeeOrgCode ?? '',
        OriMsgNo: '1001',
        OriSendOrgCode: debit.org,
        OriEntrustDate: debit.entrustDate,
        OriPackNo: '',
        OriTraNo: debit.traNo,
        OriTaxVouNo: debit.voucher,
        TraAmt: yuanOf(debit.fen),
        TaxDate: date,
        OpStat: '90000',
        AddWord: '成功',
      })),
    };
  }

  /** 9115: whether an agreement is the one we hold. */
  prove(bytes: Buffer): Fields {
    const found = this.#agreed?.agreements.find(
      (one) => one['protocolNo'] === readField(bytes, 'ProtocolNo'),
    );
    const agrees = found?.['payAcct'] === readField(bytes, 'PayAcct');
    return {
      ProveReturn9115: {
        OriSendOrgCode: readField(bytes, 'SendOrgCode'),
        OriEntrustDate: readField(bytes, 'EntrustDate'),
        OriVCNo: readField(bytes, 'VCNo'),
        VCResult: agrees ? '0' : '1',
        AddWord: agrees ? '验证通过' : '缴款账号错误',
      },
    };
  }

  /** 2001: debits once, whatever is asked how often. `now` is hub time. */
  debit(bytes: Buffer, now: string): Fields {
    const [org, entrustDate, traNo] = [
      readField(bytes, 'TaxOrgCode'),
      readField(bytes, 'EntrustDate'),
      readField(bytes, 'TraNo'),
    ];
    const key = `${org} ${entrustDate} ${traNo}`;
    const account = `${readField(bytes, 'PayOpBkCode')} ${readField(bytes, 'PayAcct')}`;
    const debit = this.debits.get(key) ?? {
      org,
      entrustDate,
      traNo,
      account,
      voucher: readField(bytes, 'TaxVouNo'),
      fen: fenOf(readField(bytes, 'TraAmt')),
      state: 'refused' as const,
      code: '',
    };
    if (debit.code === '') {
      debit.code = this.#refusal(debit, key, bytes, now);
      if (debit.code === '90000') {
        this.#balances.set(account, (this.#balances.get(account) ?? 0) - debit.fen);
        debit.state = 'collected';
      }
      this.debits.set(key, debit);
    }
    return {
      SingleReturn2001: {
        OriTaxOrgCode: org,
        OriTraNo: traNo,
        OriEntrustDate: entrustDate,
        TaxVouNo: debit.voucher,
        TaxDate: debit.code === '90000' ? this.workDate : '',
        Result: debit.code,
        AddWord: debit.code === '90000' ? '成功' : '交易失败',
      },
    };
  }

  /** The first reason against a debit in the order of section 8, or 90000. */
  #refusal(debit: Debit, key: string, bytes: Buffer, now: string): string {
    const notAfter = /^NA=(\d{14})$/.exec(readField(bytes, 'Remark2'))?.[1];
    const balance = this.#balances.get(debit.account);
    if (this.#tombstones.has(key)) return '24020';
    if (notAfter === undefined) return '92010';
    if (readField(bytes, 'WorkDate') !== this.workDate) return '92011';
    if (debit.entrustDate !== this.workDate) return '92011';
    if (now > notAfter) return '92012';
    if (balance === undefined) return '24001';
    const protocolNo = readField(bytes, 'ProtocolNo');
    if (!this.#agreed?.agreements.some((one) => one['protocolNo'] === protocolNo)) return '24009';
    return balance < debit.fen ? '24004' : '90000';
  }

  /** 9004: what became of a debit. */
  query(bytes: Buffer): Fields {
    const [org, date, traNo] = [
      readField(bytes, 'SendOrgCode'),
      readField(bytes, 'OriEntrustDate'),
      readField(bytes, 'OriTraNo'),
    ];
    const debit = this.debits.get(`${org} ${date} ${traNo}`);
    const code = debit?.state === 'reversed' ? '24020' : (debit?.code ?? '80099');
    return {
      StateReturn9004: {
        SendOrgCode: org,
        SearchType: readField(bytes, 'SearchType'),
        OriMsgNo: readField(bytes, 'OriMsgNo'),
        OriEntrustDate: date,
        OriPackNo: readField(bytes, 'OriPackNo'),
        OriTraNo: traNo,
        ChkDate: code === '90000' ? date : '',
        OpStat: code,
      },
    };
  }

  /** 2021: gives the money back, or sees to it that it is never taken. */
  reverse(bytes: Buffer): Fields {
    const [org, date, traNo] = [
      readField(bytes, 'TaxOrgCode'),
      readField(bytes, 'OriEntrustDate'),
      readField(bytes, 'OriTraNo'),
    ];
    const key = `${org} ${date} ${traNo}`;
    const debit = this.debits.get(key);
    const stands = debit?.state === 'collected' && date !== this.workDate;
    if (!stands) {
      this.#tombstones.add(key);
      if (debit?.state === 'collected') {
        this.#balances.set(debit.account, (this.#balances.get(debit.account) ?? 0) + debit.fen);
        debit.state = 'reversed';
      }
    }
    return {
      RushReturn2021: {
        TaxOrgCode: org,
        OriCancelNo: readField(bytes, 'CancelNo'),
        OriCancelDate: readField(bytes, 'EntrustDate'),
        OriTraNo: traNo,
        OriEntrustDate: date,
        CancelAnswer: stands ? '1' : '0',
        AddWord: stands ? '原交易已成功' : '已撤销',
      },
    };
  }
}

function fenOf(yuan: string): number {
  return Number(yuan.replace('.', ''));
}

function yuanOf(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
