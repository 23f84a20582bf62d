import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startSimulatorPart } from '../e2e/support/parts.ts';
import { keyDocument } from '../packages/channel/src/index.ts';
import { BRANCH, DEMO, HELD, NODE, ORG, PAYEE } from '../packages/server/simulation/demo.ts';
import { takeOver } from '../packages/server/src/payment/agreements.ts';
import { addBill } from '../packages/server/src/payment/bills.ts';
import { paymentHandlers } from '../packages/server/src/payment/inbox.ts';
import { checkPayments, openPayments } from '../packages/server/src/payment/index.ts';
import { drawNumbers, payCommand } from '../packages/server/src/payment/pay.ts';
import type { PaymentPorts } from '../packages/server/src/payment/ports.ts';
import type { Caller } from '../packages/server/src/platform/index.ts';
import { type TestWorld, testDatabase } from '../packages/server/src/platform/testing.ts';
import { createWorker } from '../packages/server/src/platform/worker.ts';
import { receive, setAuthority } from '../packages/server/src/treasury/index.ts';
import type { BenchRow } from './row.ts';

const count = Number(process.env['SHEBAO_PAYMENTS'] ?? 2_000);
const slots = Number(process.env['SHEBAO_TASK_SLOTS'] ?? 16);
const payers = 12;
const amountFen = 240_000;

interface Payer {
  readonly taxpayerId: string;
  readonly billId: string;
  readonly agreementId: number;
}

const idOf = (at: number): string => `12330100${String(at).padStart(10, '0')}`;
const account = (at: number): string => `12020210990${String(at).padStart(5, '0')}`;
const protocol = (at: number): string => `20210000${String(at).padStart(4, '0')}`;

/** S8 of the goals: 确认缴费 to 缴费成功 over the signed channel, with a database that waits for the disk. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shebao-bench-'));
  const [port, bankPort] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'treasury-demo.json'), demoOf(count));
  const bank = await startSimulatorPart(folder, bankPort);
  const world = await testDatabase(undefined, { rehearse: false, durable: true });
  const ticking = setInterval(() => world.clock.pass(100), 100);
  const payments = await openPayments(world.services, {
    treasuryUrl: `http://127.0.0.1:${bankPort}`,
    replyTo: `http://127.0.0.1:${port}`,
  });
  const inbox = await serve(payments.ports, port);
  const made = await prepare(payments.ports);
  const session = await payments.start();
  await untilOpen(world);
  const worker = createWorker({
    pool: world.pools.write,
    services: world.services,
    execute: world.execute,
    handlers: payments.tasks,
    slots,
  });
  worker.start();
  try {
    const started = performance.now();
    const cpu = process.cpuUsage();
    await payAll(world, payments.ports, made);
    await untilPaid(world);
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    const cpuMs = (used.user + used.system) / 1000 / count;
    const findings = await checkPayments(world.services.db.q);
    if (findings.length > 0) throw new Error(JSON.stringify(findings.slice(0, 3)));
    const rate = count / seconds;
    return [
      {
        id: 'S8',
        goal: 'payments through the channel, exactly-once, durable: ≥ 200/s',
        figure: `${rate.toFixed(0)}/s (${count} payers, one bill each), ${cpuMs.toFixed(1)} ms of the service's CPU each`,
        baseline: '–',
        ratio: '–',
        verdict: rate >= 200 ? 'met' : 'missed',
      },
    ];
  } finally {
    await worker.stop();
    await session.stop();
    clearInterval(ticking);
    inbox.close();
    await bank.kill();
    await world.services.events.stop();
    await world.pools.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the bank holds: an account and an agreement for each payer. */
function demoOf(payerCount: number): string {
  const demo = JSON.parse(DEMO) as { accounts: object[]; agreements: object[] };
  const numbers = Array.from({ length: payerCount }, (_, at) => at);
  const [held] = demo.agreements;
  return JSON.stringify({
    ...demo,
    node: NODE,
    accounts: numbers.map((at) => ({
      bankNo: BRANCH,
      acct: account(at),
      holder: '示例学校',
      balance: '5000.00',
      state: 'open',
    })),
    agreements: numbers.map((at) => ({
      ...held,
      protocolNo: protocol(at),
      taxPayCode: idOf(at),
      payAcct: account(at),
    })),
  });
}

async function prepare(ports: PaymentPorts): Promise<readonly Payer[]> {
  const step = { name: 'bench', chain: 'agency:bench', subject: 'bench' };
  await ports.transact(step, (store) => setAuthority(store, ORG, '示例市税务局', PAYEE));
  const made: Payer[] = [];
  for (let at = 0; at < count; at += 1) {
    const taxpayerId = idOf(at);
    const billId = randomUUID();
    await ports.transact(step, async (store) => {
      const held = {
        ...(HELD[0] as (typeof HELD)[number]),
        taxpayerId,
        protocolNo: protocol(at),
        account: account(at),
      };
      await takeOver(store, held);
      await addBill(store, billOf(at, billId));
    });
    made.push({ taxpayerId, billId, agreementId: at + 1 });
  }
  return made;
}

function billOf(at: number, declarationId: string): Parameters<typeof addBill>[1] {
  return {
    declarationId,
    unitId: at + 1,
    unitNo: String(330_100_000_000 + at),
    unitName: '示例学校',
    taxpayerId: idOf(at),
    taxpayerName: '示例学校',
    taxOrg: ORG,
    region: '330100',
    declaredOn: '2021-03-10',
    dueDate: '2021-03-31',
    periodFrom: 24254,
    periodTo: 24254,
    lines: (['employer', 'employee'] as const).map((payer) => ({
      insurance: 'institutionPension',
      payer,
      period: 24254,
      kind: 'current',
      people: 2,
      baseFen: 1_000_000,
      ratePpm: payer === 'employer' ? 160_000 : 80_000,
      amountFen: payer === 'employer' ? 160_000 : 80_000,
      dueDate: '2021-03-31',
    })),
  };
}

async function payAll(
  world: TestWorld,
  ports: PaymentPorts,
  made: readonly Payer[],
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < made.length; at = next++) {
      const { taxpayerId, billId, agreementId } = made[at] as Payer;
      const caller = {
        actor: { kind: 'token', tokenId: 'bench' },
        userId: 'bench',
        taxpayerId,
      } as unknown as Caller;
      const numbers = await drawNumbers(ports, taxpayerId, [billId]);
      if (!numbers.ok) throw new Error(JSON.stringify(numbers.error));
      const id = randomUUID();
      const command = payCommand(ports, world.services.crypto, caller, numbers.value);
      const total = (amountFen / 100).toFixed(2);
      const shown = { id: billId, version: 2, total };
      const body = { id, bills: [shown], agreementId: String(agreementId), total };
      const paid = await world.execute(
        command,
        { ...body, reauthentication: '' },
        { actor: caller.actor, idempotencyKey: id },
      );
      if (!paid.ok) throw new Error(JSON.stringify(paid.error));
    }
  };
  await Promise.all(Array.from({ length: payers }, lane));
}

async function untilOpen(world: TestWorld): Promise<void> {
  const open = `select 1 from treasury_session where logged_in and connected`;
  while ((await world.pools.read.query(open)).rowCount === 0) await sleep(20);
}

async function untilPaid(world: TestWorld): Promise<void> {
  const left = `select 1 from bill where state <> 'PAID' limit 1`;
  while ((await world.pools.read.query(left)).rowCount !== 0) await sleep(20);
}

/** What the bank may call: our public key and the inbox. */
async function serve(ports: PaymentPorts, port: number): Promise<Server> {
  const handlers = paymentHandlers(ports);
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      response.end(keyDocument(ports.signer.publicKey));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const answer = await receive(ports, handlers, Buffer.concat(chunks));
    response.writeHead(answer.status);
    response.end(answer.bytes);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return server;
}
