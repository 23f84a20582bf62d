import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addDays, assert, formatDay, parseDay, weekdayOf } from '@shebao/kernel';
import { banks, type DemoTaxpayer } from './plan.ts';

/** `demo.json`: what a script needs to use the demo world. */
export interface DemoFile {
  readonly url: string;
  readonly office: { readonly user: string; readonly password: string };
  readonly officers: readonly {
    readonly user: string;
    readonly password: string;
    readonly roles: readonly string[];
  }[];
  readonly taxpayers: readonly {
    readonly taxpayerId: string;
    readonly name: string;
    readonly password: string;
    readonly initialPassword?: true;
    readonly units: readonly { readonly unitNo: string; readonly name: string }[];
    readonly agreements: readonly { readonly option: string; readonly funds: 'ample' | 'short' }[];
  }[];
}

/** The demo file while the world is being built: it must survive a kill, for it has the passwords. */
export interface DemoDraft {
  /** The business date for which the world is built. */
  readonly date: string;
  readonly demo: DemoFile;
}

/** Reads a JSON file; undefined when there is none. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a JSON file whole or not at all; only its owner may read it. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** The text of an agreement in 「扣款账号」. */
export function optionOf(agreement: { bankName: string; account: string }): string {
  return `${agreement.bankName}（尾号${agreement.account.slice(-4)}）`;
}

const taxOrg = '133010000000';

/** `treasury-demo.json`: what a bank must hold before the first message. */
export function treasuryFile(today: string, taxpayers: readonly DemoTaxpayer[]): unknown {
  const held = taxpayers.flatMap((taxpayer) =>
    taxpayer.agreements.map((agreement) => ({ taxpayer, agreement })),
  );
  return {
    workDate: workDateOf(today).replaceAll('-', ''),
    node: '133010000001',
    password: '',
    taxOrgs: [{ code: taxOrg, name: '国家税务总局杭州市示例税务局' }],
    treasuries: [
      {
        treCode: '1101000000',
        payeeBankNo: '011331000001',
        payeeOrgCode: '330100000000',
        payeeAcct: '330100000000001',
        payeeName: '国家金库杭州市示例支库',
      },
    ],
    banks: banks.map((bank) => ({
      bankNo: bank.openingBankNo,
      clearingBankNo: bank.clearingBankNo,
      name: bank.bankName,
    })),
    accounts: held.map(({ taxpayer, agreement }) => ({
      bankNo: agreement.openingBankNo,
      acct: agreement.account,
      holder: taxpayer.name,
      balance: agreement.balance,
      state: 'open',
    })),
    agreements: held.map(({ taxpayer, agreement }) => ({
      protocolNo: agreement.protocolNo,
      taxOrgCode: taxOrg,
      taxPayCode: taxpayer.taxpayerId,
      taxPayName: taxpayer.name,
      payOpBkCode: agreement.openingBankNo,
      payBkCode: agreement.clearingBankNo,
      payAcct: agreement.account,
      handOrgName: taxpayer.name,
      state: 'valid',
    })),
  };
}

/** The business date, moved to Monday when it falls on a weekend. */
function workDateOf(today: string): string {
  const day = parseDay(today);
  assert(day.ok, `not a date: ${today}`);
  const weekday = weekdayOf(day.value);
  if (weekday === 6) return formatDay(addDays(day.value, 2));
  return weekday === 7 ? formatDay(addDays(day.value, 1)) : today;
}
