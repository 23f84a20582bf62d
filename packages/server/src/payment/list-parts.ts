import { type PartHead, partAgrees, partHeadOf, partsComplete } from '@shebao/channel';
import {
  type ListPartRecord,
  listParts,
  lists,
  type Store,
  unattended,
} from '../treasury/index.ts';
import { openListCase } from './cases.ts';

/** A part of a list is asked for again this long after another part came without it. */
const missingAfterMs = 300_000;

/** One part of any list, in the form in which it is kept. */
export interface Part {
  readonly kind: '3122' | '3126';
  readonly taxOrg: string;
  /** YYYY-MM-DD */
  readonly chkDate: string;
  readonly head: ListPartRecord['head'];
  readonly lines: readonly Readonly<Record<string, string>>[];
  readonly msgId: string;
}

/** Keeps one part; true when it completes its list. Repeats change nothing, contradictions become cases. */
export async function keepPart(store: Store, part: Part): Promise<boolean> {
  const { kind, taxOrg, chkDate } = part;
  const head = headOf(part.head);
  const packNo = part.head['PackNo'] ?? '';
  const id = `${kind}:${taxOrg}:${chkDate}`;
  const amounts = part.lines.map((line) => line['TraAmt'] ?? '');
  if (!partAgrees(head, amounts)) {
    await openListCase(store, `${id}:${head.part}:sum`, '对账清单分包的笔数或金额与包头不符', null);
    await askLater(store, part);
    return false;
  }
  const list = await store.of(lists).get({ kind, taxOrg, chkDate }, { lock: true });
  if (list && list.packNo !== packNo) {
    await openListCase(store, `${id}:${packNo}`, '同一日期收到另一份对账清单，未采用', null);
    return false;
  }
  const parts = await store.of(listParts).find({ kind, taxOrg, chkDate });
  const known = parts.find((one) => one.curPackNo === head.part);
  if (known) {
    const same = JSON.stringify([known.head, known.lines]) === JSON.stringify(sorted(part, known));
    if (!same) {
      await openListCase(
        store,
        `${id}:${head.part}:other`,
        '对账清单同一分包内容不同，未采用',
        null,
      );
    }
    return false;
  }
  await store.of(listParts).insert({
    kind,
    taxOrg,
    chkDate,
    curPackNo: head.part,
    packNo,
    head: part.head,
    lines: part.lines,
    msgId: part.msgId,
    at: store.at.iso,
  });
  if (!list) {
    await store.of(lists).insert({
      kind,
      taxOrg,
      chkDate,
      packNo,
      state: 'collecting',
      summary: {},
      firstAt: store.at.iso,
      appliedAt: null,
      version: 1,
    });
  }
  const heads = [...parts.map((one) => headOf(one.head)), head];
  if (partsComplete(heads)) return true;
  await askLater(store, part);
  return false;
}

// Records read back may carry their keys in another order.
function sorted(part: Part, like: ListPartRecord): unknown {
  const order = (values: Readonly<Record<string, string>>, as: object | undefined): object =>
    Object.fromEntries(
      (as ? Object.keys(as) : Object.keys(values)).map((key) => [key, values[key]]),
    );
  return [order(part.head, like.head), part.lines.map((line, at) => order(line, like.lines[at]))];
}

async function askLater(store: Store, part: Part): Promise<void> {
  await store.later({
    kind: 'treasury.lists',
    owner: unattended,
    payload: { kind: part.kind, taxOrg: part.taxOrg, chkDate: part.chkDate, step: 0 },
    // One asks for all of them, again and again until the list is whole.
    dedupeKey: `${part.kind} ${part.taxOrg} ${part.chkDate} parts`,
    afterMs: missingAfterMs,
  });
}

/** The counting fields of a part as kept. */
export function headOf(head: ListPartRecord['head']): PartHead {
  return partHeadOf({
    AllNum: head['AllNum'] ?? '',
    AllAmt: head['AllAmt'] ?? '',
    ChildPackNum: head['ChildPackNum'] ?? '',
    CurPackNo: head['CurPackNo'] ?? '',
    CurPackNum: head['CurPackNum'] ?? '',
    CurPackAmt: head['CurPackAmt'] ?? '',
  });
}
