import { amountOf, type MessageOf } from '@shebao/channel';
import {
  compact,
  dashed,
  type ListRecord,
  listParts,
  lists,
  type Store,
} from '../treasury/index.ts';
import { decidedBy } from './absence.ts';
import { advance, loadWork } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { openListCase } from './cases.ts';
import { classOf } from './codes.ts';
import { applyEntries } from './entries.ts';
import { keepPart } from './list-parts.ts';
import { awaitEntries } from './lists.ts';
import type { Facts, Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { type ListedLine, noteLine, type Verdict } from './recon-lines.ts';
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
  let lineNo = 0;
  const note = async (verdict: Verdict | null, listed: ListedLine | null): Promise<void> => {
    if (!verdict) return;
    const { reconClass } = verdict;
    classes[reconClass] = (classes[reconClass] ?? 0) + 1;
    lineNo += 1;
    await noteLine(store, list, lineNo, verdict, listed);
  };
  for (const [identity, line] of seen) {
    await note(await applyLine(store, ports, list, identity, line), listedLine(line));
  }
  const held = await decidedBy(store, taxOrg, chkDate);
  for (const attempt of held) {
    const identity = `${taxOrg} ${compact(attempt.entrustDate)} ${attempt.traNo}`;
    if (!seen.has(identity)) await note(await applyAbsence(store, ports, list, attempt), null);
  }
  const summary = Object.fromEntries(classes.map((value, at) => [`class${at}`, value]));
  await store.of(lists).update(list, { state: 'applied', summary, appliedAt: store.at.iso });
  store.tell('office', 'treasury', { list: `${taxOrg} ${chkDate}` });
  if ((classes[1] ?? 0) > 0) await awaitEntries(store, taxOrg, chkDate);
  await applyEntries(store, taxOrg, chkDate);
}

function listedLine(line: Line): ListedLine {
  return {
    entrustDate: dashed(line.OriEntrustDate),
    traNo: line.OriTraNo,
    packNo: line.OriPackNo,
    taxVouNo: line.OriTaxVouNo,
    listedFen: classOf(line.OpStat) === 'success' ? amountOf(line.TraAmt) : null,
    opStat: line.OpStat,
  };
}

function identityOfLine(line: Line): string {
  return `${line.OriSendOrgCode} ${line.OriEntrustDate} ${line.OriTraNo}`;
}

/** One line of the list, and the class (0 to 7) it falls into. */
async function applyLine(
  store: Store,
  ports: Ports,
  list: ListRecord,
  identity: string,
  line: Line,
): Promise<Verdict> {
  const cause = `3122:${list.taxOrg}:${list.chkDate}`;
  const found = await store.of(attempts).get({
    taxOrg: line.OriSendOrgCode,
    entrustDate: dashed(line.OriEntrustDate),
    traNo: line.OriTraNo,
  });
  const result = classOf(line.OpStat);
  const told = { ...listedLine(line), taxOrg: list.taxOrg, chkDate: list.chkDate };
  const taxDate = line.TaxDate === '' ? list.chkDate : dashed(line.TaxDate);
  const caseFacts = { ...told, listedFen: amountOf(line.TraAmt), taxDate };
  if (!found) {
    if (result === 'declined' || result === 'reversed') return { reconClass: 7 };
    const text = `对账清单有一笔本机构没有的扣款：${identity}，税票号码 ${line.OriTaxVouNo}`;
    const amountFen = amountOf(line.TraAmt);
    await openListCase(store, `${cause}:${identity}`, text, amountFen, null, caseFacts);
    return { reconClass: 4 };
  }
  const before = await settled(store, ports, found.id, cause);
  if (!before) return { reconClass: 0 };
  const facts: Facts = {
    source: 'list',
    cause,
    code: line.OpStat,
    addWord: line.AddWord,
    taxDate,
    listed: caseFacts,
  };
  if (result === 'unknown') {
    const text = `对账清单的处理状态 ${line.OpStat} 无法识别：${identity}`;
    const id = `${cause}:${identity}`;
    await openListCase(store, id, text, amountOf(line.TraAmt), found.id, caseFacts);
    return { ...(await classify(store, before, list, 0)), before };
  }
  if (result !== 'success') {
    const moved = await advance(store, before, 'listedRefused', facts, ports.times);
    const reconClass = moved?.outcome.alarm ? 5 : 7;
    return { ...(await classify(store, moved?.work ?? before, list, reconClass)), before };
  }
  const event: AttemptEvent = differs(before, line) ? 'listedDiffers' : 'listed';
  const moved = await advance(store, before, event, facts, ports.times);
  const after = moved?.work ?? before;
  if (event === 'listedDiffers') return { ...(await classify(store, after, list, 2)), before };
  if (after.attempt.state === 'SUCCEEDED') {
    return { ...(await classify(store, after, list, 1)), before };
  }
  const owed = await overcollected(store, ports, after, facts);
  return { ...(await classify(store, owed, list, 3)), before };
}

function differs({ order, attempt }: Work, line: Line): boolean {
  return (
    amountOf(line.TraAmt) !== order.amountFen ||
    line.OriTaxVouNo !== order.taxVouNo ||
    line.OriPackNo !== (attempt.packNo ?? '')
  );
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
): Promise<Verdict | null> {
  const cause = `3122:${list.taxOrg}:${list.chkDate}`;
  const before = await settled(store, ports, attempt.id, cause);
  // What has not left us is on no list.
  if (!before || before.attempt.state === 'NEW') return null;
  const moved = await advance(store, before, 'notListed', { source: 'list', cause }, ports.times);
  const reconClass = before.attempt.state === 'SUCCEEDED' ? 5 : 7;
  return { ...(await classify(store, moved?.work ?? before, list, reconClass)), before };
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
): Promise<{ readonly reconClass: number }> {
  await store.of(attempts).update(work.attempt, { reconDate: list.chkDate, reconClass });
  return { reconClass };
}
