import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type AnswerOf,
  listAgreements,
  listBills,
  listDues,
  submitDeclaration,
} from '@shebao/contract';
import { type ApiSession, eventually, openSession } from './api.ts';
import type { DemoTaxpayer } from './product.ts';

export type PayableBill = AnswerOf<typeof listBills>['bills'][number];

/** Tells the simulator to do something, as whoever sits at its controls. */
export async function steerBank(
  bank: string,
  command: string,
  values: Record<string, unknown>,
): Promise<void> {
  const answer = await fetch(`${bank}/control/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
  assert.ok(answer.ok, await answer.text());
}

/** Signs in and waits until the treasury takes debits. */
export async function openPaying(url: string, taxpayer: DemoTaxpayer): Promise<ApiSession> {
  const session = await openSession(url, taxpayer.taxpayerId, taxpayer.password);
  await eventually(
    'the treasury to be open',
    () => session.call(listBills),
    ({ treasury }) => treasury.open,
  );
  return session;
}

/** Declares all that a unit owes and waits for its bill. */
export async function declare(session: ApiSession, unitNo: string): Promise<PayableBill> {
  const dues = await session.call(listDues, { query: { unitNo } });
  const due = dues.units[0];
  assert.ok(due);
  const id = randomUUID();
  await session.call(submitDeclaration, {
    params: { unitNo },
    body: { id, version: due.version, total: due.total },
    idempotencyKey: id,
  });
  return eventually(
    'the bill',
    async () => (await session.call(listBills)).bills.find((bill) => bill.declarationId === id),
    (bill) => bill !== undefined,
  ) as Promise<PayableBill>;
}

/** The agreement on the account with plenty of money. */
export async function ample(session: ApiSession, taxpayer: DemoTaxpayer): Promise<string> {
  const { agreements } = await session.call(listAgreements);
  const option = taxpayer.agreements.find(({ funds }) => funds === 'ample')?.option;
  const found = agreements.find((agreement) => agreement.option === option);
  assert.ok(found?.usable);
  return found.id;
}

/** A bill as its payer saw it. */
export const shown = (bill: PayableBill) => ({
  id: bill.id,
  version: bill.version,
  total: bill.total,
});
