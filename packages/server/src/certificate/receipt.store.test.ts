import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import * as contract from '@shebao/contract';
import {
  arrive,
  askVoid,
  declare,
  declareWages,
  makeUnit,
  taxpayerId,
} from '../declaration/testing.ts';
import { loseOnList, payAtBank } from '../payment/testing.ts';
import { type TestAnswer, testService } from '../testing.ts';

/** A declared month of two people. */
async function declaredWorld(t: TestContext) {
  const service = await testService(t, { now: '2021-03-10' });
  const unit = await makeUnit(service);
  const people = await arrive(service, unit, [
    { no: 1, from: '2021-03' },
    { no: 2, from: '2021-03' },
  ]);
  await declareWages(
    service,
    unit,
    [...people.values()].map((id) => [id, '2021-03', '8000.00'] as const),
  );
  const id = await declare(service, unit);
  return { service, unit, id, client: await service.administrator(taxpayerId) };
}

/** Number and code as they are printed: read from the archive, as its holder reads the paper. */
async function printedOn(service: Awaited<ReturnType<typeof testService>>, answer: TestAnswer) {
  const sha256 = createHash('sha256').update(answer.raw).digest('hex');
  const found = await service.pools.read.query<{ certificate_no: string; page_texts: string[] }>(
    'select certificate_no, page_texts from certificate where sha256 = $1',
    [sha256],
  );
  const row = found.rows[0];
  assert.ok(row, 'what was sent is what is archived');
  const text = row.page_texts.join('\n');
  const code = /验证码：([0-9A-Z ]+)/.exec(text)?.[1] ?? '';
  return { certificateNo: row.certificate_no, code, text };
}

test('a submission has one receipt for ever, and anybody can check it', async (t) => {
  const { service, unit, id, client } = await declaredWorld(t);
  const params = { unitNo: unit.unitNo, id };
  const first = await client.call(contract.printDeclarationReceipt, { params });
  assert.equal(first.raw.subarray(0, 5).toString(), '%PDF-', first.raw.toString().slice(0, 200));
  service.clock.pass(60_000);
  const again = await client.call(contract.printDeclarationReceipt, { params });
  assert.ok(first.raw.equals(again.raw), 'byte for byte');
  const { certificateNo, code, text } = await printedOn(service, first);
  assert.match(certificateNo, /^SBHZ33010020210310\d{8}[0-9A-Z]$/);
  assert.match(text, /请于 2021-03-31 前到“费款缴纳—缴费”缴费/);
  const verified = await service
    .browser()
    .call(contract.verifyCertificate, { body: { certificateNo, code } });
  assert.equal(verified.body['title'], '社会保险费申报受理回执');
  assert.equal(verified.body['state'], '有效');
  const early = await client.call(contract.printDeclarationReceipt, {
    params,
    query: { act: 'void' },
  });
  assert.equal(early.body['code'], 'NO_RECEIPT');
});

test('a void has a receipt of its own; the receipt of the submission stays what it was', async (t) => {
  const { service, unit, id, client } = await declaredWorld(t);
  await askVoid(service, unit, id);
  await service.drainTasks();
  const params = { unitNo: unit.unitNo, id };
  const voided = await client.call(contract.printDeclarationReceipt, {
    params,
    query: { act: 'void' },
  });
  const { text } = await printedOn(service, voided);
  assert.match(text, /社会保险费申报作废回执/);
  const submitted = await client.call(contract.printDeclarationReceipt, { params });
  assert.equal(submitted.status, 200);
});

test('a payment has a receipt; when the list undoes it, receipt and certificate are withdrawn', async (t) => {
  const { service, unit, id, client } = await declaredWorld(t);
  const orderId = await payAtBank(service, id);
  const receipt = await client.call(contract.printReceipt, { params: { id: orderId } });
  assert.equal(receipt.status, 200, receipt.raw.toString().slice(0, 300));
  const { certificateNo, code } = await printedOn(service, receipt);
  const check = async () => {
    const body = { certificateNo, code };
    return (await service.browser().call(contract.verifyCertificate, { body })).body['state'];
  };
  assert.equal(await check(), '有效');
  const range = { from: '2021-03', to: '2021-03' };
  const rows = [`${unit.unitNo}:2021-03:institutionPension`];
  const issued = await client.call(contract.issueCertificate, {
    body: { id: randomUUID(), kind: 'unit', ...range, rows },
  });
  assert.equal(issued.status, 200, issued.raw.toString());
  await loseOnList(service, orderId);
  await service.drainTasks();
  assert.equal(await check(), '已作废');
  const states = await service.pools.read.query<{ kind: string; state: string }>(
    'select kind, state from certificate order by kind',
  );
  assert.deepEqual(states.rows, [
    { kind: 'payment', state: 'revoked' },
    { kind: 'unit', state: 'revoked' },
  ]);
  const gone = await client.call(contract.printReceipt, { params: { id: orderId } });
  assert.equal(gone.body['code'], 'NO_RECEIPT');
  const unknown = await client.call(contract.printReceipt, { params: { id: randomUUID() } });
  assert.equal(unknown.body['code'], 'NOT_FOUND');
});
