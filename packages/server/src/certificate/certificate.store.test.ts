import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import * as contract from '@shebao/contract';
import { fen, ppm } from '@shebao/kernel';
import { takeOverLevied } from '../declaration/index.ts';
import { arrive, inside, makeUnit, month, taxpayerId } from '../declaration/testing.ts';
import { type TestClient, testService } from '../testing.ts';

const span = (personId: string, payer: 'employer' | 'employee', amount: number) => ({
  personId,
  insurance: 'institutionPension' as const,
  payer,
  from: month('2021-01'),
  to: month('2021-02'),
  wageFen: fen(8000_00),
  baseFen: fen(8000_00),
  ratePpm: ppm(payer === 'employer' ? 160_000 : 80_000),
  amountFen: fen(amount),
  people: 1,
});

/** A unit with two people whose first two months of 2021 were collected before take-over. */
async function paidWorld(t: TestContext) {
  const service = await testService(t);
  const unit = await makeUnit(service);
  const people = await arrive(service, unit, [
    { no: 1, from: '2021-01' },
    { no: 2, from: '2021-01' },
  ]);
  const [first = '', second = ''] = [people.get(1), people.get(2)];
  await inside(service, (tx) =>
    takeOverLevied(
      tx,
      unit.id,
      [first, second].flatMap((id) => [
        span(id, 'employer', 1280_00),
        span(id, 'employee', 640_00),
      ]),
      { collectedBy: '人社部门' },
    ),
  );
  const client = await service.administrator(taxpayerId);
  return { service, unit, client, first, second };
}

const range = { from: '2021-01', to: '2021-03' };

async function issue(client: TestClient, id: string, kind: 'unit' | 'person', rows: string[]) {
  return client.call(contract.issueCertificate, { body: { id, kind, ...range, rows } });
}

test('what is paid can be certified; the same request gives the same document', async (t) => {
  const { unit, client } = await paidWorld(t);
  const listed = await client.call(contract.listUnitCertificateRows, { query: range });
  const rows = listed.body['rows'] as { key: string; amountPaid: string; people: number }[];
  assert.deepEqual(
    rows.map((row) => [row.key, row.amountPaid, row.people]),
    [
      [`${unit.unitNo}:2021-01:institutionPension`, '3840.00', 2],
      [`${unit.unitNo}:2021-02:institutionPension`, '3840.00', 2],
    ],
  );
  const id = randomUUID();
  const keys = rows.map((row) => row.key);
  const made = await issue(client, id, 'unit', keys);
  assert.equal(made.status, 200, made.raw.toString());
  assert.match(String(made.body['certificateNo']), /^SBZM33010020210310\d{8}[0-9A-Z]$/);
  assert.match(String((made.body['pageTexts'] as string[])[0]), /7,680\.00/);
  const again = await issue(client, id, 'unit', keys);
  assert.deepEqual(again.body, made.body);
  const other = await issue(client, id, 'unit', keys.slice(1));
  assert.equal(other.body['code'], 'IDEMPOTENCY_MISMATCH');
  const unpaid = await issue(client, randomUUID(), 'unit', [
    `${unit.unitNo}:2021-03:institutionPension`,
  ]);
  assert.equal(unpaid.body['code'], 'NOT_CERTIFIABLE');
});

test('anybody with number and code can check it; wrong code and unknown number answer alike', async (t) => {
  const { service, unit, client, first } = await paidWorld(t);
  const id = randomUUID();
  const made = await issue(client, id, 'person', [`${unit.unitNo}:${first}:2021-02`]);
  assert.equal(made.status, 200, made.raw.toString());
  const text = String((made.body['pageTexts'] as string[])[0]);
  assert.match(text, /姓名：职工1/);
  assert.match(text, /1,280\.00/);
  const code = /验证码：([0-9A-Z ]+)/.exec(text)?.[1] ?? '';
  const certificateNo = String(made.body['certificateNo']);
  const visitor = service.browser();
  const check = (body: { certificateNo: string; code: string }) =>
    visitor.call(contract.verifyCertificate, { body });
  const good = await check({ certificateNo, code: code.toLowerCase() });
  assert.equal(good.body['state'], '有效');
  assert.equal(good.body['total'], '1920.00');
  assert.equal(good.body['holder'], '职*');
  const file = await client.call(contract.certificateFile, { params: { id } });
  assert.equal(createHash('sha256').update(file.raw).digest('hex'), good.body['sha256']);
  const wrong = await check({ certificateNo, code: 'AAAAA AAAAA' });
  const unknown = await check({ certificateNo: 'SBZM33010020210310999999990', code });
  assert.equal(wrong.body['code'], 'VERIFY_FAILED');
  assert.deepEqual([wrong.status, wrong.body['detail']], [unknown.status, unknown.body['detail']]);
});

test('another taxpayer gets neither rows nor document, and prints are counted', async (t) => {
  const { service, unit, client } = await paidWorld(t);
  const id = randomUUID();
  await issue(client, id, 'unit', [`${unit.unitNo}:2021-01:institutionPension`]);
  const print = () => client.call(contract.countPrint, { params: { id }, body: {} });
  assert.equal((await print()).body['prints'], 1);
  assert.equal((await print()).body['prints'], 2);
  const stranger = service.browser();
  const refused = await stranger.call(contract.certificateFile, { params: { id } });
  assert.equal(refused.status, 401);
});

test('a name that no font can draw refuses the certificate and names the character', async (t) => {
  const { service, unit, client, first } = await paidWorld(t);
  await service.pools.write.query(`update roster_person set name = '张𠀀' where person_id = $1`, [
    first,
  ]);
  const refused = await issue(client, randomUUID(), 'person', [`${unit.unitNo}:${first}:2021-02`]);
  assert.equal(refused.body['code'], 'GLYPH_MISSING');
  assert.match(String(refused.body['detail']), /“张𠀀”中的“𠀀”字/);
});
