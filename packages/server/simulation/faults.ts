import type { FaultKind } from '@shebao/treasury-simulator';
import type { Random } from './random.ts';

/** Where a process may die. */
export type CrashPoint =
  | 'before commit'
  | 'after commit'
  | 'before send'
  | 'after send before answer';

/** What may go wrong in one history, each as a rate from 0 to 1. Each history has a random part of all faults. */
export interface Faults {
  readonly unconnected: number;
  readonly lostRequest: number;
  readonly lostAnswer: number;
  readonly corruptRequest: number;
  readonly corruptAnswer: number;
  readonly late: number;
  readonly doubled: number;
  readonly lostPush: number;
  readonly lostPushAnswer: number;
  readonly corruptPush: number;
  readonly doubledPush: number;
  readonly crash: number;
  readonly peer: number;
  readonly peerKinds: readonly FaultKind[];
  /** Transactions that take a while, so that others come in between. */
  readonly slowCommit: number;
}

const peerKinds: readonly FaultKind[] = [
  'late',
  'double',
  'reorder',
  'delay',
  'httpError',
  'crashBefore',
  'crashAfter',
  'answerAfterReversal',
  'unknownOutcome',
  'wrongVoucher',
  'answerCode',
  'missingPack',
];

/** A random part of all faults, from none at all to a network that hardly works. */
export function chooseFaults(random: Random): Faults {
  const heavy = random.pick([0.05, 0.2, 0.6]);
  const rate = (): number => (random.chance(0.5) ? random.next() * heavy : 0);
  return {
    unconnected: rate(),
    lostRequest: rate(),
    lostAnswer: rate(),
    corruptRequest: rate(),
    corruptAnswer: rate(),
    late: rate(),
    doubled: rate(),
    lostPush: rate(),
    lostPushAnswer: rate(),
    corruptPush: rate(),
    doubledPush: rate(),
    crash: rate() / 6,
    peer: rate(),
    peerKinds: peerKinds.filter(() => random.chance(0.5)),
    slowCommit: random.pick([0, 0, 0.3, 0.8]),
  };
}

/** Nothing goes wrong any more. */
export const quiet: Faults = {
  unconnected: 0,
  lostRequest: 0,
  lostAnswer: 0,
  corruptRequest: 0,
  corruptAnswer: 0,
  late: 0,
  doubled: 0,
  lostPush: 0,
  lostPushAnswer: 0,
  corruptPush: 0,
  doubledPush: 0,
  crash: 0,
  peer: 0,
  peerKinds: [],
  slowCommit: 0,
};
