import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import * as contract from '@shebao/contract';
import { checkLevied } from '../declaration/index.ts';
import { arrive, declare, declareWages, makeUnit, taxpayerId } from '../declaration/testing.ts';
import { checkFeed } from '../feed/index.ts';
import { usualTimes } from '../payment/advance.ts';
import { approveCase, handleCase } from '../payment/case-acts.ts';
import { openListCase } from '../payment/cases.ts';
import { checkPayments } from '../payment/index.ts';
import { enterTreasury, inStore, nextWorkDay, payAtBank } from '../payment/testing.ts';
import { type TestAnswer, type TestClient, testPassword, testService } from '../testing.ts';
import { checkRefunds } from './check.ts';

const day = 86_400_000;

/**
 * Three people pay for March and April; in May it turns out that two of them left in March. May is declared for the
 * third: what the two paid for April is owed back, 8000 yuan at 16, 8, 8 and 4 % each.
 */
export async function overpaidWorld(t: TestContext) {
  const service = await testService(t, { now: '2021-03-10' });
  const unit = await makeUnit(service);
  const everybody = [1, 2, 3].map((no) => ({ no, from: '2021-03' }));
  const people = await arrive(service, unit, everybody);
  const wages = [...people.values()].map((id) => [id, '2021-03', '8000.00'] as const);
  await declareWages(service, unit, wages);
  for (const month of ['2021-03', '2021-04']) {
    const order = await payAtBank(service, await declare(service, unit));
    await service.drainTasks();
    if (month === '2021-04') await enterTreasury(service, order);
    service.clock.pass((month === '2021-03' ? 31 : 30) * day);
    await nextWorkDay(service);
  }
  await arrive(
    service,
    unit,
    everybody.map((one) => (one.no < 3 ? { ...one, to: '2021-03' } : one)),
  );
  const may = await declare(service, unit);
  const clerk = await service.administrator(taxpayerId);
  const path = { unitNo: unit.unitNo };
  const span = { agency: 'hrss', from: '2021-03', to: '2021-05' } as const;
  const refundable = async (query: object = {}) => {
    const answer = await clerk.call(contract.listRefundable, {
      params: path,
      query: { ...span, ...query },
    });
    assert.equal(answer.status, 200, answer.raw.toString());
    return answer.body as unknown as contract.AnswerOf<typeof contract.listRefundable>;
  };
  return { service, unit, people, may, clerk, path, span, refundable };
}

export type World = Awaited<ReturnType<typeof overpaidWorld>>;

export async function proofFor(
  client: TestClient,
  operation: string,
  act: object,
): Promise<string> {
  const operationHash = createHash('sha256').update(contract.canonicalJson(act)).digest('hex');
  const proof = await client.call(contract.reauthenticate, {
    body: { password: testPassword, operation, operationHash },
  });
  assert.equal(proof.status, 200, proof.raw.toString());
  return String(proof.body['token']);
}

export const account = { bankNo: '102331000001', account: '1202021099000001' };

export async function apply(world: World, other: object = {}): Promise<TestAnswer> {
  const operation = {
    id: randomUUID(),
    ...world.span,
    personIds: null,
    amount: '5760.00',
    reasonCode: '03',
    reason: '职工三月已离职',
    payee: account,
    ...other,
  };
  const reauthentication = await proofFor(world.clerk, 'applyForRefund', operation);
  return world.clerk.call(contract.applyForRefund, {
    params: world.path,
    body: { ...operation, reauthentication },
  });
}

export async function decide(
  client: TestClient,
  one: contract.RefundApplication,
  act: string,
  reason = '',
): Promise<TestAnswer> {
  const told = { act, version: one.version, reason };
  const reauthentication = await proofFor(client, 'refundApplication', { id: one.id, ...told });
  return client.call(contract.decideRefundApplication, {
    params: { id: one.id },
    body: { ...told, reauthentication },
  });
}

export const applicationOf = (answer: TestAnswer) => {
  assert.equal(answer.status, 200, answer.raw.toString());
  return answer.body as unknown as contract.RefundApplication;
};

export async function detail({ clerk, path }: World, id: string) {
  const answer = await clerk.call(contract.getRefundApplication, { params: { ...path, id } });
  return answer.body as unknown as contract.AnswerOf<typeof contract.getRefundApplication>;
}

/** Everything that the operator's check adds up. */
export async function findings({ service }: World) {
  const { q } = service.services.db;
  return [
    ...(await checkLevied(q)),
    ...(await checkPayments(q)),
    ...(await checkRefunds(q)),
    ...(await checkFeed(q)),
  ];
}

/** An application that both officers agreed to; its payouts are on their way. */
export async function approved(world: World) {
  const first = await world.service.officer('refund');
  const second = await world.service.officer('review');
  const applied = applicationOf(await apply(world));
  const accepted = applicationOf(await decide(first, applied, 'accept'));
  const going = applicationOf(await decide(second, accepted, 'approve'));
  await world.service.drainTasks();
  return { first, second, id: applied.id, going };
}

/** Two officers want to take a payment back because its listed amount differs; the refusal's code. */
export async function undoByCase(service: World['service'], attemptId: string): Promise<string> {
  const id = `listedDiffers:${attemptId}`;
  return inStore(service, async (store) => {
    await openListCase(store, id, '金额不符', 100, attemptId);
    const why = { decision: 'undo', reason: '核对', papers: '清单' } as const;
    const handled = await handleCase(store, { id, version: 1, officer: 'one', ...why });
    assert.ok(handled.ok, JSON.stringify(handled));
    const { version } = handled.value;
    const done = await approveCase(store, { times: usualTimes }, { id, version, officer: 'two' });
    return done.ok ? '' : done.error.code;
  });
}
