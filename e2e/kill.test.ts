// SIGKILL of service, workers, database and simulator in the middle of everything: nothing acknowledged is lost.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnswerOf,
  ApiError,
  listAgreements,
  listBills,
  listDeclarations,
  listDues,
  listPayments,
  submitDeclaration,
  voidDeclaration,
} from '@shebao/contract';
import { type ApiSession, eventually, openSession, payBill } from './support/api.ts';
import { freePort, type Part, startServicePart, startSimulatorPart } from './support/parts.ts';
import type { DemoFile } from './support/product.ts';

type DueUnit = AnswerOf<typeof listDues>['units'][number];
const rounds = Number(process.env['SHEBAO_KILL_ROUNDS'] ?? 10);
const now = '2021-03-10T09:00:00+08:00';
const dataDir = mkdtempSync(join(tmpdir(), 'shebao-kill-'));
const running: Part[] = [];

after(async () => {
  await Promise.all(running.map((part) => part.kill()));
  rmSync(dataDir, { recursive: true, force: true });
});

/** Small deterministic random numbers, so that a failing run can be repeated with its seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const seed = Number(process.env['SHEBAO_KILL_SEED'] ?? Math.floor(performance.timeOrigin % 1e6));
const random = randomOf(seed);

test(`${rounds} rounds of SIGKILL (seed ${seed})`, async () => {
  const port = await freePort();
  const treasuryPort = await freePort();
  const settings = { dataDir, port, now, treasuryUrl: `http://127.0.0.1:${treasuryPort}` };
  let service = await startServicePart(settings);
  let simulator = await startSimulatorPart(dataDir, treasuryPort);
  running.push(service, simulator);
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
  const school = demo.taxpayers[0];
  const unitNo = school?.units[1]?.unitNo;
  assert.ok(school && unitNo);
  const url = `http://127.0.0.1:${port}`;
  let session: ApiSession = await openSession(url, school.taxpayerId, school.password);

  async function restart(): Promise<void> {
    if (random() < 0.3) {
      await simulator.kill();
      simulator = await startSimulatorPart(dataDir, treasuryPort);
      running.push(simulator);
    }
    await service.kill();
    service = await startServicePart(settings);
    running.push(service);
    session = await openSession(url, school?.taxpayerId ?? '', school?.password ?? '');
  }

  /** Runs an action while the service is killed at a random moment; tells whether it was acknowledged. */
  async function killedAmid(action: (session: ApiSession) => Promise<unknown>): Promise<boolean> {
    const acting = action(session).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ApiError && error.status < 500) throw error;
        return false;
      },
    );
    await sleep(random() * 120);
    const [acknowledged] = await Promise.all([acting, restart()]);
    return acknowledged;
  }

  const ofUnit = async () => {
    const { declarations } = await session.call(listDeclarations, { query: { unitNo } });
    return declarations;
  };

  for (let round = 0; round < rounds; round += 1) {
    const dues: AnswerOf<typeof listDues> = await session.call(listDues, { query: { unitNo } });
    const due: DueUnit | undefined = dues.units.find((unit) => unit.unitNo === unitNo);
    assert.ok(due, 'everything that was voided is due again');
    const id = randomUUID();
    const body = { id, version: due.version, total: due.total };
    const submit = (by: ApiSession) =>
      by.call(submitDeclaration, { params: { unitNo }, body, idempotencyKey: id });
    const acknowledged = await killedAmid(submit);
    const known = (await ofUnit()).some((declaration) => declaration.id === id);
    if (acknowledged) assert.ok(known, `round ${round}: an acknowledged submission was lost`);
    // The same request again: the stored answer, or the submission that did not come through.
    await submit(session);
    const declared = await eventually(
      'the feedback',
      async () => (await ofUnit()).find((declaration) => declaration.id === id),
      (declaration) => declaration !== undefined && declaration.status !== '待反馈',
    );
    assert.equal(declared?.status, '全部申报成功');
    assert.equal(declared?.amountDue, due.total);
    if (round === rounds - 1) break;
    const key = randomUUID();
    const voiding = (by: ApiSession) =>
      by.call(voidDeclaration, { params: { unitNo, id }, body: {}, idempotencyKey: key });
    await killedAmid(voiding);
    await voiding(session).catch((error: unknown) => {
      assert.ok(error instanceof ApiError && error.code === 'DECLARATION_NOT_VOIDABLE');
    });
    await eventually(
      'the void',
      async () => (await ofUnit()).find((declaration) => declaration.id === id)?.status,
      (status) => status === '已作废',
    );
  }

  // Paying while everything is killed: paid once, or still 待核实 and then resolved; never twice.
  const { bills } = await session.call(listBills);
  const bill = bills.find((candidate) => candidate.unitNo === unitNo);
  const { agreements } = await session.call(listAgreements);
  const ample = school.agreements.find((agreement) => agreement.funds === 'ample')?.option;
  const agreement = agreements.find((candidate) => candidate.option === ample);
  assert.ok(bill && agreement);
  await eventually(
    'the treasury to be open',
    () => session.call(listBills),
    ({ treasury }) => treasury.open,
  );
  const shown = { id: bill.id, version: bill.version, total: bill.total };
  const paymentId = randomUUID();
  await killedAmid((by) => payBill(by, school.password, shown, agreement.id, paymentId));
  const settled = await eventually(
    'the payment to be settled',
    async () => (await session.call(listPayments)).payments.filter((row) => row.unitNo === unitNo),
    (rows) => rows.every((row) => row.status !== '扣款中'),
  );
  assert.ok(settled.filter((row) => row.status === '已缴款未入库').length <= 1);
  await service.stop();
  await simulator.stop();
  // Audit chains, declarations, bills and journal recomputed: every checker clean.
  const verify = spawnSync(process.execPath, ['packages/server/src/operate.ts', 'verify'], {
    env: { ...process.env, SHEBAO_DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  assert.equal(verify.status, 0, `${verify.stdout}${verify.stderr}`);
});
