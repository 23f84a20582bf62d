import { assert, err, ok, type Result } from '@shebao/kernel';
import { claimOverpaid } from '../declaration/index.ts';
import type { usedUp } from '../payment/index.ts';
import type { CommandContext, Refusal, Tx } from '../platform/index.ts';
import { type ApplicationEvent, applicationStep, givesBack } from './application.ts';
import {
  type Application,
  addEvent,
  type Changes,
  findApplication,
  openLines,
  updateApplication,
} from './store.ts';

export type Proof = Parameters<typeof usedUp>[1];
export type Done = Result<Application, Refusal>;

/** What a person does with an application, as he saw it. */
export interface Act {
  readonly id: string;
  readonly version: number;
  /** User name. */
  readonly actor: string;
  readonly proof: Proof;
}

/** The application an act is about, locked, if the act may happen to it as it was seen. */
export async function opened(tx: Tx, { id, version }: Act, event: ApplicationEvent): Promise<Done> {
  const found = await findApplication(tx.q, id, true);
  if (!found) return err({ code: 'NOT_FOUND' });
  if (found.version !== version || applicationStep(found.state, event) === undefined) {
    return err({ code: 'REFUND_APPLICATION_CHANGED' });
  }
  return ok(found);
}

/** Moves an application on; what it gives up may be asked for again. */
export async function move(
  tx: Tx,
  found: Application,
  event: ApplicationEvent,
  actor: string,
  text: string,
  changes: Changes,
  context: CommandContext,
): Promise<Application> {
  const state = applicationStep(found.state, event);
  assert(state !== undefined, `an application ${found.state} cannot be ${event}`);
  const next = await updateApplication(tx, found, { ...changes, state }, context.at.iso);
  if (givesBack(state)) await claimOverpaid(tx, found.unitId, openLines(found.id), 'give');
  await note(tx, next, event, actor, found.state, text, context);
  return next;
}

/** Writes down what happened and tells those who look on. */
export async function note(
  tx: Tx,
  application: Application,
  event: string,
  actor: string,
  before: string,
  text: string,
  { at }: CommandContext,
): Promise<void> {
  const { id, taxpayerId, unitNo, state } = application;
  await addEvent(tx, id, { actor, event, before, after: state, text, at: at.iso });
  const data = { id, unitNo, state };
  tx.publish({ audience: `taxpayer:${taxpayerId}`, type: 'refundApplication', data });
  tx.publish({ audience: 'office', type: 'refund', data });
}
