import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import * as contract from '@shebao/contract';
import { sql } from 'kysely';
import { answerPayouts, payAtBank } from '../payment/testing.ts';
import type { TestClient } from '../testing.ts';
import { checkRefunds } from './check.ts';
import {
  account,
  applicationOf,
  apply,
  approved,
  decide,
  detail,
  findings,
  overpaidWorld,
  proofFor,
  undoByCase,
} from './testing.ts';

test('what was levied too much is offered once the declaration that found it is paid', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may, refundable } = world;
  assert.equal((await refundable()).total, 0, 'an unpaid declaration may still be voided');
  await payAtBank(service, may);
  await service.drainTasks();
  const offered = await refundable();
  assert.deepEqual([offered.total, offered.amount], [2, '5760.00']);
  assert.deepEqual(offered.months, { from: '2021-04', to: '2021-04' });
  assert.equal(offered.running, null);
  const [first] = offered.people;
  assert.deepEqual(
    [first?.name, first?.periods, first?.employerAmount, first?.employeeAmount, first?.amount],
    ['职工1', '2021-04', '1920.00', '960.00', '2880.00'],
  );
  assert.deepEqual(
    first?.lines.map((line) => [line.levyItem, line.contributionBase, line.amount]),
    [
      ['机关事业单位基本养老保险(单位缴纳)', '0.00', '1280.00'],
      ['机关事业单位基本养老保险(个人缴纳)', '0.00', '640.00'],
      ['职业年金(单位缴纳)', '0.00', '640.00'],
      ['职业年金(个人缴纳)', '0.00', '320.00'],
    ],
  );
  assert.equal((await refundable({ search: '职工2' })).total, 1);
  assert.equal((await refundable({ agency: 'medicalInsurance' })).total, 0);
  const wide = await world.clerk.call(contract.listRefundable, {
    params: world.path,
    query: { agency: 'hrss', from: '2020-11', to: '2021-05' },
  });
  assert.match(wide.raw.toString(), /最多 6 个月/);
});

test('an application is examined by two officers and paid back once; books, feed and certificates follow', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may, refundable } = world;
  await payAtBank(service, may);
  await service.drainTasks();
  const wrong = await apply(world, { amount: '5760.01' });
  assert.equal(wrong.body['code'], 'REFUND_AMOUNT_CHANGED');
  assert.match(String(wrong.body['detail']), /5760\.00/);
  const nobody = await apply(world, { personIds: ['999999'] });
  assert.equal(nobody.body['code'], 'REFUND_NOTHING');
  const applied = applicationOf(await apply(world));
  assert.deepEqual(
    [applied.state, applied.people, applied.amount, applied.payeeAccountMasked],
    ['审核中', 2, '5760.00', '**** **** **** 0001'],
  );
  assert.equal((await refundable()).total, 0, 'what is asked back is not offered again');
  const another = await apply(world);
  assert.equal(another.body['code'], 'REFUND_APPLICATION_OPEN');

  const certificate = {
    id: randomUUID(),
    kind: 'person',
    from: '2021-04',
    to: '2021-04',
    rows: [`${world.unit.unitNo}:${world.people.get(1)}:2021-04`],
  };
  const before = await world.clerk.call(contract.issueCertificate, { body: certificate });
  assert.equal(before.status, 200, before.raw.toString());

  const first = await service.officer('refund', 'review');
  const second = await service.officer('review');
  assert.equal((await decide(first, applied, 'reject')).body['code'], 'INPUT_INVALID');
  const early = await decide(first, applied, 'approve');
  assert.equal(early.body['code'], 'REFUND_APPLICATION_CHANGED');
  const accepted = applicationOf(await decide(first, applied, 'accept'));
  const same = await decide(first, accepted, 'approve');
  assert.equal(same.body['code'], 'REFUND_SAME_OFFICER');
  const going = applicationOf(await decide(second, accepted, 'approve', '材料齐全'));
  assert.equal(going.state, '退库中');
  await service.drainTasks();
  assert.equal(await answerPayouts(service, '90000'), 1, 'one 税票号码, one payout');
  await service.drainTasks();

  const done = await detail(world, applied.id);
  assert.deepEqual([done.application.state, done.application.refunded], ['已退', '5760.00']);
  assert.equal(done.lines.total, 8);
  assert.deepEqual(
    done.payouts.map((part) => [part.state, part.amount]),
    [['已退', '5760.00']],
  );
  assert.deepEqual(await findings(world), []);

  const officer = await service.officer('hrss');
  const feed = await officer.call(contract.readPersonFeed, { params: { agency: 'hrss' } });
  const { entries } = feed.body as unknown as contract.AnswerOf<typeof contract.readPersonFeed>;
  const back = entries.filter(({ event }) => event === 'refunded');
  assert.deepEqual(
    back.map((entry) => [entry.name, entry.insurance, entry.employerAmount, entry.employeeAmount]),
    [
      ['职工1', 'institutionPension', '-1280.00', '-640.00'],
      ['职工1', 'occupationalAnnuity', '-640.00', '-320.00'],
      ['职工2', 'institutionPension', '-1280.00', '-640.00'],
      ['职工2', 'occupationalAnnuity', '-640.00', '-320.00'],
    ],
  );

  const old = await world.clerk.call(contract.issueCertificate, { body: certificate });
  assert.equal(old.body['state'], '已换开');
  const rows = await world.clerk.call(contract.listPersonCertificateRows, {
    query: { from: '2021-04', to: '2021-04' },
  });
  const listed = rows.body as unknown as contract.AnswerOf<
    typeof contract.listPersonCertificateRows
  >;
  assert.deepEqual(
    listed.rows.map((row) => [row.name, row.employerPaid, row.status]),
    [
      ['职工1', '0.00', '已退费'],
      ['职工2', '0.00', '已退费'],
      ['职工3', '1920.00', '已入库'],
    ],
  );
  const fresh = await world.clerk.call(contract.issueCertificate, {
    body: { ...certificate, id: randomUUID() },
  });
  assert.match(JSON.stringify(fresh.body['pageTexts']), /（1,280\.00）/);
});

test('a refused payout waits for another account; the second try pays what is left', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may, clerk, path } = world;
  await payAtBank(service, may);
  await service.drainTasks();
  const { first, second, id } = await approved(world);
  await answerPayouts(service, '24001', '账号不存在');
  await service.drainTasks();
  const failed = (await detail(world, id)).application;
  assert.deepEqual([failed.state, failed.opinion], ['退库失败', '24001 账号不存在']);
  assert.deepEqual(await findings(world), []);
  const told = { version: failed.version, payee: { ...account, account: '1202021099000002' } };
  const reauthentication = await proofFor(clerk, 'amendRefundApplication', { id, ...told });
  const amended = applicationOf(
    await clerk.call(contract.amendRefundApplication, {
      params: { ...path, id },
      body: { ...told, reauthentication },
    }),
  );
  assert.deepEqual([amended.state, amended.payeeAccountMasked.slice(-4)], ['审核中', '0002']);
  const accepted = applicationOf(await decide(first, amended, 'accept'));
  const returned = applicationOf(await decide(second, accepted, 'return', '请核对户名'));
  assert.deepEqual([returned.state, returned.opinion], ['审核中', '请核对户名']);
  const again = applicationOf(await decide(first, returned, 'accept'));
  applicationOf(await decide(second, again, 'approve'));
  await service.drainTasks();
  await answerPayouts(service, '90000');
  await service.drainTasks();
  const done = await detail(world, id);
  assert.equal(done.application.state, '已退');
  assert.deepEqual(
    done.payouts.map(({ state }) => state),
    ['退库失败', '已退'],
  );
  assert.deepEqual(await findings(world), []);
});

test('a withdrawn or refused application gives its months free, and nobody else may touch it', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may, clerk, path, refundable } = world;
  await payAtBank(service, may);
  await service.drainTasks();
  const one = applicationOf(
    await apply(world, { amount: '2880.00', personIds: [world.people.get(1)] }),
  );
  assert.equal((await refundable()).total, 1);
  const call = (client: TestClient, version: number) =>
    client.call(contract.withdrawRefundApplication, {
      params: { ...path, id: one.id },
      body: { version },
    });
  assert.equal((await call(clerk, 7)).body['code'], 'REFUND_APPLICATION_CHANGED');
  const officer = await service.officer('refund');
  assert.equal((await call(officer, one.version)).body['code'], 'FORBIDDEN');
  assert.equal(applicationOf(await call(clerk, one.version)).state, '已撤回');
  assert.equal((await refundable()).total, 2);
  const two = applicationOf(await apply(world));
  assert.equal(two.applicationNo, `TF-${world.unit.unitNo}-00002`);
  const refused = applicationOf(await decide(officer, two, 'reject', '材料不齐'));
  assert.deepEqual([refused.state, refused.opinion], ['不予通过', '材料不齐']);
  assert.equal((await refundable()).amount, '5760.00');
  const document = await clerk.call(contract.printRefundApplication, {
    params: { ...path, id: two.id },
  });
  assert.equal(document.headers['content-type'], 'application/pdf');
  assert.deepEqual(await findings(world), []);
});

test('a payment that left the treasury is not paid back, one that goes back is not taken back by a case', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may } = world;
  await payAtBank(service, may);
  await service.drainTasks();
  const first = await service.officer('refund');
  const second = await service.officer('review');
  const applied = applicationOf(await apply(world));
  const accepted = applicationOf(await decide(first, applied, 'accept'));
  const { q } = service.services.db;
  const [found] = (await detail(world, applied.id)).lines.rows;
  const voucher = found?.taxVoucherNo ?? '';
  const setOrder = (state: string) =>
    service.pools.write.query('update payment_order set state = $1 where tax_vou_no = $2', [
      state,
      voucher,
    ]);
  await setOrder('PAID');
  const refused = await decide(second, accepted, 'approve');
  assert.equal(refused.body['code'], 'REFUND_PAYMENT_CHANGED');
  await setOrder('TREASURED');
  applicationOf(await decide(second, accepted, 'approve'));
  const attempt = await sql<{ id: string }>`select a.id from attempt a join payment_order o
    on o.id = a.order_id where o.tax_vou_no = ${voucher}`.execute(q);
  const undone = await undoByCase(service, attempt.rows[0]?.id ?? '');
  assert.equal(undone, 'CASE_REFUNDED');
});

test('the operator is told what does not agree: application, lines, payouts, overpayments', async (t) => {
  const world = await overpaidWorld(t);
  const { service, may } = world;
  await payAtBank(service, may);
  await service.drainTasks();
  const { id, going } = await approved(world);
  await answerPayouts(service, '90000');
  await service.drainTasks();
  assert.deepEqual(await findings(world), []);
  const { write } = service.pools;
  const told = async () => (await checkRefunds(service.services.db.q)).map(({ text }) => text);

  await write.query('update refund_application set amount_fen = amount_fen + 1');
  assert.deepEqual(await told(), ['申请金额 576001 分，明细合计 576000 分']);
  await write.query('update refund_application set amount_fen = amount_fen - 1');

  await write.query('update overpayment set claimed_fen = 0');
  assert.deepEqual(await told(), ['已占用 0 分，退费申请合计 576000 分']);
  await write.query('update overpayment set claimed_fen = -amount_fen');
  assert.deepEqual(await told(), []);

  const stranger = randomUUID();
  await write.query('update refund set application_id = $1 where application_id = $2', [
    stranger,
    id,
  ]);
  const found = await checkRefunds(service.services.db.q);
  const strange = found.find(({ subject }) => subject.includes(stranger));
  assert.match(strange?.text ?? '', /已退 576000 分，申请 0 分/, going.applicationNo);
});
