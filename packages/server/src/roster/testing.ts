import { randomUUID } from 'node:crypto';
import { type Month, monthOf } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import { registerTaxpayer, registerUnit, unitByNo } from '../employer/index.ts';
import type { TestWorld } from '../platform/testing.ts';
import { DeliveryContent, deliverCommand } from '../registry/index.ts';
import { startUpdate } from './index.ts';

/** Aids for tests of the roster: an employer, deliveries without a file, updates run to their end. */
const officer = { kind: 'user', userId: 'o1', realm: 'office' } as const;
export const clerk = { kind: 'user', userId: 'c1', realm: 'employer' } as const;
export const taxpayerId = '91350100M000100Y43';

export const month = (text: string): Month =>
  monthOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)));

/** Registers the employer and returns its unit's id. */
export async function employer(world: TestWorld, unitNo = '33010001'): Promise<number> {
  await world.execute(registerTaxpayer, { taxpayerId, name: '示例' }, { actor: officer });
  const unit = {
    taxpayerId,
    unitNo,
    name: '示例',
    region: '330100',
    unitKind: 'institution',
    fundingType: 'partial',
    unitSize: null,
    riskClass: null,
    floatFactor: '1',
    insurances: ['institutionPension', 'occupationalAnnuity'],
  } as const;
  await world.execute(registerUnit, unit, { actor: officer });
  const found = await unitByNo(world.services.db.q, unitNo);
  if (!found) throw new Error('unit not registered');
  return found.id;
}

export interface TestRow {
  /** Which person; his number follows from it. */
  readonly person: number;
  readonly name?: string;
  readonly insurance?: Insurance;
  readonly from: Month;
  readonly to?: Month | null;
}

export async function deliver(
  world: TestWorld,
  rows: readonly TestRow[],
  unitNo = '33010001',
): Promise<void> {
  const delivered = rows.map((row, at) => ({
    rowNo: at + 2,
    unitNo,
    name: row.name ?? `职工${row.person}`,
    documentType: '外国护照',
    number: `E${String(row.person).padStart(8, '0')}`,
    insurance: row.insurance ?? 'institutionPension',
    from: row.from,
    to: row.to ?? null,
  }));
  const content = new DeliveryContent(randomUUID(), delivered, []);
  const input = { id: randomUUID(), fileName: 'x.csv', content };
  const done = await world.execute(deliverCommand(world.services.crypto), input, {
    actor: officer,
  });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
}

/** Starts an update of the units and runs its task. Returns the update's id. */
export async function update(
  world: TestWorld,
  kind: 'full' | 'incremental',
  unitIds: readonly number[],
): Promise<string> {
  const id = randomUUID();
  const input = { id, taxpayerId, kind, unitIds };
  const done = await world.execute(startUpdate, input, { actor: clerk });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  await world.drainTasks();
  return id;
}
