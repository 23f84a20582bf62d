import { assert } from '@shebao/kernel';
import type { Reader, Step, Store } from '../treasury/index.ts';
import { advance, loadWork, type Times } from './advance.ts';
import type { AttemptEvent } from './attempt.ts';
import { openListCase } from './cases.ts';
import { stepOf } from './machine.ts';
import { type PackEvent, packMachine } from './pack.ts';
import type { PackLine } from './pack-body.ts';
import type { Facts } from './payment.ts';
import { accountAad, type PaymentPorts } from './ports.ts';
import {
  type AttemptRecord,
  accounts,
  attempts,
  billLines,
  bills,
  orders,
  type PackRecord,
  packs,
} from './tables.ts';

/** The audit step of something that happens to a pack. */
export function stepOfPack(name: string, packId: string): Step {
  return { name: `payment.${name}`, chain: 'agency:treasury', subject: packId };
}

/** The debits of a pack, in the order in which everybody locks their bills. */
export async function linesOfPack(
  store: Reader,
  pack: Pick<PackRecord, 'taxOrg' | 'entrustDate' | 'packNo'>,
): Promise<readonly AttemptRecord[]> {
  const { taxOrg, entrustDate, packNo } = pack;
  const found = await store.of(attempts).find({ taxOrg, entrustDate, packNo });
  return found.toSorted((a, b) => a.billId.localeCompare(b.billId));
}

/** Everything that the message of a pack says, in the order of its TraNo. */
export async function contentOfPack(
  ports: Pick<PaymentPorts, 'read' | 'open'>,
  pack: PackRecord,
): Promise<readonly PackLine[]> {
  const { read } = ports;
  const own = await linesOfPack(read, pack);
  const made = await read.of(orders).find({ id: own.map((attempt) => attempt.orderId) });
  const billId = own.map((attempt) => attempt.billId);
  const due = new Map((await read.of(bills).find({ id: billId })).map((bill) => [bill.id, bill]));
  const found = await read.of(billLines).find({ billId }, { order: ['lineNo'] });
  const lines = Map.groupBy(found, (line) => line.billId);
  const accountIds = new Set(made.flatMap((order) => order.snapshot?.accountId ?? []));
  const held = await read.of(accounts).find({ id: [...accountIds] });
  const numbers = new Map(
    held.map(({ id, cipher }) => [id, ports.open(cipher, accountAad(id))] as const),
  );
  const byId = new Map(made.map((order) => [order.id, order]));
  return own
    .toSorted((a, b) => a.traNo.localeCompare(b.traNo))
    .map((attempt) => {
      const order = byId.get(attempt.orderId);
      const bill = due.get(attempt.billId);
      const account = numbers.get(order?.snapshot?.accountId ?? 0);
      assert(order && bill && account !== undefined, 'a line has its order, bill and account');
      const all = lines.get(bill.id) ?? [];
      const lined = all.filter((line) => line.orderId === null || line.orderId === order.id);
      return { attempt, order, bill, account, lines: lined };
    });
}

/** Moves a pack, if the event is possible; what contradicts its state becomes a case. */
export async function movePack(
  store: Store,
  pack: PackRecord,
  event: PackEvent,
  cause: string,
  changes: Partial<PackRecord> = {},
): Promise<PackRecord> {
  const step = stepOf(packMachine, pack.state, event);
  if (step === 'exception') {
    const id = `pack:${pack.id}:${event}:${cause}`;
    const text = `批量扣款包 ${pack.packNo}（${pack.state}）收到矛盾的回执，未采用`;
    await openListCase(store, id, text, pack.amountFen);
  }
  if (typeof step === 'string') return pack;
  store.tell('office', 'batch', { id: pack.batchId });
  return store.of(packs).update(pack, { ...changes, state: step.to });
}

/** Applies one event to each debit of a pack that stands in one of these states. */
export async function advanceLines(
  store: Store,
  pack: PackRecord,
  states: readonly AttemptRecord['state'][],
  event: AttemptEvent,
  facts: Facts,
  times: Times,
): Promise<void> {
  for (const { id, state } of await linesOfPack(store, pack)) {
    if (!states.includes(state)) continue;
    const work = await loadWork(store, id);
    if (work && states.includes(work.attempt.state)) {
      await advance(store, work, event, facts, times);
    }
  }
}
