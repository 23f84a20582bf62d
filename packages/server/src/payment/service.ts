import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { exchange, fetchDocument, PEER_PATHS, verifySignature } from '@shebao/channel';
import type { FastifyInstance } from 'fastify';
import type { Services, TaskHandler } from '../platform/index.ts';
import {
  adoptDemoTreasury,
  createNumbers,
  ownSigner,
  type Running,
  readDemoTreasury,
  readerOn,
  type SessionTimes,
  sessions,
  startSession,
  transactThrough,
  treasuryEndpoints,
} from '../treasury/index.ts';
import { type Times, usualTimes } from './advance.ts';
import { alarmGauge } from './alarm-queries.ts';
import { paymentHandlers } from './inbox.ts';
import type { PaymentPorts } from './ports.ts';
import { recoverSent, resumeUnclear, takeUpForgotten } from './sender.ts';
import { orders } from './tables.ts';
import { paymentJobs, taskHandlers } from './tasks.ts';
import { cancelVoucher } from './voucher.ts';

export interface PaymentOptions {
  /** Where the peer is; absent: nothing is sent, no payment is offered. */
  readonly treasuryUrl?: string;
  readonly times?: Times;
  readonly sessionTimes?: SessionTimes;
  /** Our own address as the peer reaches it. */
  readonly replyTo?: string;
}

/** The running capability, wired once. */
export interface Payments {
  readonly ports: PaymentPorts;
  readonly tasks: readonly TaskHandler[];
  /** Adds the inbox and our public key to the HTTP server. */
  endpoints(app: FastifyInstance): void;
  /** Takes up what a stopped process left, logs in and stays connected. */
  start(): Promise<Running>;
}

const defaultNode = '133010000001';
const expiryEveryMs = 60_000;

/** Opens payment on the services: keys, numbers, tasks, inbox. */
export async function openPayments(
  services: Services,
  options: PaymentOptions = {},
): Promise<Payments> {
  const { config, crypto, db, log, clock } = services;
  const actor = { kind: 'system', name: 'treasury' } as const;
  const transact = transactThrough(
    (command, input) => services.execute(command, input, { actor }),
    crypto,
  );
  const read = readerOn(db.lookUp);
  const open = (cipher: Uint8Array, aad: string): string => crypto.decrypt(cipher, aad);
  const demoFile = path.join(config.dataDir, 'treasury-demo.json');
  const url = options.treasuryUrl ?? config.treasuryUrl;
  const session = await read.of(sessions).get({ id: 'session' });
  const demo = config.demo ? await readDemoTreasury(demoFile) : undefined;
  const replyTo = options.replyTo ?? config.publicUrl;
  const ports: PaymentPorts = {
    transact,
    read,
    open,
    numbers: createNumbers(transact),
    now: () => clock.now(),
    async send(lane, bytes, waitMs) {
      if (url === undefined) return unreachable;
      return exchange({ url: `${url}${PEER_PATHS[lane]}`, bytes, waitMs, replyTo });
    },
    async fetchPeerKey() {
      if (url === undefined) return null;
      const found = await fetchDocument(`${url}${PEER_PATHS.certificate}`, 10_000);
      return found.kind === 'document' ? found.text : null;
    },
    signer: await ownSigner(transact, read, open),
    verify: verifySignature,
    replyTo,
    node: session?.node ?? demo?.node ?? defaultNode,
    bootId: randomUUID(),
    warn: (text, detail) => log.warn(detail, text),
    times: options.times ?? usualTimes,
    inFlight: new Set(),
    unconnected: new Set(),
  };
  alarmGauge(services.metrics.registry, db.q, () => clock.now());
  return {
    ports,
    tasks: taskHandlers(paymentJobs(ports)),
    endpoints: (app) => treasuryEndpoints(app, ports, paymentHandlers(ports)),
    async start() {
      const agreed = config.demo ? await readDemoTreasury(demoFile) : undefined;
      if (agreed) await adoptDemoTreasury(transact, agreed);
      await recoverSent(ports);
      await resumeUnclear(ports);
      const expiry = startExpiry(ports);
      const kept = await startSession(ports, options.sessionTimes);
      return {
        async stop() {
          clearInterval(expiry);
          await kept.stop();
        },
      };
    },
  };
}

const unreachable = {
  kind: 'none',
  connected: false,
  reason: 'address',
  detail: '未设置税库银地址',
} as const;

/** Vouchers whose last day is over give their bill free. */
async function expireVouchers(ports: PaymentPorts): Promise<number> {
  const today = ports.now().date;
  const open = await ports.read.of(orders).find({ way: 'voucher', state: 'OPEN' });
  const over = open.filter((order) => order.lastDay !== null && order.lastDay < today);
  for (const order of over) {
    const step = { name: 'payment.expire', chain: 'agency:treasury', subject: order.id };
    await ports.transact(step, (store) => cancelVoucher(store, order.id, 'EXPIRED', 'clock'));
  }
  return over.length;
}

function startExpiry(ports: PaymentPorts): NodeJS.Timeout {
  const timer = setInterval(() => {
    expireVouchers(ports).catch((error: Error) =>
      ports.warn('vouchers could not be expired', { error: error.message }),
    );
    takeUpForgotten(ports).catch((error: Error) =>
      ports.warn('debits could not be taken up', { error: error.message }),
    );
  }, expiryEveryMs);
  return timer.unref();
}
