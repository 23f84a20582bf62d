import { ok, type Result } from '@shebao/kernel';
import type { Command, FieldCrypto, Refusal } from '../platform/index.ts';
import { postgresStore } from './postgres-store.ts';
import type { Step, Transact } from './records.ts';

/** How a command is run: by execute() for people and the session, by a task for background work. */
export type RunCommand = <Input, Output>(
  command: Command<Input, Output>,
  input: Input,
) => Promise<Result<Output, Refusal>>;

/** Transactions of the service: each is one audited command. */
export function transactThrough(run: RunCommand, crypto: FieldCrypto): Transact {
  return async (step, work) => {
    const command: Command<null, Awaited<ReturnType<typeof work>>> = {
      name: step.name,
      frequent: 'pipelined',
      ...(step.quiet ? { housekeeping: true } : {}),
      chain: () => chainOf(step),
      describe: () => ({ subject: step.subject, detail: {} }),
      run: async (tx, _input, context) => ok(await work(postgresStore(tx, context.at, crypto))),
    };
    const outcome = await run(command, null);
    if (!outcome.ok) throw new Error(`${step.name} was refused: ${outcome.error.code}`);
    return outcome.value;
  };
}

/** The audit chain of a step whose work is done. */
export function chainOf({ chain }: Pick<Step, 'chain'>): string {
  return typeof chain === 'function' ? chain() : chain;
}
