import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as contract from '@shebao/contract';
import { ok } from '@shebao/kernel';
import type { Command } from '../platform/index.ts';
import { type TestService, testPassword, testService } from '../testing.ts';
import { openSetupLink, provisionAdministrator } from './provision.ts';
import { useReauthentication } from './reauthentication.ts';

// Credit codes with right check characters.
const ours = '91330106MA00000017';
const others = '91330106MA00000025';

async function registered(t: Parameters<typeof testService>[0]): Promise<TestService> {
  const s = await testService(t);
  const officer = await s.officer('register');
  const names = [
    [ours, '甲公司', '330100001'],
    [others, '乙公司', '330100002'],
  ] as const;
  for (const [taxpayerId, name, unitNo] of names) {
    const taxpayer = await officer.call(contract.registerTaxpayer, { body: { taxpayerId, name } });
    assert.equal(taxpayer.status, 200, taxpayer.raw.toString());
    const unit = await officer.call(contract.registerUnit, {
      params: { taxpayerId },
      body: {
        unitNo,
        name: `${name}本部`,
        region: '330106',
        unitKind: 'enterprise',
        fundingType: 'none',
        unitSize: 'medium',
        riskClass: 2,
        insurances: ['enterprisePension'],
      },
    });
    assert.equal(unit.status, 200, unit.raw.toString());
  }
  return s;
}

test('the initial password leads only to its change', async (t) => {
  const s = await registered(t);
  const officer = await s.officer('register');
  const call = { params: { taxpayerId: ours }, body: {}, idempotencyKey: 'issue-1' };
  const issued = await officer.call(contract.issueInitialPassword, call);
  assert.equal(issued.status, 200, issued.raw.toString());
  assert.equal(issued.body['validUntil'], '2021-03-17');
  const again = await officer.call(contract.issueInitialPassword, call);
  assert.deepEqual(again.body, issued.body);
  const initial = String(issued.body['initialPassword']);

  const clerk = s.browser();
  const first = await clerk.call(contract.signIn, {
    body: { taxpayerId: ours, password: initial },
  });
  assert.equal(first.status, 200, first.raw.toString());
  assert.equal(first.body['mustChangePassword'], true);
  assert.deepEqual(first.body['units'], []);
  const session = clerk.cookie;
  for (const bound of s.capabilities.routes) {
    const { who } = bound.route.permission;
    if (who === 'public' || who === 'session') continue;
    const params = { unitNo: '330100001', id: 'x', key: 'x', taxpayerId: ours, userName: 'x' };
    const refused = await clerk.call(bound.route, { params, body: {} });
    assert.equal(refused.body['code'], 'PASSWORD_CHANGE_REQUIRED', bound.route.name);
  }
  const refusals: readonly [string, RegExp][] = [
    [initial, /不能与初始密码相同/],
    ['short', /不能少于 15/],
    ['1234567890123456', /常见密码/],
    ['passwordpassword', /常见密码/],
    [`my ${ours.toLowerCase()} secret`, /不能包含纳税人识别号/],
    ['secret of 330100001', /不能包含纳税人识别号/],
  ];
  for (const [newPassword, rule] of refusals) {
    const refused = await clerk.call(contract.changePassword, { body: { newPassword } });
    assert.equal(refused.body['code'], 'PASSWORD_REFUSED');
    assert.match(String(refused.body['detail']), rule);
  }
  const changed = await clerk.call(contract.changePassword, {
    body: { newPassword: testPassword },
  });
  assert.equal(changed.status, 200, changed.raw.toString());
  assert.equal(changed.body['mustChangePassword'], false);
  assert.notEqual(clerk.cookie, session);
  const stale = s.browser();
  stale.cookie = session;
  assert.equal((await stale.call(contract.currentSession)).status, 401);
  const old = await s
    .browser()
    .call(contract.signIn, { body: { taxpayerId: ours, password: initial } });
  assert.equal(old.body['code'], 'CREDENTIALS_WRONG');
});

test('an initial password ends after seven days', async (t) => {
  const s = await registered(t);
  const administrator = { taxpayerId: ours, password: testPassword, initial: true };
  assert.ok((await provisionAdministrator(s.services, administrator)).ok);
  s.clock.pass(8 * 86_400_000);
  const late = await s
    .browser()
    .call(contract.signIn, { body: { taxpayerId: ours, password: testPassword } });
  assert.equal(late.body['code'], 'CREDENTIALS_WRONG');
});

test('known or not, an identifier gets the same answers and the same lock', async (t) => {
  const s = await registered(t);
  await s.administrator(ours);
  const tell = async (taxpayerId: string, source: string, password: string) => {
    const answer = await s
      .browser(source)
      .call(contract.signIn, { body: { taxpayerId, password } });
    return `${answer.status} ${String(answer.body['detail'])}`;
  };
  const sequences = await Promise.all(
    [
      [ours, '10.0.0.1'],
      ['91330106MA00000099', '10.0.0.2'],
    ].map(async ([taxpayerId = '', source = '']) => {
      const answers: string[] = [];
      for (let n = 0; n < 11; n += 1)
        answers.push(await tell(taxpayerId, source, 'wrong password'));
      return answers;
    }),
  );
  assert.deepEqual(sequences[0], sequences[1]);
  assert.equal(sequences[0]?.[9], '401 纳税人识别号或申报密码不正确');
  assert.equal(sequences[0]?.[10], '429 尝试次数过多，请在 15 分钟后再试');
  // Neither the right password nor another place opens a lock; tries do not prolong it.
  s.clock.pass(10 * 60_000);
  assert.match(await tell(ours, '10.0.0.3', testPassword), /请在 5 分钟后再试/);
  s.clock.pass(5 * 60_000 + 1);
  assert.match(await tell(ours, '10.0.0.3', testPassword), /^200/);
});

test('a session ends when idle, at its absolute end, at sign-out and when its user is stopped', async (t) => {
  const s = await registered(t);
  const clerk = await s.administrator(ours);
  const status = async () => (await clerk.call(contract.currentSession)).status;
  for (let n = 0; n < 25; n += 1) {
    s.clock.pass(28 * 60_000);
    assert.equal(await status(), 200);
  }
  s.clock.pass(28 * 60_000);
  assert.equal(await status(), 401, 'after twelve hours');
  const second = await s.administrator(others);
  s.clock.pass(31 * 60_000);
  assert.equal((await second.call(contract.currentSession)).status, 401, 'idle');
  const third = await s.administrator(ours);
  const cookie = third.cookie;
  assert.equal((await third.call(contract.signOut)).status, 204);
  third.cookie = cookie;
  assert.equal((await third.call(contract.currentSession)).status, 401);
});

test("a change without the page's token or from elsewhere is refused", async (t) => {
  const s = await registered(t);
  const clerk = await s.administrator(ours);
  const headers = { 'x-shebao-csrf': 'guess' };
  const forged = await clerk.call(contract.signOut, { headers });
  assert.equal(forged.body['code'], 'CSRF_REFUSED');
  const foreign = await clerk.call(contract.signOut, {
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(foreign.body['code'], 'CSRF_REFUSED');
  assert.equal((await clerk.call(contract.currentSession)).status, 200);
});

test('users have rights per unit and function; tokens never more than their maker', async (t) => {
  const s = await registered(t);
  const boss = await s.administrator(ours);
  const grants = [{ unitNo: '330100001', functions: ['query'] }];
  const body = { userName: 'clerk', displayName: '经办', grants };
  const made = await boss.call(contract.createUser, { body });
  assert.equal(made.status, 200, made.raw.toString());
  const twice = await boss.call(contract.createUser, { body });
  assert.equal(twice.body['code'], 'USER_EXISTS');
  const foreign = [{ unitNo: '330100002', functions: ['query'] }];
  const refused = await boss.call(contract.createUser, {
    body: { ...body, userName: 'spy', grants: foreign },
  });
  assert.equal(refused.status, 404);
  const clerk = s.browser();
  const password = String(made.body['initialPassword']);
  await clerk.call(contract.signIn, { body: { taxpayerId: ours, userName: 'clerk', password } });
  await clerk.call(contract.changePassword, { body: { newPassword: testPassword } });
  assert.equal((await clerk.call(contract.listUsers)).body['code'], 'FORBIDDEN');

  const wanted = { label: 'ERP', functions: ['administer', 'pay'], unitNos: ['330100001'] };
  const bare = { ...wanted, reauthentication: 'stolen-session' };
  const unproven = await boss.call(contract.createToken, { body: bare });
  assert.equal(unproven.body['code'], 'REAUTHENTICATION_REQUIRED');
  const operationHash = createHash('sha256').update(contract.canonicalJson(wanted)).digest('hex');
  const proof = await boss.call(contract.reauthenticate, {
    body: { password: testPassword, operation: 'createToken', operationHash },
  });
  const token = await boss.call(contract.createToken, {
    body: { ...wanted, reauthentication: String(proof.body['token']) },
  });
  assert.equal(token.status, 200, token.raw.toString());
  const program = s.browser();
  const headers = { authorization: `Bearer ${String(token.body['token'])}` };
  assert.equal((await program.call(contract.listUsers, { headers })).status, 200);
  const id = String((token.body['info'] as { id: string }).id);
  assert.equal((await boss.call(contract.revokeToken, { params: { id } })).status, 204);
  assert.equal((await program.call(contract.listUsers, { headers })).status, 401);

  const stop = { params: { userName: 'clerk' }, body: { active: false } };
  assert.equal((await boss.call(contract.setUserActive, stop)).status, 200);
  assert.equal((await clerk.call(contract.currentSession)).status, 401);
});

test('a 安全认证 counts once, for its user, operation and content, for five minutes', async (t) => {
  const s = await registered(t);
  const clerk = await s.administrator(ours);
  const ask = (operationHash: string, password = testPassword) =>
    clerk.call(contract.reauthenticate, { body: { password, operation: 'pay', operationHash } });
  const hash = 'a'.repeat(64);
  assert.equal((await ask(hash, 'wrong')).body['code'], 'REAUTHENTICATION_WRONG');
  const user = await s.pools.read.query('select id from app_user where administrator');
  const userId = String(user.rows[0].id);
  const use: Command<{ token: string; operationHash: string; userId: string }, null> = {
    name: 'test.use',
    chain: () => 'unit:x',
    describe: () => ({ subject: '', detail: {} }),
    async run(tx, input, { wallAt }) {
      const used = await useReauthentication(tx, { ...input, operation: 'pay', wallAt });
      return used.ok ? ok(null) : used;
    },
  };
  const spend = async (token: unknown, operationHash = hash, by = userId) => {
    const input = { token: String(token), operationHash, userId: by };
    const actor = { kind: 'system', name: 'test' } as const;
    return (await s.services.execute(use, input, { actor })).ok;
  };
  const first = (await ask(hash)).body['token'];
  assert.equal(await spend(first, 'b'.repeat(64)), false);
  assert.equal(await spend(first, hash, '00000000-0000-8000-a000-000000000000'), false);
  assert.equal(await spend(first), true);
  assert.equal(await spend(first), false);
  const second = (await ask(hash)).body['token'];
  s.clock.pass(5 * 60_000 + 1);
  assert.equal(await spend(second), false);
});

test('officers: one of the three system roles each; the list shows them', async (t) => {
  const s = await registered(t);
  const security = await s.officer('securityAdmin');
  const body = { userName: 'li.si', displayName: '李四', roles: ['auditor', 'systemAdmin'] };
  const refused = await security.call(contract.createOfficer, { body });
  assert.equal(refused.body['code'], 'INPUT_INVALID');
  const made = await security.call(contract.createOfficer, {
    body: { ...body, roles: ['auditor'] },
  });
  assert.equal(made.status, 200, made.raw.toString());
  const list = await security.call(contract.listOfficers);
  const row = (list.body['officers'] as { userName: string }[]).find((o) => o.userName === 'li.si');
  assert.deepEqual(row, {
    userName: 'li.si',
    displayName: '李四',
    active: true,
    roles: ['auditor'],
  });
});

test('the first officer comes by a link that works once, and none is made where there is one', async (t) => {
  const s = await testService(t);
  const first = await openSetupLink(s.capabilities.access);
  const second = await openSetupLink(s.capabilities.access);
  assert.ok(first !== undefined && second !== undefined);
  const setUp = (link: string, password = testPassword) => {
    const setupToken = link.split('#')[1] as string;
    const body = { setupToken, userName: 'first', displayName: '首位管理员', password };
    return s.browser().call(contract.officeSetup, { body });
  };
  assert.equal((await setUp(first)).body['code'], 'SETUP_CLOSED', 'a newer link replaces it');
  assert.equal((await setUp(second, 'too short')).body['code'], 'PASSWORD_REFUSED');
  const made = await setUp(second);
  assert.equal(made.status, 200, made.raw.toString());
  assert.ok((made.body['roles'] as string[]).includes('securityAdmin'));
  assert.equal((await setUp(second)).body['code'], 'SETUP_CLOSED');
  assert.equal(await openSetupLink(s.capabilities.access), undefined);
});

test('an officer who is unknown or mistyped gets one answer', async (t) => {
  const s = await testService(t);
  await s.officer('register');
  const ask = (userName: string) =>
    s.browser().call(contract.officeSignIn, { body: { userName, password: 'wrong' } });
  const [unknown, mistyped] = [await ask('nobody'), await ask('officer1')];
  assert.equal(unknown.body['code'], 'OFFICE_CREDENTIALS_WRONG');
  assert.deepEqual(
    [mistyped.status, mistyped.body['detail']],
    [unknown.status, unknown.body['detail']],
  );
});

test('one account has one live agreement', async (t) => {
  const s = await registered(t);
  const officer = await s.officer('register');
  const body = {
    taxpayerId: ours,
    protocolNo: '202100009001',
    bankName: '示例银行杭州分行',
    openingBankNo: '102331000001',
    clearingBankNo: '102331000000',
    account: '1202021099000999',
    holder: '示例单位',
  };
  const first = await officer.call(contract.recordAgreement, { body });
  assert.equal(first.status, 200, first.raw.toString());
  const second = { ...body, protocolNo: '202100009002' };
  const refused = await officer.call(contract.recordAgreement, { body: second });
  assert.equal(refused.body['code'], 'AGREEMENT_EXISTS');
});
