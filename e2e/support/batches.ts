import { randomUUID } from 'node:crypto';
import {
  type AnswerOf,
  choosePaymentMode,
  getBatch,
  makeBatch,
  proposeBatch,
  releaseBatch,
  stopPack,
  terminateOwnAgreement,
} from '@shebao/contract';
import { type Person, prove } from './api.ts';

export type Batch = AnswerOf<typeof getBatch>;

/** A unit chooses how it pays from a month on. */
export async function chooseMode(
  clerk: Person,
  unitNo: string,
  choice: { mode: 'self' | 'batch'; agreementId: string | null; effectiveMonth: string },
) {
  const operation = { unitNo, ...choice };
  const reauthentication = await prove(clerk, 'choosePaymentMode', operation);
  return clerk.session.call(choosePaymentMode, {
    params: { unitNo },
    body: { ...choice, reauthentication },
    idempotencyKey: randomUUID(),
  });
}

/** A unit ends one of its agreements. */
export async function terminate(clerk: Person, id: string) {
  const reauthentication = await prove(clerk, 'terminateOwnAgreement', { id });
  return clerk.session.call(terminateOwnAgreement, {
    params: { id },
    body: { reauthentication },
    idempotencyKey: randomUUID(),
  });
}

/** An officer makes a batch of what is due; the total may be given wrong on purpose. */
export async function make(officer: Person, total?: string): Promise<string> {
  const proposal = await officer.session.call(proposeBatch);
  const body = { id: randomUUID(), returnTerm: 0, total: total ?? proposal.total };
  const reauthentication = await prove(officer, 'makeBatch', body);
  const call = { body: { ...body, reauthentication }, idempotencyKey: body.id };
  return (await officer.session.call(makeBatch, call)).id;
}

/** An officer releases a batch. */
export async function release(officer: Person, id: string): Promise<void> {
  const { version } = await officer.session.call(getBatch, { params: { id } });
  const reauthentication = await prove(officer, 'releaseBatch', { id, version });
  await officer.session.call(releaseBatch, {
    params: { id },
    body: { version, reauthentication },
    idempotencyKey: randomUUID(),
  });
}

/** An officer asks for a stop of a pack or of one line. */
export async function stop(officer: Person, packId: string, attemptId: string | null) {
  const body = { id: randomUUID(), attemptId, reason: '申报有误' };
  const reauthentication = await prove(officer, 'stopPack', { ...body, packId });
  return officer.session.call(stopPack, {
    params: { packId },
    body: { ...body, reauthentication },
    idempotencyKey: body.id,
  });
}
