import assert from 'node:assert/strict';
import {
  buildMessage,
  createKeyPair,
  createSigner,
  type Draft,
  isOnLane,
  type Message,
  type MessageBody,
  type MessageOf,
  type MsgNo,
  messageId,
  notAfterText,
  openEnvelope,
  PEER_NODE,
  readBody,
  type Signer,
  type Verify,
} from '@shebao/channel';
import { pushReturned } from './answers-back.ts';
import { pinKeys, type Reply, receive } from './core.ts';
import { tick } from './day.ts';
import { loadDemo } from './demo.ts';
import { type Hub, stateOf, step } from './hub.ts';
import { duePushes } from './outbox.ts';
import { createStandInSigner, standInVerify } from './stand-in.ts';
import { Store } from './store.ts';

export const ORG = '133010000000';
export const NODE = '133010000001';
export const DAY = '20210310';
export const BRANCH = '102331000001';
export const CLEARING = '102331000000';
export const RICH = '1202021099000001';
export const POOR = '1202021099000002';
/** 2021-03-10 09:00:00 in Asia/Shanghai. */
export const NINE = Date.UTC(2021, 2, 10, 1);

/** A small demo world: one authority, one treasury, one bank, two accounts, two agreements. */
export const DEMO = JSON.stringify({
  workDate: DAY,
  node: NODE,
  password: '',
  taxOrgs: [{ code: ORG, name: '示例市税务局' }],
  treasuries: [
    {
      treCode: '1101000000',
      payeeBankNo: '011331000001',
      payeeOrgCode: '330100000000',
      payeeAcct: '330100000000001',
      payeeName: '国家金库示例支库',
    },
  ],
  banks: [{ bankNo: BRANCH, clearingBankNo: CLEARING, name: '示例银行' }],
  accounts: [
    { bankNo: BRANCH, acct: RICH, holder: '示例学校', balance: '50000000.00', state: 'open' },
    { bankNo: BRANCH, acct: POOR, holder: '示例学校', balance: '1.00', state: 'open' },
  ],
  agreements: [
    ['202100000001', RICH],
    ['202100000002', POOR],
  ].map(([protocolNo, payAcct]) => ({
    protocolNo,
    taxOrgCode: ORG,
    taxPayCode: '12330100470000001X',
    taxPayName: '示例学校',
    payOpBkCode: BRANCH,
    payBkCode: CLEARING,
    payAcct,
    handOrgName: '示例学校',
    state: 'valid',
  })),
});

/** What a test may vary in a debit. */
export interface DebitWish {
  readonly traNo: string;
  readonly voucher?: string;
  readonly amount?: string;
  readonly acct?: string;
  readonly protocolNo?: string;
  readonly entrustDate?: string;
  readonly holder?: string;
  readonly notAfterMs?: number;
  readonly payeeAcct?: string;
}

/** Plays the initiator: writes and signs messages, reads what comes back. */
export class Initiator {
  readonly signer: Signer;
  workDate = DAY;
  #sequence = 0;

  constructor(signer: Signer) {
    this.signer = signer;
  }

  write<N extends MsgNo>(msgNo: N, body: MessageBody<N>, ref?: string): Buffer {
    this.#sequence += 1;
    const msgId = messageId(DAY, msgNo, this.#sequence);
    const head = {
      src: NODE,
      des: PEER_NODE,
      msgId,
      msgRef: ref ?? msgId,
      workDate: this.workDate,
    };
    const built = buildMessage({ msgNo, head, body } as Draft<N>, this.signer);
    assert.ok(built.ok, JSON.stringify(built));
    return built.value;
  }

  login(replyTo = 'http://127.0.0.1:9', password = ''): Buffer {
    return this.write('9006', { LoginApply: { Password: password, ReplyTo: replyTo } });
  }

  debit(wish: DebitWish): Buffer {
    return this.write('1001', debitBody(wish));
  }

  query(traNo: string, OriMsgNo = '1001', OriPackNo = ''): Buffer {
    const SearchType = traNo === '' ? '2' : '1';
    return this.write('9003', {
      StateQuery: {
        SendOrgCode: ORG,
        SearchType,
        OriMsgNo,
        OriEntrustDate: DAY,
        OriPackNo,
        OriTraNo: traNo,
      },
    });
  }

  reversal(cancelNo: string, traNo: string): Buffer {
    const RushApply = {
      TaxOrgCode: ORG,
      EntrustDate: this.workDate,
      CancelNo: cancelNo,
      OriEntrustDate: DAY,
      OriTraNo: traNo,
    };
    return this.write('1021', { RushApply });
  }
}

/** The body of a debit that is right unless the wish says otherwise. */
function debitBody(wish: DebitWish): MessageBody<'1001'> {
  const TraAmt = wish.amount ?? '2400.00';
  return {
    RealHead: { TaxOrgCode: ORG, EntrustDate: wish.entrustDate ?? DAY, TraNo: wish.traNo },
    TurnAccount: turnAccount(wish.payeeAcct),
    Payment: payment(wish, TraAmt),
  };
}

export function turnAccount(payeeAcct = '330100000000001'): MessageBody<'1001'>['TurnAccount'] {
  return {
    HandleType: '1',
    PayeeBankNo: '011331000001',
    PayeeOrgCode: '330100000000',
    PayeeAcct: payeeAcct,
    PayeeName: '国家金库示例支库',
    PayBkCode: CLEARING,
    PayOpBkCode: BRANCH,
  };
}

export function payment(wish: DebitWish, TraAmt: string): MessageBody<'1001'>['Payment'] {
  return {
    PayAcct: wish.acct ?? RICH,
    HandOrgName: wish.holder ?? '示例学校',
    TraAmt,
    TaxVouNo: wish.voucher ?? `3301202100${wish.traNo}`,
    BillDate: DAY,
    TaxPayCode: '12330100470000001X',
    TaxPayName: '示例学校',
    ProtocolNo: wish.protocolNo ?? '202100000001',
    BudgetType: '1',
    TrimSign: '0',
    PrintVouSign: '0',
    Remark2: notAfterText(wish.notAfterMs ?? NINE + 90_000),
    TaxTypeNum: '1',
    TaxTypeList: [
      {
        ProjectId: '1',
        BudgetSubjectCode: '1021101',
        LimitDate: '20210331',
        TaxTypeName: '机关事业单位基本养老保险费',
        BudgetLevelCode: '3',
        TaxStartDate: '20210301',
        TaxEndDate: '20210331',
        TaxType: '1',
        TaxTypeAmt: TraAmt,
        DetailNum: '0',
      },
    ],
  };
}

/** The core in a test: a clock to turn, a network that only moves when told to. */
export class Bench {
  readonly hub: Hub;
  readonly initiator: Initiator;
  nowMs = NINE;

  constructor(store = new Store()) {
    const verify: Verify = standInVerify;
    const signer = createStandInSigner('hub');
    this.hub = { store, ports: { now: () => this.nowMs, signer, verify } };
    this.initiator = new Initiator(createStandInSigner('initiator'));
    step(this.hub, () => {
      pinKeys(this.hub, NODE, [this.initiator.signer.publicKey]);
      loadDemo(this.hub, DEMO);
    });
  }

  /** Sends bytes and returns what HTTP would. */
  send(bytes: Uint8Array): Reply {
    const { msgNo } = this.read(bytes, this.initiator.signer.publicKey);
    const lane = isOnLane(msgNo, 'batch') ? 'batch' : 'online';
    return receive(this.hub, { lane, bytes }).value;
  }

  /** Sends bytes and reads the answer, which must be of this kind. */
  ask<N extends MsgNo>(bytes: Uint8Array, expected: N): MessageOf<N> {
    const reply = this.send(bytes);
    assert.equal(reply.kind, 'answer');
    assert.ok(reply.kind === 'answer');
    const message = this.read(reply.bytes, this.hub.ports.signer.publicKey);
    assert.equal(message.msgNo, expected, JSON.stringify(message.body));
    return message as unknown as MessageOf<N>;
  }

  /** The code of the answer to a debit. */
  debit(wish: DebitWish): string {
    return this.ask(this.initiator.debit(wish), '2001').body.SingleReturn.Result;
  }

  login(): void {
    this.ask(this.initiator.login(), '9007');
  }

  /** Lets time pass and delivers what is pushed meanwhile; the initiator answers 202. */
  pass(ms: number): readonly Message[] {
    this.nowMs += ms;
    step(this.hub, () => tick(this.hub));
    const due = duePushes(this.hub);
    for (const push of due) pushReturned(this.hub, push.id, { kind: 'accepted' });
    return due.map((push) => this.read(push.bytes, this.hub.ports.signer.publicKey));
  }

  balance(acct: string): number {
    return this.hub.store.get('account', `${BRANCH}:${acct}`)?.balanceFen ?? 0;
  }

  /** All money there is: it only moves. */
  total(): number {
    const places = [...this.hub.store.all('account'), ...this.hub.store.all('treasury')];
    return places.reduce((sum, place) => sum + place.balanceFen, 0);
  }

  workDate(): string {
    return stateOf(this.hub).workDate;
  }

  read(bytes: Uint8Array, key: string): Message {
    const verify = this.hub.ports.verify;
    const opened = openEnvelope(bytes, { maxBytes: 8 << 20, trustedKeys: [key], verify });
    assert.ok(opened.ok, JSON.stringify(opened));
    const read = readBody(opened.value);
    assert.ok(read.ok, JSON.stringify(read));
    return read.value;
  }
}

/** An initiator with a real key pair, for a simulator in a process of its own. */
export function realInitiator(): Initiator {
  return new Initiator(createSigner(createKeyPair().privateKey));
}

/** A bench whose initiator is logged in. */
export function openBench(): Bench {
  const made = new Bench();
  made.login();
  return made;
}

/** The messages of one kind. */
export function only<N extends MsgNo>(
  messages: readonly Message[],
  msgNo: N,
): readonly MessageOf<N>[] {
  return messages.filter(
    (message) => message.msgNo === msgNo,
  ) as unknown as readonly MessageOf<N>[];
}
