import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttemptGate, countFailure, type Tally } from './attempts.ts';
import { commonPasswords, hashPassword, isOutdated, verifyPassword } from './password-hash.ts';
import { passwordFault, passwordProfiles, ruleLines } from './password-rules.ts';

const identifiers = ['91330106MA00000017', '330100001', '管理员', '杭州示例中学'];

const asvs: readonly [password: string, accepted: boolean][] = [
  ['correct horse battery', true],
  ['社保缴费真的不难但要按时办理哦好', true],
  ['ein Satz ohne Zahlen', true],
  ['aB3$efgh!jKlm9.', true],
  ['p4 wq 88 zz rt 01', true],
  ['😀😀 smile every day', true],
  [`${'长'.repeat(64)}${'短句'.repeat(32)}`, true],
  ['kein-geheimnis-2021', true],
  ['Fluss, Brücke, Turm', true],
  ['the quick brown fox', true],
  ['七个小矮人住在山的那一边和那里呀', true],
  ['tiger lily 7 moons', true],
  ['', false],
  ['short', false],
  ['fourteen chars', false],
  ['a'.repeat(129), false],
  ['with a tab\tinside it', false],
  ['123456789012345', false],
  ['987654321098765', false],
  ['aaaaaaaaaaaaaaaa', false],
  ['abcabcabcabcabcabc', false],
  ['qwertyuiopasdfgh', false],
  ['passwordpassword', false],
  ['PASSWORDpassword', false],
  ['1234512345123451', false],
  ['abcdefghijklmnop', false],
  ['my 91330106ma00000017', false],
  ['unit 330100001 rules', false],
  ['我是管理员我是管理员我来登录了', false],
  ['杭州示例中学的申报密码就是这个', false],
  ['71000000AM60103319 x', false],
];

const mlps3: readonly [password: string, accepted: boolean][] = [
  ['Kx9.mq2w', true],
  ['zuHause7', true],
  ['Mond&Tal', true],
  ['8fluss+Berg', true],
  ['山Tal9.wx', true],
  ['n0 Pflug!', true],
  ['R7-regen-tag', true],
  ['vier4Tore', true],
  ['Uhr 12 schlug', true],
  ['gelb.Rot3', true],
  ['Kurz7.a', false],
  ['nurkleinbuchstaben', false],
  ['kleinundzahl77', false],
  ['GROSSUNDZAHL77', false],
  ['Password1!', false],
  ['Qwerty123', false],
  ['Passw0rd', false],
  ['330100001aB.', false],
];

test('both profiles accept and refuse what they must', async () => {
  const common = await commonPasswords();
  const isCommon = (text: string): boolean => common.has(text);
  assert.ok(common.size > 3_000);
  for (const [name, table] of Object.entries({ ASVS: asvs, MLPS3: mlps3 })) {
    const profile = passwordProfiles[name as 'ASVS' | 'MLPS3'];
    for (const [password, accepted] of table) {
      const fault = passwordFault(password, { profile, isCommon, identifiers });
      assert.equal(fault === undefined, accepted, `${name} ${password}: ${fault ?? 'accepted'}`);
    }
    assert.ok(ruleLines(profile).every((line) => /[\u4e00-\u9fff]/.test(line)));
  }
});

test("hashes are argon2id of today's cost, salted, and know the password only", async () => {
  const stored = await hashPassword('Fluss, Brücke, Turm');
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.notEqual(stored, await hashPassword('Fluss, Brücke, Turm'));
  assert.equal(await verifyPassword('Fluss, Brücke, Turm'.normalize('NFD'), stored), true);
  assert.equal(await verifyPassword('Fluss, Brücke, turm', stored), false);
  assert.equal(await verifyPassword('anything', undefined), false);
  assert.equal(isOutdated(stored), false);
  assert.equal(isOutdated(stored.replace('m=19456', 'm=4096')), true);
});

test('a lock comes at the limit, is not prolonged, and is forgotten when it ends', () => {
  const rule = { failuresToLock: 3, lockMs: 1_000 };
  let tally: Tally | undefined;
  for (const now of [0, 10, 20]) tally = countFailure(tally, rule, now);
  assert.equal(tally?.lockedUntilMs, 1_020);
  tally = countFailure(tally, rule, 500);
  assert.equal(tally.lockedUntilMs, 1_020);
  assert.deepEqual(countFailure(tally, rule, 1_020), {
    failures: 1,
    lastMs: 1_020,
    lockedUntilMs: 0,
  });
  const old: Tally = { failures: 2, lastMs: 0, lockedUntilMs: 0 };
  assert.equal(countFailure(old, rule, 1_000).failures, 1);
});

test('one source cannot try many identifiers, and a success clears only its identifier', () => {
  let now = 0;
  const gate = new AttemptGate(passwordProfiles.ASVS, () => now);
  for (let n = 0; n < 299; n += 1) gate.fail(`id ${n}`, 'here');
  assert.equal(gate.waitMinutes('new', 'here'), 0);
  gate.succeed('id 1');
  gate.fail('id 300', 'here');
  assert.equal(gate.waitMinutes('new', 'here'), 15);
  assert.equal(gate.waitMinutes('new', 'elsewhere'), 0);
  now = 14.5 * 60_000;
  assert.equal(gate.waitMinutes('new', 'here'), 1);
  now = 15 * 60_000;
  assert.equal(gate.waitMinutes('new', 'here'), 0);
});
