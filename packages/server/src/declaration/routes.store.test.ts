import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  type AnswerOf,
  downloadDeclaration,
  downloadDuePeople,
  explainDeclared,
  explainDue,
  getDeclaration,
  listDeclarations,
  listDeclaredPeople,
  listDuePeople,
  listDues,
  listWageCandidates,
  listWageDeclarations,
  listWageResults,
  monthChange,
  monthOverview,
  policyPack,
  previewWages,
  readWageWorkbook,
  submitDeclaration,
  submitWages,
  voidDeclaration,
  wageFacts,
  wageState,
} from '@shebao/contract';
import { fen, monthOf, parseMonth, parseYuan, type Result } from '@shebao/kernel';
import { type UnitProfile, wageCosts } from '@shebao/levy';
import { policyFor } from '../policy/index.ts';
import { testService } from '../testing.ts';
import { arrive, makeUnit, taxpayerId } from './testing.ts';

const csvHead = '\uFEFF序号,姓名,证件类型,证件号码,缴费工资,缴费基数,费率,应缴费额,人员编号';

test('a clerk declares wages from his own sheet and the month over HTTP', async (t) => {
  const world = await testService(t, { now: '2021-03-10', rehearse: false });
  const drainTasks = () => world.drainTasks({ handlers: world.capabilities.tasks });
  const unit = await makeUnit(world);
  await arrive({ ...world, drainTasks }, unit, [
    { no: 1, from: '2021-01' },
    { no: 2, from: '2021-03' },
  ]);
  const clerk = await world.administrator(taxpayerId);
  const params = { unitNo: unit.unitNo };
  const state = await clerk.call(wageState, { params });
  assert.deepEqual([state.body['missingCount'], state.body['minimumWage']], [2, '2010.00']);
  const missing = await clerk.call(listWageCandidates, { params, query: { scope: 'missing' } });
  assert.equal(missing.body['total'], 2);

  // Four rows: one good, one without a month (found by itself), one too low, one unknown.
  const sheet = [
    '姓名,证件号码,新缴费工资,生效年月',
    '职工1,E00000001,"8,250.50",2021年1月',
    '职工2,E00000002,9000,',
    '职工2,E00000002,100,2021-03',
    '张三,E99999999,9000,2021-03',
  ].join('\n');
  const file = { name: '工资.csv', bytes: Buffer.from(sheet) };
  const read = await clerk.call(readWageWorkbook, { params, file });
  const { problems, lines } = read.body as {
    problems: { row: number; column: string; code: string }[];
    lines: unknown[];
  };
  assert.equal(read.status, 200, JSON.stringify(read.body));
  assert.deepEqual(
    problems.map(({ row, column, code }) => [row, column, code]),
    [
      [3, '生效年月', 'WAGE_DUPLICATE'],
      [4, '生效年月', 'WAGE_DUPLICATE'],
      [5, '证件号码', 'WAGE_PERSON_UNKNOWN'],
    ],
  );
  assert.equal(lines.length, 1);
  const people = (missing.body as { people: { personId: string }[] }).people;
  const both = [
    ...lines,
    { personId: people[1]?.personId, effectiveMonth: '2021-03', wage: '2000' },
  ];
  const preview = await clerk.call(previewWages, { params, body: { lines: both } });
  const previewed = (preview.body as { lines: Record<string, unknown>[] }).lines;
  // 36 % of 8,251.00: two months back and each month from now on, a third of it the person's.
  assert.deepEqual(
    previewed.map((line) => [line['backPay'], line['employerMonthly'], line['employeeMonthly']]),
    [
      ['5940.72', '1980.24', '990.12'],
      ['0.00', '0.00', '0.00'],
    ],
  );
  // Figures of other rules than today's are refused, with nothing stored.
  const stale = { id: randomUUID(), kind: 'daily', lines: both, policyVersion: 'of yesterday' };
  const refused = await clerk.call(submitWages, { params, body: stale });
  assert.deepEqual([refused.status, refused.body['code']], [409, 'POLICY_CHANGED']);
  const { policyVersion } = preview.body as { policyVersion: string };
  assert.equal(policyVersion, state.body['policyVersion']);
  const body = { id: randomUUID(), kind: 'daily', lines: both, policyVersion };
  assert.equal((await clerk.call(submitWages, { params, body })).status, 202);
  assert.equal((await clerk.call(submitWages, { params, body })).status, 202);
  const other = { ...body, lines };
  assert.equal((await clerk.call(submitWages, { params, body: other })).status, 422);
  await drainTasks();
  const records = await clerk.call(listWageDeclarations, { query: {} });
  const [record] = (records.body as { declarations: Record<string, unknown>[] }).declarations;
  assert.deepEqual([record?.['status'], record?.['failed']], ['部分申报成功', 1]);
  const withId = { ...params, id: body.id };
  const results = await clerk.call(listWageResults, { params: withId, query: {} });
  const shown = (results.body as { results: Record<string, unknown>[] }).results;
  assert.deepEqual(
    shown.map((row) => [row['result'], row['contributionBase']]),
    [
      ['申报成功', '8251.00'],
      ['申报失败', '3321.60'],
    ],
  );
  assert.match(String(shown[1]?.['reason']), /低于当地最低工资标准 2010.00 元/);
});

test('what the browser foretells about a wage is what the service foretells', async (t) => {
  const world = await testService(t, { now: '2021-03-10', rehearse: false });
  const drainTasks = () => world.drainTasks({ handlers: world.capabilities.tasks });
  const unit = await makeUnit(world);
  const ids = await arrive({ ...world, drainTasks }, unit, [{ no: 1, from: '2020-11' }]);
  const personId = ids.get(1) ?? '';
  const clerk = await world.administrator(taxpayerId);
  const params = { unitNo: unit.unitNo };
  const declare = async (effectiveMonth: string, wage: string) => {
    const lines = [{ personId, effectiveMonth, wage }];
    await clerk.call(submitWages, { params, body: { id: randomUUID(), kind: 'daily', lines } });
    await drainTasks();
  };
  await declare('2020-11', '5000');
  await declare('2021-01', '6000');
  const dues = await clerk.call(listDues, { query: {} });
  const [due] = (dues.body as { units: { version: string; total: string }[] }).units;
  const declaration = { id: randomUUID(), version: due?.version, total: due?.total };
  await clerk.call(submitDeclaration, { params, body: declaration });
  await drainTasks();
  // A declared amount explains itself as it was on that day.
  const item = {
    ...params,
    id: declaration.id,
    key: 'institutionPension:employer:2020-11:backPay',
  };
  const why = await clerk.call(explainDeclared, { params: item, query: { personId } });
  const told = why.body as AnswerOf<typeof explainDeclared>;
  assert.equal(why.status, 200, JSON.stringify(why.body));
  assert.match(told.title, /^职工1 机关事业单位基本养老保险\(单位缴纳\) 2020年11月$/);
  assert.deepEqual(
    told.steps.map(({ label, value }) => [label, value]),
    [
      ['缴费工资', '5,000.00'],
      ['上下限', '5,000.00'],
      ['费率', '16%'],
      ['计算', '800.00'],
      ['应缴费额', '800.00'],
    ],
  );
  const line = await clerk.call(explainDeclared, { params: item, query: {} });
  const steps = (line.body as AnswerOf<typeof explainDeclared>).steps;
  assert.ok(steps.some(({ label, sentence }) => label === '业务类型' && /补缴/.test(sentence)));
  const nobody = await clerk.call(explainDeclared, { params: item, query: { personId: '999999' } });
  assert.equal(nobody.status, 404);
  const facts = await clerk.call(wageFacts, { params: { ...params, personId } });
  assert.equal(facts.status, 200, JSON.stringify(facts.body));
  const known = facts.body as AnswerOf<typeof wageFacts>;
  assert.equal(known.levied.length, 20, 'five months, two insurances, two payers');
  const lines = [{ personId, effectiveMonth: '2020-11', wage: '7000.50' }];
  const preview = await clerk.call(previewWages, { params, body: { lines } });
  const [shown] = (preview.body as { lines: Record<string, unknown>[] }).lines;
  const wish = { effective: monthOf(2020, 11), wageFen: fen(700050) };
  const costs = wageCosts({
    policy: policyFor(unit.region),
    unit: known.unit as UnitProfile,
    current: monthOf(2021, 3),
    today: '2021-03-10',
    people: [
      {
        id: personId,
        enrolments: known.enrolments.map((one) => ({
          insurance: one.insurance,
          from: must(parseMonth(one.from)),
        })),
        wages: known.wages.map((one) => ({
          effective: must(parseMonth(one.effectiveMonth)),
          wageFen: must(parseYuan(one.wage)),
        })),
        declaring: [wish],
        levied: known.levied.map((one) => ({
          insurance: one.insurance,
          payer: one.payer,
          period: must(parseMonth(one.period)),
          wageFen: must(parseYuan(one.wage)),
          amountFen: must(parseYuan(one.amount)),
        })),
      },
    ],
  });
  const [cost] = must(costs).get(personId) ?? [];
  // Two months of 2020 rise from 5000 to 7001: 36 % of the difference each; 2021 keeps its own wage.
  assert.deepEqual([cost?.backPayMonths, cost?.backPayFen, cost?.employerFen], [2, 144072, 0]);
  assert.deepEqual(
    [shown?.['backPayMonths'], shown?.['backPay'], shown?.['employerMonthly']],
    [2, '1440.72', '0.00'],
  );
  const foreign = await clerk.call(wageFacts, { params: { ...params, personId: '999999' } });
  assert.equal(foreign.status, 404);
});

function must<T>(result: Result<T, unknown>): T {
  assert.ok(result.ok);
  return result.value;
}

test('dues, details, files, submission and void over HTTP', async (t) => {
  const world = await testService(t, { now: '2021-03-10', rehearse: false });
  const drainTasks = () => world.drainTasks({ handlers: world.capabilities.tasks });
  const unit = await makeUnit(world);
  const ids = await arrive({ ...world, drainTasks }, unit, [{ no: 1, from: '2021-02' }]);
  const clerk = await world.administrator(taxpayerId);
  const params = { unitNo: unit.unitNo };
  const lines = [{ personId: ids.get(1), effectiveMonth: '2021-02', wage: '10000' }];
  const wages = { id: randomUUID(), kind: 'daily', lines };
  await clerk.call(submitWages, { params, body: wages });
  await drainTasks();
  const dues = await clerk.call(listDues, { query: {} });
  const [due] = (dues.body as { units: Record<string, unknown>[] }).units;
  assert.deepEqual([due?.['total'], due?.['people'], due?.['pending']], ['7200.00', 1, false]);
  const key = 'institutionPension:employer:2021-02:backPay';
  const people = await clerk.call(listDuePeople, { params: { ...params, key }, query: {} });
  assert.deepEqual([people.body['total'], people.body['sum']], [1, '1600.00']);
  const csv = await clerk.call(downloadDuePeople, {
    params: { ...params, key },
    query: { format: 'csv' },
  });
  const [head, first] = csv.raw.toString('utf8').split('\r\n');
  assert.equal(head, csvHead);
  assert.match(first ?? '', /^1,职工1,外国护照,E00000001,10000.00,10000.00,0.16,1600.00,\d+$/);
  const why = await clerk.call(explainDue, {
    params: { ...params, key },
    query: { personId: ids.get(1) },
  });
  const steps = (why.body as { steps: { label: string; value: string }[] }).steps;
  assert.deepEqual(
    steps.map(({ label, value }) => `${label} ${value}`),
    ['缴费工资 10,000.00', '上下限 10,000.00', '费率 16%', '计算 1,600.00', '应缴费额 1,600.00'],
  );
  const change = await clerk.call(monthChange, { params });
  assert.deepEqual(change.body['reasons'], [
    '新增 1 人，增加 3,600.00 元',
    '另有 2021年3月 以前的补缴、补差 3,600.00 元',
  ]);
  const pack = await clerk.call(policyPack, { params: { region: '330100' } });
  assert.equal(pack.status, 200);

  const id = randomUUID();
  const body = { id, version: due?.['version'], total: due?.['total'] };
  const zero = { ...body, id: randomUUID(), total: '0.00' };
  assert.equal(
    (await clerk.call(submitDeclaration, { params, body: zero })).body['code'],
    'NOTHING_DUE',
  );
  assert.equal((await clerk.call(submitDeclaration, { params, body })).status, 202);
  await drainTasks();
  const withId = { ...params, id };
  const one = await clerk.call(getDeclaration, { params: withId });
  assert.deepEqual(
    [one.body['status'], one.body['paymentStatus'], one.body['voidable'], one.body['amountDue']],
    ['全部申报成功', '未缴费', true, '7200.00'],
  );
  const declared = await clerk.call(listDeclaredPeople, { params: { ...withId, key }, query: {} });
  assert.deepEqual(declared.body, people.body);
  const long = await clerk.call(downloadDeclaration, { params: withId, query: { format: 'csv' } });
  assert.equal(long.raw.toString('utf8').trim().split('\r\n').length, 9);
  const wide = await clerk.call(downloadDeclaration, {
    params: withId,
    query: { format: 'csv', layout: 'wide' },
  });
  assert.equal(wide.raw.toString('utf8').trim().split('\r\n').length, 3);
  const xlsx = await clerk.call(downloadDeclaration, {
    params: withId,
    query: { format: 'xlsx', key },
  });
  assert.equal(xlsx.raw.subarray(0, 2).toString(), 'PK');
  const overview = await clerk.call(monthOverview, { params });
  const states = (overview.body as { steps: { state: string }[] }).steps.map((step) => step.state);
  assert.deepEqual(states, ['done', 'none', 'done', 'todo', 'none']);

  assert.equal((await clerk.call(voidDeclaration, { params: withId, body: {} })).status, 202);
  await drainTasks();
  const list = await clerk.call(listDeclarations, { query: {} });
  const [row] = (list.body as { declarations: Record<string, unknown>[] }).declarations;
  assert.deepEqual([row?.['status'], row?.['voidable']], ['已作废', false]);
  const again = await clerk.call(voidDeclaration, { params: withId, body: {} });
  assert.equal(again.body['code'], 'DECLARATION_NOT_VOIDABLE');
});
