import type { MessageOf } from '@shebao/channel';
import { assert, err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import { compact, type Store } from '../treasury/index.ts';
import { type AgreementEvent, agreementMachine } from './agreement.ts';
import { nextState } from './machine.ts';
import { accountAad } from './ports.ts';
import { type AgreementRecord, accounts, agreements, orders } from './tables.ts';

/** 委托扣款协议 as an officer records it, a unit signs it, or as it is taken over. */
export interface NewAgreement {
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly taxOrg: string;
  readonly protocolNo: string;
  readonly bankName: string;
  readonly openingBankNo: string;
  readonly clearingBankNo: string;
  readonly account: string;
  readonly holder: string;
}

/** Where an agreement comes from, and who made it. */
export type Maker = Pick<AgreementRecord, 'origin' | 'madeBy'>;

/** Records an agreement as 待验证. One live agreement per taxpayer and account, one per number. */
export async function addAgreement(
  store: Store,
  given: NewAgreement,
  maker: Maker,
): Promise<Result<AgreementRecord, Refusal>> {
  const { account, ...rest } = given;
  const accountId = await accountIdOf(store, account);
  const { taxpayerId, protocolNo } = given;
  const same = await store.of(agreements).get({ protocolNo });
  if (same || (await isHeld(store, taxpayerId, accountId)))
    return err({ code: 'AGREEMENT_EXISTS' });
  const agreement: AgreementRecord = {
    ...rest,
    id: await store.nextId('agreement'),
    accountId,
    accountTail: account.slice(-4),
    ...maker,
    state: '待验证',
    reason: null,
    createdAt: store.at.iso,
    verifiedAt: null,
    checkNo: null,
    checkDate: null,
    checkMsgId: null,
    checkSign: null,
    version: 1,
  };
  await store.of(agreements).insert(agreement);
  return ok(agreement);
}

/** Takes an agreement over as 有效 on both sides. One that is held already is left alone. */
export async function takeOver(store: Store, given: NewAgreement): Promise<void> {
  const added = await addAgreement(store, given, { origin: 'takenOver', madeBy: null });
  if (!added.ok) return;
  const verifiedAt = store.at.iso;
  await store.of(agreements).update(added.value, { state: '有效', verifiedAt });
}

/** What the unit may still put right in an agreement that the bank has never accepted. */
export type Amendment = Pick<
  NewAgreement,
  'bankName' | 'openingBankNo' | 'clearingBankNo' | 'account' | 'holder'
>;

/** 改正: the unit's own agreement that no bank has accepted yet gets other details. */
export async function amendAgreement(
  store: Store,
  key: Pick<AgreementRecord, 'id' | 'taxpayerId'>,
  { account, ...details }: Amendment,
): Promise<Result<AgreementRecord, Refusal>> {
  const agreement = await store.of(agreements).get(key, { lock: true });
  if (!agreement) return err({ code: 'NOT_FOUND' });
  if (!isAmendable(agreement)) {
    return err({
      code: 'AGREEMENT_UNUSABLE',
      data: { reason: '只有网签后尚未验证通过的协议可以改正' },
    });
  }
  const accountId = await accountIdOf(store, account);
  if (await isHeld(store, agreement.taxpayerId, accountId, agreement.id)) {
    return err({ code: 'AGREEMENT_EXISTS' });
  }
  const accountTail = account.slice(-4);
  return ok(await store.of(agreements).update(agreement, { ...details, accountId, accountTail }));
}

/** Signed online, refused by the bank, never valid: no payment and no paper refers to its details. */
export function isAmendable({ origin, state, verifiedAt }: AgreementRecord): boolean {
  const rests = state === '待验证' || state === '验证失败';
  return origin === 'online' && rests && verifiedAt === null;
}

async function isHeld(
  store: Store,
  taxpayerId: string,
  accountId: number,
  except?: number,
): Promise<boolean> {
  const held = await store.of(agreements).find({ taxpayerId, accountId });
  return held.some((one) => one.state !== '已终止' && one.id !== except);
}

/** The id of an account number, which is kept once and sealed. */
export async function accountIdOf(store: Store, account: string): Promise<number> {
  const hash = store.searchHash(account);
  const known = await store.of(accounts).get({ hash });
  if (known) return known.id;
  const id = await store.nextId('bank_account');
  const cipher = store.seal(account, accountAad(id));
  await store.of(accounts).insert({ id, cipher, hash, tail: account.slice(-4) });
  return id;
}

/** The numbers of a check that is about to be sent. */
export interface CheckNumbers {
  readonly checkNo: string;
  /** Work date, YYYY-MM-DD. */
  readonly checkDate: string;
  readonly msgId: string;
}

/** Begins a check (9114): 0 验证, 1 撤销. The message itself is sent by a task. */
export async function beginCheck(
  store: Store,
  id: number,
  sign: 0 | 1,
  numbers: CheckNumbers,
  /** The officer who asks; null: the unit itself. */
  officer: string | null = null,
): Promise<Result<{ readonly taskId: string; readonly agreement: AgreementRecord }, Refusal>> {
  const agreement = await store.of(agreements).get({ id }, { lock: true });
  if (!agreement) return err({ code: 'NOT_FOUND' });
  // What one officer typed from paper, another one looks at before money may be debited by it.
  const unseen = agreement.origin === 'paper' && agreement.verifiedAt === null && sign === 0;
  if (unseen && (officer === null || officer === agreement.madeBy)) {
    return err({ code: officer === null ? 'AGREEMENT_ON_PAPER' : 'AGREEMENT_SAME_OFFICER' });
  }
  const state = nextState(agreementMachine, agreement.state, sign === 0 ? 'verify' : 'terminate');
  if (state === undefined) {
    return err({ code: 'AGREEMENT_UNUSABLE', data: { reason: `当前状态为“${agreement.state}”` } });
  }
  if (sign === 1 && (await isInUse(store, id))) return err({ code: 'AGREEMENT_IN_USE' });
  const next = await store.of(agreements).update(agreement, {
    state,
    reason: null,
    checkNo: numbers.checkNo,
    checkDate: numbers.checkDate,
    checkMsgId: numbers.msgId,
    checkSign: sign,
  });
  const taskId = await store.later({
    kind: 'agreement.check',
    owner: 'office',
    payload: { agreementId: id, msgId: numbers.msgId, step: 0 },
    dedupeKey: `${numbers.msgId}:0`,
  });
  tell(store, next);
  return ok({ taskId, agreement: next });
}

async function isInUse(store: Store, agreementId: number): Promise<boolean> {
  const live = await store.of(orders).find({ agreementId, active: true });
  return live.some((order) => order.state === 'PAYING' || order.state === 'PENDING_CHECK');
}

/** What a 9115 means for the check that it answers. */
export async function applyCheckAnswer(
  store: Store,
  agreement: AgreementRecord,
  message: MessageOf<'9115'>,
): Promise<void> {
  const told = message.body.ProveReturn;
  const ours =
    told.OriSendOrgCode === agreement.taxOrg &&
    told.OriVCNo === agreement.checkNo &&
    agreement.checkDate !== null &&
    told.OriEntrustDate === compact(agreement.checkDate);
  if (!ours) return;
  const passed = told.VCResult === '0';
  if (agreement.checkSign === 0) {
    await moveAgreement(store, agreement, passed ? 'passed' : 'failed', told.AddWord);
    return;
  }
  // What the bank does not know is as good as terminated.
  const gone = passed || told.AddWord === '协议不存在';
  await moveAgreement(store, agreement, gone ? 'terminated' : 'terminationRefused', told.AddWord);
}

/** Moves an agreement, if the event is possible in its state. */
export async function moveAgreement(
  store: Store,
  agreement: AgreementRecord,
  event: AgreementEvent,
  addWord: string,
): Promise<AgreementRecord> {
  const state = nextState(agreementMachine, agreement.state, event);
  if (state === undefined || state === agreement.state) return agreement;
  const good = event === 'passed' || event === 'terminated';
  const next = await store.of(agreements).update(agreement, {
    state,
    reason: good ? null : addWord || '银行未说明原因',
    ...(event === 'passed' ? { verifiedAt: store.at.iso } : {}),
  });
  tell(store, next);
  return next;
}

function tell(store: Store, agreement: AgreementRecord): void {
  const data = { agreementId: String(agreement.id), state: agreement.state };
  store.tell(`taxpayer:${agreement.taxpayerId}`, 'agreement', data);
  store.tell('office', 'agreement', data);
}

/** The account number of an agreement, for the bank alone. */
export async function accountOf(store: Store, agreement: AgreementRecord): Promise<string> {
  const account = await store.of(accounts).get({ id: agreement.accountId });
  assert(account, 'an agreement has an account');
  return store.open(account.cipher, accountAad(account.id));
}
