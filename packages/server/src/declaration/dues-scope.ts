import { type Month, monthOfDate } from '@shebao/kernel';
import type { Insurance } from '@shebao/levy';
import type { Cause } from '../assessment/index.ts';

/** What decides which months of whom are assessed. */
export interface ScopeInput {
  readonly current: Month;
  readonly causes: readonly Cause[];
  /** By insurance, the last month already declared in full. */
  readonly declaredThrough: ReadonlyMap<Insurance, Month>;
  /** By person, the last month taken over as levied. */
  readonly takenOver: ReadonlyMap<string, Month>;
  /** Insurances that are declared here today. */
  readonly collected: readonly Insurance[];
}

/** A cause, reduced to what it touches. */
export interface Touch {
  readonly causeId: string;
  readonly insurance: Insurance | null;
  readonly from: Month;
  /** The month in which it was recorded: what it brings up is due with that month's dues. */
  readonly foundIn: Month;
  readonly arrival: boolean;
}

/**
 * The months that may give dues: for everybody those after the last declared month (open), for people
 * with open causes also earlier ones. Nothing else is ever recomputed.
 */
export interface Scope {
  readonly current: Month;
  /** First open month of an insurance; later than `current` when all is declared. */
  openFrom(insurance: Insurance): Month;
  /** Whether anything is open for everybody. */
  readonly anyOpen: boolean;
  /** Whether a cause touches everybody of the unit. */
  readonly unitWide: boolean;
  /** Whether a cause touches everybody in this month. */
  coversAll(insurance: Insurance, period: Month): boolean;
  /** The people with causes of their own. */
  readonly touched: ReadonlySet<string>;
  /** Whether all insurances are open from the same month. */
  readonly uniform: boolean;
  readonly firstOpen: Month;
  /** First month of an insurance to evaluate for a person. */
  assessFrom(personId: string, insurance: Insurance): Month;
  touchesOf(personId: string): readonly Touch[];
  covers(personId: string, insurance: Insurance, period: Month): boolean;
  /** The month whose due day holds for a line. */
  foundIn(personId: string, insurance: Insurance, period: Month): Month;
  /** The same for a line on the unit's total payroll. */
  payrollFoundIn(insurance: Insurance, period: Month): Month;
}

/** Works out the scope of one assessment. */
export function scopeOf(input: ScopeInput): Scope {
  const { current } = input;
  const open = openMonths(input);
  const { own, everybody } = touchesBy(input);
  const none: readonly Touch[] = [];
  const touchesOf = (personId: string) =>
    own.get(personId) ?? (everybody.length ? everybody : none);
  const openFrom = (insurance: Insurance) => open.get(insurance) ?? never;
  const firstOpen = Math.min(...open.values()) as Month;
  return {
    current,
    openFrom,
    anyOpen: firstOpen <= current,
    unitWide: everybody.length > 0,
    coversAll: (insurance, period) =>
      everybody.some((each) => concerns(each, insurance) && each.from <= period),
    uniform: new Set(open.values()).size === 1,
    firstOpen,
    touched: new Set(own.keys()),
    touchesOf,
    assessFrom(personId, insurance) {
      let first = openFrom(insurance);
      for (const each of touchesOf(personId)) {
        if (concerns(each, insurance) && each.from < first) first = each.from;
      }
      return first;
    },
    covers: (personId, insurance, period) =>
      period >= openFrom(insurance) ||
      (open.has(insurance) &&
        touchesOf(personId).some((each) => concerns(each, insurance) && each.from <= period)),
    foundIn(personId, insurance, period) {
      const touches = touchesOf(personId);
      if (touches.length === 0) return period;
      return foundBy(touches, insurance, period, period >= openFrom(insurance));
    },
    payrollFoundIn(insurance, period) {
      if (period >= openFrom(insurance)) return period;
      return foundBy([...everybody, ...[...own.values()].flat()], insurance, period, false);
    },
  };
}

/** Later than every month. */
const never = Number.MAX_SAFE_INTEGER as Month;

function concerns(touch: Touch, insurance: Insurance): boolean {
  return touch.insurance === null || touch.insurance === insurance;
}

/** By collected insurance, the first month that is not declared for everybody. */
function openMonths({ current, declaredThrough, collected }: ScopeInput): Map<Insurance, Month> {
  const open = new Map<Insurance, Month>();
  for (const insurance of collected) {
    const through = declaredThrough.get(insurance);
    open.set(insurance, (through === undefined ? current : through + 1) as Month);
  }
  return open;
}

/**
 * The month whose due day holds. An open month is due in its own time whatever happens to a wage
 * meanwhile; somebody who only arrived later is due with the month of arrival.
 */
function foundBy(
  touches: readonly Touch[],
  insurance: Insurance,
  period: Month,
  isOpen: boolean,
): Month {
  let found: Month | undefined;
  for (const each of touches) {
    if (!concerns(each, insurance) || each.from > period) continue;
    if (each.arrival) return later(each.foundIn, period);
    if (found === undefined || each.foundIn < found) found = each.foundIn;
  }
  return isOpen || found === undefined ? period : later(found, period);
}

function later(a: Month, b: Month): Month {
  return a > b ? a : b;
}

/** Touches by person, those of the whole unit included in each list. */
function touchesBy({ causes, takenOver }: ScopeInput) {
  const everybody: Touch[] = [];
  const own = new Map<string, Touch[]>();
  for (const cause of causes) {
    if (cause.personId === null) {
      everybody.push(touch(cause, cause.fromMonth));
      continue;
    }
    // Somebody who arrives with a history taken over from the former system owes only what follows it.
    const through = cause.kind === 'arrival' ? takenOver.get(cause.personId) : undefined;
    const from =
      through === undefined ? cause.fromMonth : later(cause.fromMonth, (through + 1) as Month);
    const list = own.get(cause.personId);
    if (list) list.push(touch(cause, from));
    else own.set(cause.personId, [touch(cause, from)]);
  }
  if (everybody.length > 0) for (const list of own.values()) list.push(...everybody);
  return { own, everybody };
}

function touch(cause: Cause, from: Month): Touch {
  const { id, insurance, recordedOn, kind } = cause;
  return {
    causeId: id,
    insurance,
    from,
    foundIn: monthOfDate(recordedOn),
    arrival: kind === 'arrival',
  };
}
