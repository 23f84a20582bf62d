import { amountOf, batchReturnProblem, type MessageOf } from '@shebao/channel';
import { compact, dashed, type Store } from '../treasury/index.ts';
import { advance, loadWork } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { openListCase } from './cases.ts';
import { classOf } from './codes.ts';
import { linesOfPack, movePack } from './pack-store.ts';
import type { Facts, Work } from './payment.ts';
import type { PaymentPorts } from './ports.ts';
import { type PackRecord, packs, stops } from './tables.ts';

type Line = MessageOf<'2102'>['body']['BatchReturn'][number];

/**
 * 2102: what became of each line of a pack. A head that disagrees with its lines moves nothing; a line that it lacks stays
 * as it is until ReturnTerm is over, one that is not ours becomes a case.
 */
export async function takePackResult(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  message: MessageOf<'2102'>,
): Promise<void> {
  const { BatchHead: head, BatchReturn: told } = message.body;
  const cause = message.head.msgId;
  const entrustDate = dashed(head.OriEntrustDate);
  const where = { taxOrg: head.OriTaxOrgCode, entrustDate, packNo: head.OriPackNo };
  const pack = await store.of(packs).get(where, { lock: true });
  const report = (text: string) => openListCase(store, `result:${cause}`, text, null);
  if (!pack || message.head.msgRef !== pack.msgId) {
    await report('收到批量扣税回执（2102），本机构没有相应的批量包');
    return;
  }
  const problem = batchReturnProblem(message.body);
  if (problem) {
    await report(`批量扣款包 ${pack.packNo}：${problem.detail}，未采用`);
    return;
  }
  const own = await linesOfPack(store, pack);
  const byNo = new Map(told.map((line) => [line.OriTraNo, line]));
  const strange = told.filter((line) => !own.some((attempt) => attempt.traNo === line.OriTraNo));
  if (strange.length > 0) {
    const numbers = strange.map((line) => line.OriTraNo).join('、');
    await report(`批量扣款包 ${pack.packNo} 的回执有不属于该包的明细：${numbers}`);
  }
  const missing = own.filter((attempt) => !byNo.has(attempt.traNo));
  if (missing.length > 0) {
    const text = `批量扣款包 ${pack.packNo} 的回执缺少 ${missing.length} 笔明细`;
    await openListCase(store, `resultLacks:${cause}`, text, null);
  }
  const next = await movePack(store, pack, 'answered', cause, { answeredAt: store.at.iso });
  if (next.state !== 'ANSWERED') return;
  for (const attempt of own) {
    const line = byNo.get(attempt.traNo);
    const work = line && (await loadWork(store, attempt.id));
    if (line && work) await applyLine(store, ports, pack, work, line, cause);
  }
}

async function applyLine(
  store: Store,
  ports: Pick<PaymentPorts, 'times'>,
  pack: PackRecord,
  work: Work,
  line: Line,
  cause: string,
): Promise<void> {
  const facts: Facts = {
    source: 'answer',
    cause,
    code: line.Result,
    addWord: line.AddWord,
    ...(line.TaxDate === '' ? {} : { taxDate: dashed(line.TaxDate) }),
  };
  await advance(store, work, await eventOf(store, pack, work, line), facts, ports.times);
}

async function eventOf(
  store: Store,
  pack: PackRecord,
  { order, attempt }: Work,
  line: Line,
): Promise<AttemptEvent> {
  if (amountOf(line.TraAmt) !== order.amountFen || line.TaxVouNo !== order.taxVouNo) {
    return 'answerContradicts';
  }
  switch (classOf(line.Result)) {
    case 'success':
      return (await wasStopped(store, pack, attempt.id)) ? 'answerContradicts' : 'answeredSuccess';
    case 'reversed':
      return 'answeredReversed';
    case 'declined':
      return 'answeredDeclined';
    case 'unknown':
      return 'unclear';
  }
}

/** Whether the bank promised (2123) that this line will not be debited: a success then contradicts. */
async function wasStopped(store: Store, pack: PackRecord, attemptId: string): Promise<boolean> {
  const kept = await store.of(stops).find({ packId: pack.id, state: '已止付' });
  return kept.some((stop) => stop.attemptId === null || stop.attemptId === attemptId);
}

/** Whether a message names this pack. */
export function namesPack(
  told: { readonly OriPackNo: string; readonly OriEntrustDate: string },
  pack: PackRecord,
): boolean {
  return told.OriPackNo === pack.packNo && told.OriEntrustDate === compact(pack.entrustDate);
}
