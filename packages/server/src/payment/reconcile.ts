import { amountOf, type MessageOf } from '@shebao/channel';
import {
  compact,
  dashed,
  type ListRecord,
  listParts,
  lists,
  type Store,
} from '../treasury/index.ts';
import { advance, loadWork } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { openListCase } from './cases.ts';
import { classOf } from './codes.ts';
import { applyEntries } from './entries.ts';
import { keepPart } from './list-parts.ts';
import type { Facts, Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { type AttemptRecord, attempts } from './tables.ts';

type Ports = Pick<PaymentPorts, 'times'>;
type Line = MessageOf<'3122'>['body']['CompDeduct'][number];

/** 3122: the day's list of an authority. Complete, it decides what is unclear and checks what is done. */
export async function takeDayList(
  store: Store,
  ports: Ports,
  message: MessageOf<'3122'>,
): Promise<void> {
  const { CompHead: head, CompDeduct: lines } = message.body;
  const chkDate = dashed(head.ChkDate);
  const taxOrg = head.TaxOrgCode;
  const complete = await keepPart(store, {
    kind: '3122',
    taxOrg,
    chkDate,
    head: { ...head },
    lines: lines.map((line) => ({ ...line })),
    msgId: message.head.msgId,
  });
  if (complete) await applyDayList(store, ports, taxOrg, chkDate);
}

async function applyDayList(
  store: Store,
  ports: Ports,
  taxOrg: string,
  chkDate: string,
): Promise<void> {
  const kind = '3122';
  const list = await store.of(lists).get({ kind, taxOrg, chkDate }, { lock: true });
  if (list?.state !== 'collecting') return;
  const parts = await store.of(listParts).find({ kind, taxOrg, chkDate }, { order: ['curPackNo'] });
  const lines = parts.flatMap((part) => part.lines) as unknown as readonly Line[];
  const seen = new Map<string, Line>();
  for (const line of lines) seen.set(identityOfLine(line), line);
  if (seen.size !== lines.length) {
    await openListCase(
      store,
      `${kind}:${taxOrg}:${chkDate}:twice`,
      '对账清单中同一笔出现两次',
      null,
    );
    await store.of(lists).update(list, { state: 'exception' });
    return;
  }
  const classes = [0, 0, 0, 0, 0, 0, 0, 0];
  const count = (found: number): void => {
    classes[found] = (classes[found] ?? 0) + 1;
  };
  for (const [identity, line] of seen) count(await applyLine(store, ports, list, identity, line));
  const held = await store.of(attempts).find({ taxOrg, entrustDate: chkDate });
  for (const attempt of held) {
    const identity = `${taxOrg} ${compact(chkDate)} ${attempt.traNo}`;
    if (!seen.has(identity)) count(await applyAbsence(store, ports, list, attempt));
  }
  const summary = Object.fromEntries(classes.map((value, at) => [`class${at}`, value]));
  await store.of(lists).update(list, { state: 'applied', summary, appliedAt: store.at.iso });
  store.tell('office', 'treasury', { list: `${taxOrg} ${chkDate}` });
  await applyEntries(store, taxOrg, chkDate);
}

function identityOfLine(line: Line): string {
  return `${line.OriSendOrgCode} ${line.OriEntrustDate} ${line.OriTraNo}`;
}

/** One line of the list; the class (0 to 7) it falls into. */
async function applyLine(
  store: Store,
  ports: Ports,
  list: ListRecord,
  identity: string,
  line: Line,
): Promise<number> {
  const cause = `3122:${list.taxOrg}:${list.chkDate}`;
  const found = await store.of(attempts).get({
    taxOrg: line.OriSendOrgCode,
    entrustDate: dashed(line.OriEntrustDate),
    traNo: line.OriTraNo,
  });
  const result = classOf(line.OpStat);
  if (!found) {
    if (result === 'declined' || result === 'reversed') return 7;
    const text = `对账清单有一笔本机构没有的扣款：${identity}，税票号码 ${line.OriTaxVouNo}`;
    await openListCase(store, `${cause}:${identity}`, text, amountOf(line.TraAmt));
    return 4;
  }
  const work = await settled(store, ports, found.id, cause);
  if (!work) return 0;
  const differs =
    amountOf(line.TraAmt) !== work.order.amountFen ||
    line.OriTaxVouNo !== work.order.taxVouNo ||
    line.OriPackNo !== '';
  const taxDate = line.TaxDate === '' ? list.chkDate : dashed(line.TaxDate);
  const facts: Facts = { source: 'list', cause, code: line.OpStat, addWord: line.AddWord, taxDate };
  if (result === 'unknown') {
    const text = `对账清单的处理状态 ${line.OpStat} 无法识别：${identity}`;
    await openListCase(store, `${cause}:${identity}`, text, amountOf(line.TraAmt));
    return 0;
  }
  if (result !== 'success') {
    const moved = await advance(store, work, 'listedRefused', facts, ports.times);
    return classify(store, moved?.work ?? work, list, moved?.outcome.alarm ? 5 : 7);
  }
  const event: AttemptEvent = differs ? 'listedDiffers' : 'listed';
  const moved = await advance(store, work, event, facts, ports.times);
  const after = moved?.work ?? work;
  if (differs) return classify(store, after, list, 2);
  if (after.attempt.state === 'SUCCEEDED') return classify(store, after, list, 1);
  return classify(store, await overcollected(store, ports, after, facts), list, 3);
}

/** Money for a bill that was paid otherwise, or is gone, is owed back; else a second officer books it. */
async function overcollected(store: Store, ports: Ports, work: Work, facts: Facts): Promise<Work> {
  if (work.bill.state === 'UNPAID' || work.bill.state === 'LOCKED') return work;
  const moved = await advance(store, work, 'overcollected', facts, ports.times);
  return moved?.work ?? work;
}

async function applyAbsence(
  store: Store,
  ports: Ports,
  list: ListRecord,
  attempt: AttemptRecord,
): Promise<number> {
  const cause = `3122:${list.taxOrg}:${list.chkDate}`;
  const work = await settled(store, ports, attempt.id, cause);
  if (!work) return 0;
  const before = work.attempt.state;
  const facts: Facts = { source: 'list', cause };
  const moved = await advance(store, work, 'notListed', facts, ports.times);
  if (before === 'NEW') return 0;
  return classify(store, moved?.work ?? work, list, before === 'SUCCEEDED' ? 5 : 7);
}

/** The attempt as the list finds it: whoever still waits for an answer is unclear first. */
async function settled(
  store: Store,
  ports: Ports,
  attemptId: string,
  cause: string,
): Promise<Work | undefined> {
  const work = await loadWork(store, attemptId);
  if (work?.attempt.state !== 'SENT') return work;
  const moved = await advance(store, work, 'unclear', { source: 'list', cause }, ports.times);
  return moved?.work;
}

async function classify(
  store: Store,
  work: Work,
  list: ListRecord,
  reconClass: number,
): Promise<number> {
  await store.of(attempts).update(work.attempt, { reconDate: list.chkDate, reconClass });
  return reconClass;
}
