/**
 * What an event does in a state:
 * a move to another state; `recorded` (true, but nothing changes); `exception` (contradicts what we hold: an exception
 * case is opened, nothing changes); `refused` (cannot happen unless the program is wrong, or is not allowed now).
 */
export type Step<State extends string> =
  | { readonly to: State; readonly alarm?: true }
  | 'recorded'
  | 'exception'
  | 'refused';

/** One row a state; events that are not named have the row's `rest`. */
export interface Row<State extends string, Event extends string> {
  readonly rest: Step<State>;
  readonly on: Readonly<Partial<Record<Event, Step<State>>>>;
}

/** A state machine as data: every (state, event) has exactly one step. */
export interface Machine<State extends string, Event extends string> {
  readonly states: readonly State[];
  readonly events: readonly Event[];
  readonly start: State;
  readonly final: readonly State[];
  readonly table: Readonly<Record<State, Row<State, Event>>>;
}

/** What `event` does in `state`. Total: never undefined. */
export function stepOf<State extends string, Event extends string>(
  machine: Machine<State, Event>,
  state: State,
  event: Event,
): Step<State> {
  const row = machine.table[state];
  return row.on[event] ?? row.rest;
}

/** The state after `event`; the same state where it changes nothing, undefined where it is refused. */
export function nextState<State extends string, Event extends string>(
  machine: Machine<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  const step = stepOf(machine, state, event);
  if (step === 'refused') return undefined;
  return typeof step === 'string' ? state : step.to;
}
