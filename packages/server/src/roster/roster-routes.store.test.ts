import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deliveryTemplate,
  deliveryVerdicts,
  downloadRoster,
  getRosterUpdate,
  importDelivery,
  listDeliveries,
  listRoster,
  listRosterChanges,
  listRosterUpdates,
  listTaxpayers,
  registerTaxpayer,
  registerUnit,
  startRosterUpdate,
} from '@shebao/contract';
import { readDelivery } from '../registry/index.ts';
import { testService } from '../testing.ts';

const taxpayerId = '91350100M000100Y43';
const unitNo = '33010001';
const number = '11010519491231002X';
const head = '单位编号,姓名,证件号码,险种,参保起始年月,参保终止年月';

test('from registration to the downloaded roster, over HTTP', async (t) => {
  const service = await testService(t);
  const officer = await service.officer('register');
  const params = { taxpayerId };
  const registered = await officer.call(registerTaxpayer, {
    body: { taxpayerId, name: '示例公司' },
  });
  assert.equal(registered.status, 200, registered.raw.toString());
  const unit = await officer.call(registerUnit, {
    params,
    body: {
      unitNo,
      name: '示例公司本部',
      region: '330100',
      unitKind: 'enterprise',
      fundingType: 'none',
      unitSize: 'medium',
      riskClass: 2,
      floatFactor: '1.2',
      insurances: ['enterprisePension', 'medical'],
    },
  });
  assert.deepEqual([unit.status, unit.body], [200, { unitNo, warnings: [] }]);

  const rows = [
    `${unitNo},=王一,${number},企业养老保险,2021-01,`,
    `${unitNo},=王一,${number},医疗保险,2021-01,`,
    `${unitNo},李二,4.4E+17,医疗保险,2021-01,`,
  ];
  const file = { name: '参保.csv', bytes: Buffer.from([head, ...rows].join('\n')) };
  const imported = await officer.call(importDelivery, { file, idempotencyKey: 'import-1' });
  assert.equal(imported.status, 200, imported.raw.toString());
  assert.deepEqual([imported.body['accepted'], imported.body['rejected']], [2, 1]);
  const again = await officer.call(importDelivery, { file, idempotencyKey: 'import-1' });
  assert.deepEqual(again.body, imported.body);
  const id = String(imported.body['id']);
  const verdicts = await officer.call(deliveryVerdicts, { params: { id } });
  const refused = (verdicts.body['verdicts'] as Record<string, unknown>[])[2];
  assert.deepEqual(
    [refused?.['row'], refused?.['verdict'], refused?.['column']],
    [4, '拒绝', '证件号码'],
  );
  assert.match(String(refused?.['detail']), /4\.4E\+17.*文本格式/);
  const deliveries = await officer.call(listDeliveries);
  assert.equal((deliveries.body['deliveries'] as unknown[]).length, 1);
  const broken = await officer.call(importDelivery, {
    file: { ...file, bytes: Buffer.from('PK') },
  });
  assert.deepEqual([broken.status, broken.body['code']], [422, 'WORKBOOK_UNREADABLE']);
  const template = await officer.call(deliveryTemplate);
  const read = await readDelivery(template.raw, '2021-03-10');
  assert.ok(read.ok && read.value.rows().length === 2);
  const listed = await officer.call(listTaxpayers, { query: { search: '本部' } });
  const [shown] = listed.body['taxpayers'] as { units: { people: number }[] }[];
  assert.equal(shown?.units[0]?.people, 1);

  const clerk = await service.administrator(taxpayerId);
  const body = { kind: 'full' };
  const started = await clerk.call(startRosterUpdate, { body });
  assert.equal(started.status, 202, started.raw.toString());
  const twice = await clerk.call(startRosterUpdate, { body });
  assert.equal(twice.body['code'], 'ROSTER_UPDATE_RUNNING');
  await service.drainTasks();
  const update = { id: String(started.body['id']) };
  const record = await clerk.call(getRosterUpdate, { params: update });
  assert.deepEqual([record.body['state'], record.body['added']], ['done', 1]);
  const updates = await clerk.call(listRosterUpdates);
  assert.equal((updates.body['updates'] as unknown[]).length, 1);
  const changes = await clerk.call(listRosterChanges, { params: update });
  assert.match(changes.raw.toString(), /"110\*{11}002X"/);

  for (const search of ['王', number]) {
    const people = await clerk.call(listRoster, { params: { unitNo }, query: { search } });
    assert.equal(people.body['total'], 1, search);
  }
  const none = await clerk.call(listRoster, { params: { unitNo }, query: { search: '张' } });
  assert.equal(none.body['total'], 0);
  const csv = await clerk.call(downloadRoster, { params: { unitNo }, query: { format: 'csv' } });
  const lines = csv.raw.toString().split('\r\n');
  const whole = `${unitNo},'=王一,居民身份证,${number},企业职工基本养老保险费,2021-01,,`;
  assert.ok(lines[1]?.startsWith(whole), lines[1]);
});
