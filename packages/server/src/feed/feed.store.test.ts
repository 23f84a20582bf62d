import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import * as contract from '@shebao/contract';
import { arrive, declare, declareWages, makeUnit, taxpayerId } from '../declaration/testing.ts';
import { loseOnList, payAtBank } from '../payment/testing.ts';
import { type TestClient, testPassword, testService } from '../testing.ts';
import { publish } from './commands.ts';
import { checkFeed } from './index.ts';

const actor = { kind: 'system', name: 'test' } as const;

/** A paid month of some people, in the feed. */
async function paidWorld(t: TestContext, size = 2) {
  const service = await testService(t, { now: '2021-03-10', rehearse: size < 10 });
  const unit = await makeUnit(service);
  const wanted = Array.from({ length: size }, (_, at) => ({ no: at + 1, from: '2021-03' }));
  const people = await arrive(service, unit, wanted);
  await declareWages(
    service,
    unit,
    [...people.values()].map((id) => [id, '2021-03', '8000.00'] as const),
  );
  const id = await declare(service, unit);
  const orderId = await payAtBank(service, id);
  await service.drainTasks();
  return { service, unit, id, orderId, people };
}

type Feed = contract.AnswerOf<typeof contract.readPersonFeed>;

async function read(client: TestClient, query: Record<string, number> = {}) {
  const params = { agency: 'hrss' };
  const answer = await client.call(contract.readPersonFeed, { params, query });
  return answer.body as unknown as Feed;
}

test('what is paid is in the feed of its agency, person by person, and adds up', async (t) => {
  const { service, unit, id } = await paidWorld(t);
  const client = await service.officer('hrss');
  const feed = await read(client);
  // Two people, pension and annuity.
  assert.deepEqual(
    feed.entries.map((entry) => [entry.seq, entry.event, entry.insurance, entry.employerAmount]),
    [
      [1, 'paid', 'institutionPension', '1280.00'],
      [2, 'paid', 'occupationalAnnuity', '640.00'],
      [3, 'paid', 'institutionPension', '1280.00'],
      [4, 'paid', 'occupationalAnnuity', '640.00'],
    ],
  );
  const [first] = feed.entries;
  assert.deepEqual(
    [first?.name, first?.identityNumber, first?.unitNo, first?.period, first?.declarationId],
    ['职工1', 'E00000001', unit.unitNo, '2021-03', id],
  );
  assert.deepEqual([feed.next, feed.last], [4, 4]);
  const page = await read(client, { after: 2, limit: 1 });
  assert.deepEqual([page.entries[0]?.seq, page.next, page.last], [3, 3, 4]);
  assert.deepEqual(await checkFeed(service.services.db.q), []);
  // The same work again, doubled or late, adds nothing.
  await service.execute(publish, { declarationId: id }, { actor });
  assert.equal((await read(client)).last, 4);
  const auditor = await service.officer('auditor');
  const log = await auditor.call(contract.listAudit, { query: { chain: 'agency:hrss' } });
  const { entries: noted } = log.body as unknown as contract.AnswerOf<typeof contract.listAudit>;
  assert.ok(
    noted.some(({ action, subject }) => action === 'feed.read' && subject === '1-4'),
    'who read it stands in the log',
  );
});

test('another agency, an officer and an employer get nothing', async (t) => {
  const { service } = await paidWorld(t);
  const params = { agency: 'hrss' };
  for (const role of ['medicalInsurance', 'reconcile', 'auditor'] as const) {
    const client = await service.officer(role);
    const answer = await client.call(contract.readPersonFeed, { params });
    assert.equal(answer.body['code'], 'FORBIDDEN', role);
    const receipt = await client.call(contract.receiptPersonFeed, { params, body: { through: 1 } });
    assert.equal(receipt.body['code'], 'FORBIDDEN', role);
  }
});

test('the clerk sees 已记入个人 when the receipt is in, by cursor or one by one', async (t) => {
  const { service, unit, id } = await paidWorld(t);
  const client = await service.officer('hrss');
  const clerk = await service.administrator(taxpayerId);
  const params = { agency: 'hrss' };
  const shown = async () => {
    const { body } = await clerk.call(contract.listCredits, {
      params: { unitNo: unit.unitNo, id },
    });
    const { rows, credited } = body as unknown as contract.AnswerOf<typeof contract.listCredits>;
    return [credited, ...rows.map((row) => row.state)];
  };
  assert.deepEqual(await shown(), [0, '已传递', '已传递', '已传递', '已传递']);
  const acknowledge = async (body: object) =>
    (await client.call(contract.receiptPersonFeed, { params, body })).body;
  assert.deepEqual(await acknowledge({ seqs: [3] }), { receipted: 1 });
  assert.deepEqual(await shown(), [1, '已传递', '已传递', '已记入个人', '已传递']);
  assert.deepEqual(await acknowledge({ through: 2 }), { receipted: 2 });
  assert.deepEqual(await acknowledge({ through: 2 }), { receipted: 0 });
  assert.deepEqual(await acknowledge({ seqs: [3] }), { receipted: 0 });
  assert.equal((await acknowledge({ through: 5 }))['code'], 'FEED_AHEAD');
  await acknowledge({ through: 4 });
  assert.deepEqual(await shown(), [4, '已记入个人', '已记入个人', '已记入个人', '已记入个人']);
  await assert.rejects(service.pools.write.query('delete from person_feed'), /append-only/);
});

test('a payment that is undone is corrected in the feed, and paid again told again', async (t) => {
  const { service, unit, id, orderId } = await paidWorld(t);
  await loseOnList(service, orderId);
  await service.drainTasks();
  const client = await service.officer('hrss');
  const { entries } = await read(client);
  assert.deepEqual(
    entries.map((entry) => entry.event),
    [...Array(4).fill('paid'), ...Array(4).fill('undone')],
  );
  assert.equal(entries[4]?.employerAmount, '-1280.00');
  assert.deepEqual(await checkFeed(service.services.db.q), []);
  const clerk = await service.administrator(taxpayerId);
  const credits = await clerk.call(contract.listCredits, { params: { unitNo: unit.unitNo, id } });
  assert.equal(credits.body['total'], 0);
  service.clock.pass(60_000);
  await payAtBank(service, id);
  await service.drainTasks();
  assert.equal((await read(client)).entries.at(-1)?.event, 'paid');
  assert.deepEqual(await checkFeed(service.services.db.q), []);
});

test('a program of an agency reads with a token that the security officer made, until it is revoked', async (t) => {
  const { service } = await paidWorld(t);
  await service.officer('hrss');
  const security = await service.officer('securityAdmin');
  const operation = { userName: 'officer1', label: '人社接口' };
  const operationHash = createHash('sha256')
    .update(contract.canonicalJson(operation))
    .digest('hex');
  const proof = await security.call(contract.reauthenticate, {
    body: { password: testPassword, operation: 'createOfficeToken', operationHash },
  });
  const made = await security.call(contract.createOfficeToken, {
    body: { ...operation, reauthentication: String(proof.body['token']) },
  });
  assert.equal(made.status, 200, made.raw.toString());
  const program = service.browser();
  const headers = { authorization: `Bearer ${String(made.body['token'])}` };
  const params = { agency: 'hrss' };
  const feed = await program.call(contract.readPersonFeed, { params, headers });
  assert.equal(feed.status, 200, feed.raw.toString());
  const other = await program.call(contract.listOfficers, { headers });
  assert.equal(other.body['code'], 'FORBIDDEN');
  const wrong = await security.call(contract.createOfficeToken, {
    body: { userName: 'officer2', label: 'x', reauthentication: 'x' },
  });
  assert.equal(wrong.body['code'], 'NOT_FOUND');
  const list = await security.call(contract.listOfficeTokens);
  const [token] = list.body['tokens'] as { id: string }[];
  await security.call(contract.revokeOfficeToken, { params: { id: token?.id ?? '' }, body: {} });
  const after = await program.call(contract.readPersonFeed, { params, headers });
  assert.equal(after.body['code'], 'NOT_SIGNED_IN');
});
