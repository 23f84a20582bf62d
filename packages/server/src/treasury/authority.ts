import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Store, Transact } from './records.ts';
import { authorities, type Payee } from './tables.ts';

/** Sets where the contributions of an authority go. The same again changes nothing. */
export async function setAuthority(
  store: Store,
  taxOrg: string,
  name: string,
  payee: Payee,
): Promise<void> {
  const known = await store.of(authorities).get({ taxOrg }, { lock: true });
  if (!known) {
    await store.of(authorities).insert({ taxOrg, name, payee, version: 1 });
  } else if (known.name !== name || !samePayee(known.payee, payee)) {
    await store.of(authorities).update(known, { name, payee });
  }
}

function samePayee(left: Payee, right: Payee): boolean {
  return (Object.keys(right) as (keyof Payee)[]).every((name) => left[name] === right[name]);
}

const demoFile = z.object({
  node: z.string().regex(/^\d{12}$/),
  taxOrgs: z.array(z.object({ code: z.string(), name: z.string() })),
  treasuries: z
    .array(
      z.object({
        treCode: z.string(),
        payeeBankNo: z.string(),
        payeeOrgCode: z.string(),
        payeeAcct: z.string(),
        payeeName: z.string(),
      }),
    )
    .min(1),
});
export type DemoTreasury = z.infer<typeof demoFile>;

/** Reads what the demo world agrees with its bank; nothing when there is no such file. */
export async function readDemoTreasury(file: string): Promise<DemoTreasury | undefined> {
  try {
    return demoFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes over the authorities of the demo world. */
export async function adoptDemoTreasury(transact: Transact, demo: DemoTreasury): Promise<void> {
  const [payee] = demo.treasuries;
  if (!payee) return;
  const step = { name: 'treasury.authority', chain: 'agency:treasury', subject: 'demo' };
  await transact(step, async (store) => {
    for (const { code, name } of demo.taxOrgs) await setAuthority(store, code, name, payee);
  });
}
