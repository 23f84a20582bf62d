import path from 'node:path';
import type { OfficeRole } from '@shebao/contract';
import { assert, type Result } from '@shebao/kernel';
import { provisionAdministrator, provisionOfficer } from '../access/index.ts';
import { registerTaxpayer, registerUnit, taxpayerByNo } from '../employer/index.ts';
import type { Command, Refusal, Services } from '../platform/index.ts';
import { policyFor } from '../policy/index.ts';
import {
  type DemoDraft,
  type DemoFile,
  optionOf,
  readJson,
  treasuryFile,
  writeJson,
} from './files.ts';
import { type DemoTaxpayer, planDemoWorld } from './plan.ts';
import { inventPassword } from './secrets.ts';
import { takeOverAgreements } from './take-over-agreements.ts';
import { takeOverUnit } from './take-over-unit.ts';

const actor = { kind: 'system', name: 'demo' } as const;
const hangzhou = '330100';

/** The officers of the demo world: enough for four eyes, the three system roles apart. */
const officers: readonly {
  readonly user: string;
  readonly displayName: string;
  readonly roles: readonly OfficeRole[];
}[] = [
  {
    user: 'officer',
    displayName: '经办',
    roles: ['register', 'counter', 'reconcile', 'policy', 'refund'],
  },
  { user: 'reviewer', displayName: '复核', roles: ['review', 'refund', 'policy'] },
  { user: 'reconciler', displayName: '对账', roles: ['reconcile', 'counter'] },
  { user: 'sysadmin', displayName: '系统管理员', roles: ['systemAdmin'] },
  { user: 'security', displayName: '安全管理员', roles: ['securityAdmin'] },
  { user: 'auditor', displayName: '审计管理员', roles: ['auditor'] },
  { user: 'hrss', displayName: '人社系统', roles: ['hrss'] },
  { user: 'medical', displayName: '医保系统', roles: ['medicalInsurance'] },
];

/**
 * Builds the demo world once for a data directory, at the business date of its first start, and
 * writes `treasury-demo.json` and `demo.json`. Every step may be done again: a build that was cut
 * off goes on at the next start. Later starts only bring the address in `demo.json` up to date; a
 * further service on the same database joins the world that is there.
 */
export async function buildDemoWorld(services: Services): Promise<void> {
  const { dataDir, publicUrl } = services.config;
  const demoFile = path.join(dataDir, 'demo.json');
  const draftFile = path.join(dataDir, 'demo.draft.json');
  const built = await readJson<DemoFile>(demoFile);
  if (built) {
    if (built.url !== publicUrl) await writeJson(demoFile, { ...built, url: publicUrl });
    return;
  }
  const draft = (await readJson<DemoDraft>(draftFile)) ?? (await begin(services, draftFile));
  if (!draft) {
    services.log.warn('demo world found in the database: its sign-ins stand where it was built');
    return;
  }
  const taxpayers = planDemoWorld(draft.date, policyFor(hangzhou));
  await writeJson(path.join(dataDir, 'treasury-demo.json'), treasuryFile(draft.date, taxpayers));
  for (const officer of draft.demo.officers) await enterOfficer(services, officer);
  for (const taxpayer of taxpayers) await enterTaxpayer(services, draft, taxpayer);
  await writeJson(demoFile, { ...draft.demo, url: publicUrl });
  services.log.info({ date: draft.date }, 'demo world built');
}

/**
 * Draws the passwords and writes them down before anything depends on them. Nothing where another
 * service has built the world in this database: this one joins it.
 */
async function begin(services: Services, draftFile: string): Promise<DemoDraft | undefined> {
  const { date } = services.clock.now();
  const taxpayers = planDemoWorld(date, policyFor(hangzhou));
  const [first] = taxpayers;
  assert(first, 'the demo world has no taxpayer');
  if (await taxpayerByNo(services.db.q, first.taxpayerId)) return undefined;
  const accounts = officers.map(({ user, roles }) => ({
    user,
    password: inventPassword(),
    roles,
  }));
  const office = accounts[0];
  assert(office, 'the demo world has no officer');
  const draft: DemoDraft = {
    date,
    demo: {
      url: services.config.publicUrl,
      office: { user: office.user, password: office.password },
      officers: accounts,
      taxpayers: taxpayers.map((taxpayer) => ({
        taxpayerId: taxpayer.taxpayerId,
        name: taxpayer.name,
        password: inventPassword(),
        ...(taxpayer.initialPassword ? { initialPassword: true as const } : {}),
        units: taxpayer.units.map(({ registration: { unitNo, name } }) => ({ unitNo, name })),
        agreements: taxpayer.agreements.map((agreement) => ({
          option: optionOf(agreement),
          funds: agreement.funds,
        })),
      })),
    },
  };
  await writeJson(draftFile, draft);
  return draft;
}

async function enterOfficer(
  services: Services,
  { user, password }: DemoFile['officers'][number],
): Promise<void> {
  const known = officers.find((officer) => officer.user === user);
  assert(known, `no demo officer ${user}`);
  const { displayName, roles } = known;
  const entered = await provisionOfficer(services, {
    userName: user,
    displayName,
    password,
    roles,
  });
  expectDone(entered, ['USER_EXISTS']);
}

async function enterTaxpayer(
  services: Services,
  draft: DemoDraft,
  taxpayer: DemoTaxpayer,
): Promise<void> {
  const { taxpayerId, name } = taxpayer;
  const run = <I, O>(command: Command<I, O>, input: I): Promise<Result<O, Refusal>> =>
    services.execute(command, input, { actor });
  expectDone(await run(registerTaxpayer, { taxpayerId, name }), ['TAXPAYER_EXISTS']);
  for (const { registration } of taxpayer.units) {
    const { unitNo } = registration;
    expectDone(await run(registerUnit, registration), ['UNIT_EXISTS']);
    expectDone(await run(takeOverUnit(services.crypto), { date: draft.date, unitNo }), []);
  }
  expectDone(await run(takeOverAgreements(services.crypto), { date: draft.date, taxpayerId }), []);
  const account = draft.demo.taxpayers.find((each) => each.taxpayerId === taxpayerId);
  assert(account, `no demo account for ${taxpayerId}`);
  const initial = taxpayer.initialPassword;
  const { password } = account;
  expectDone(await provisionAdministrator(services, { taxpayerId, password, initial }), []);
}

/** What was done before a kill is refused now; anything else is a fault of ours. */
function expectDone(outcome: Result<unknown, Refusal>, already: readonly string[]): void {
  if (outcome.ok || already.includes(outcome.error.code)) return;
  throw new Error(`demo world: ${JSON.stringify(outcome.error)}`);
}
