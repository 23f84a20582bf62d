import { assert } from '@shebao/kernel';
import { type Transact, transactFirst } from './records.ts';
import { numbers } from './tables.ts';

/** What is numbered. Each kind counts from 1 per scope (authority, node) and date. */
export type NumberKind =
  | 'debit'
  | 'cancel'
  | 'agreement'
  | 'message'
  | 'voucher'
  | 'slip'
  | 'pack'
  | 'stop'
  | 'protocol';

/** Gives out numbers that are never given again. Gaps are fine. */
export interface Numbers {
  take(kind: NumberKind, scope: string, onDate: string, count?: number): Promise<number[]>;
}

// Blocks spare a transaction per number; what a restart loses is a gap.
const blockSizes: Readonly<Record<NumberKind, number>> = {
  debit: 20,
  cancel: 1,
  agreement: 1,
  message: 50,
  voucher: 20,
  slip: 1,
  pack: 1,
  stop: 1,
  protocol: 1,
};
const largest = 99_999_999;

/** A counter on the given store. One per process; several processes share the store safely. */
export function createNumbers(transact: Transact): Numbers {
  const blocks = new Map<string, { next: number; end: number }>();
  const waiting = new Map<string, Promise<unknown>>();
  const takeOne = async (kind: NumberKind, scope: string, onDate: string, count: number) => {
    const key = `${kind} ${scope} ${onDate}`;
    const block = blocks.get(key) ?? { next: 1, end: 1 };
    const taken: number[] = [];
    while (taken.length < count) {
      if (block.next === block.end) {
        const size = Math.max(blockSizes[kind], count - taken.length);
        block.next = await reserve(transact, kind, scope, onDate, size);
        block.end = block.next + size;
      }
      taken.push(block.next);
      block.next += 1;
    }
    blocks.set(key, block);
    return taken;
  };
  return {
    take(kind, scope, onDate, count = 1) {
      const key = `${kind} ${scope} ${onDate}`;
      const turn = (waiting.get(key) ?? Promise.resolve()).then(() =>
        takeOne(kind, scope, onDate, count),
      );
      waiting.set(
        key,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

async function reserve(
  transact: Transact,
  kind: NumberKind,
  scope: string,
  onDate: string,
  size: number,
): Promise<number> {
  const step = {
    name: 'treasury.numbers',
    chain: 'agency:treasury',
    subject: `${kind} ${scope}`,
    quiet: true,
  } as const;
  return transactFirst(transact, step, async (store) => {
    const records = store.of(numbers);
    const found = await records.get({ kind, scope, onDate }, { lock: true });
    const last = (found?.last ?? 0) + size;
    assert(last <= largest, `sequence ${kind} ${scope} ${onDate} is used up`);
    if (found) await records.update(found, { last });
    else await records.insert({ kind, scope, onDate, last, version: 1 });
    return last - size + 1;
  });
}

/** Eight digits of a sequence. */
export function eightDigits(value: number): string {
  return String(value).padStart(8, '0');
}

/**
 * 税票号码, 18 digits: four of the authority, the year, a sequence of nine, a check digit (Luhn).
 *
 * @example
 * taxVoucherNo('133010000000', '2021', 1) // 330120210000000019
 */
export function taxVoucherNo(taxOrg: string, year: string, sequence: number): string {
  const body = `${taxOrg.slice(1, 5)}${year}${String(sequence).padStart(9, '0')}`;
  let total = 0;
  for (const [at, digit] of [...body].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  }
  return `${body}${(10 - (total % 10)) % 10}`;
}
