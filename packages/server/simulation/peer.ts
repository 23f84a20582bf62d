import { createHash } from 'node:crypto';
import { type ExchangeOutcome, keyDocument, type Signer } from '@shebao/channel';
import {
  type Arrival,
  command,
  createStandInSigner,
  duePushes,
  type Fault,
  type FaultKind,
  type Hub,
  hubNow,
  loadDemo,
  nextEventAt,
  pinKeys,
  pushReturned,
  type Reply,
  receive,
  Store,
  standInVerify,
  step,
  tick,
} from '@shebao/treasury-simulator';
import type { Clock } from './clock.ts';
import { DEMO, NODE } from './demo.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

/** What stands between the two sides: it loses, delays, doubles, reorders and changes what passes. */
export interface Network {
  readonly clock: Clock;
  readonly random: Random;
  faults: Faults;
}

/** The other end of a push: the service's inbox. */
export type Inbox = (bytes: Uint8Array) => Promise<{ status: number; bytes?: Buffer } | null>;

export const ownSigner = createStandInSigner('initiator');

// The peer's key is read from its document, so it must be a point of the curve: the one of the example hub.
const peerKey =
  '08214b45e59122f34c1b1032c9f37b51da3041a55ccbee98df28f34543ef37d6' +
  '712a2bdf1f4f90557c829adff6ffb3e80f515b732a935f7feddc7a7a60c480ff';
const peerSigner: Signer = {
  publicKey: peerKey,
  sign: (bytes) => createHash('sha512').update(peerKey).update(bytes).digest('base64'),
};

/** Hub, banks and treasury of the simulator's own core, behind the network. */
export class Peer {
  readonly hub: Hub;
  readonly #net: Network;
  readonly #inbox: Inbox;
  readonly #underway = new Set<string>();

  constructor(net: Network, inbox: Inbox) {
    this.#net = net;
    this.#inbox = inbox;
    const { clock } = net;
    const faults = (msgNo: string, kinds: readonly FaultKind[]) => this.#fault(msgNo, kinds);
    const ports = { now: () => clock.nowMs, signer: peerSigner, verify: standInVerify, faults };
    this.hub = { store: new Store(), ports };
    step(this.hub, () => {
      pinKeys(this.hub, NODE, [ownSigner.publicKey]);
      loadDemo(this.hub, DEMO);
    });
    this.command('settings', { linesPerPart: net.random.pick([1, 2, 1000]) });
  }

  command(name: string, args: Readonly<Record<string, unknown>>): void {
    command(this.hub, name, args);
  }

  key(): string {
    return keyDocument(peerSigner.publicKey);
  }

  /** One exchange as the service sees it. */
  exchange(lane: Arrival['lane'], bytes: Uint8Array, waitMs: number): Promise<ExchangeOutcome> {
    const { clock, random, faults } = this.#net;
    return new Promise((resolve) => {
      const travelMs = random.between(5, 80);
      if (random.chance(faults.unconnected)) {
        clock.after(travelMs, () => resolve(nothing(false)));
        return;
      }
      clock.after(waitMs, () => resolve(nothing(true)));
      if (random.chance(faults.doubled)) {
        clock.after(someTime(random), () => this.#take(lane, bytes));
      }
      if (random.chance(faults.lostRequest)) return;
      const delayMs = random.chance(faults.late) ? someTime(random) : travelMs;
      clock.after(delayMs, () => {
        const sent = random.chance(faults.corruptRequest) ? changed(bytes, random) : bytes;
        const reply = this.#take(lane, sent);
        if (random.chance(faults.lostAnswer)) return;
        const backMs = random.chance(faults.late) ? someTime(random) : travelMs;
        clock.after(backMs + delayOf(reply), () => resolve(this.#outcome(reply)));
      });
    });
  }

  /** When the peer wants to act next, in virtual time; null when it waits for others. */
  nextAt(): number | null {
    const at = nextEventAt(this.hub);
    if (at === null) return null;
    // A push that is under way keeps its time until its answer is there.
    return at <= hubNow(this.hub) && this.#dueNow().length === 0
      ? this.#net.clock.nowMs + 1_000
      : Math.max(at, this.#net.clock.nowMs);
  }

  /** Does what is due and sends what waits. */
  act(): void {
    step(this.hub, () => tick(this.hub));
    for (const push of this.#dueNow()) {
      this.#underway.add(push.id);
      void this.#push(push.id, push.bytes);
    }
  }

  #dueNow() {
    return duePushes(this.hub).filter((push) => !this.#underway.has(push.id));
  }

  async #push(id: string, bytes: Buffer): Promise<void> {
    const { clock, random, faults } = this.#net;
    if (random.chance(faults.doubledPush)) {
      clock.after(random.between(5, 400_000), () => void this.#inbox(bytes));
    }
    await clock.pause(random.between(2, 300));
    const lost = random.chance(faults.lostPush);
    const sent = random.chance(faults.corruptPush) ? changed(bytes, random) : bytes;
    const reply = lost ? null : await this.#inbox(sent);
    const unheard = reply === null || random.chance(faults.lostPushAnswer);
    if (unheard) pushReturned(this.hub, id, { kind: 'none' });
    else if (reply.bytes) pushReturned(this.hub, id, { kind: 'answer', bytes: reply.bytes });
    else pushReturned(this.hub, id, { kind: reply.status === 202 ? 'accepted' : 'none' });
    this.#underway.delete(id);
  }

  #take(lane: Arrival['lane'], bytes: Uint8Array): Reply {
    return receive(this.hub, { lane, bytes }).value;
  }

  #outcome(reply: Reply): ExchangeOutcome {
    const { random, faults } = this.#net;
    switch (reply.kind) {
      case 'answer': {
        const bytes = random.chance(faults.corruptAnswer)
          ? changed(reply.bytes, random)
          : reply.bytes;
        return { kind: 'answer', bytes };
      }
      case 'accepted':
        return { kind: 'accepted' };
      default:
        return nothing(true);
    }
  }

  #fault(msgNo: string, kinds: readonly FaultKind[]): Fault | null {
    const { random, faults } = this.#net;
    if (!random.chance(faults.peer)) return null;
    const own = kinds.filter((kind) => faults.peerKinds.includes(kind));
    if (own.length === 0) return null;
    const kind = random.pick(own);
    const ms = random.between(500, 200_000);
    const code = random.pick(['94999', '99091', '94051', '12345']);
    const rest = { times: 'once', seed: 1, perMille: 0, count: 0 } as const;
    return { id: 'network', msgNo, kind, ms, code, ...rest };
  }
}

/** A delay around the times that decide: an answer's wait, the end of an instruction, the reversal. */
function someTime(random: Random): number {
  return random.between(10, random.pick([2_000, 20_000, 95_000, 600_000]));
}

function delayOf(reply: Reply): number {
  return reply.kind === 'answer' ? reply.delayMs : 0;
}

function nothing(connected: boolean): ExchangeOutcome {
  return { kind: 'none', connected, reason: connected ? 'timeout' : 'connect', detail: '无应答' };
}

/** The bytes with one of them changed, wherever it is. */
function changed(bytes: Uint8Array, random: Random): Buffer {
  const other = Buffer.from(bytes);
  const at = random.between(0, other.length - 1);
  other[at] = (other[at] ?? 0) ^ (1 << random.between(0, 7));
  return other;
}
