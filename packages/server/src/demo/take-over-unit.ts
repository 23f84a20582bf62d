import { addMonths, assert, formatMonth, type Month, monthOfDate, ok } from '@shebao/kernel';
import { type LeviedSpan, takeOverLevied } from '../declaration/index.ts';
import { type Unit, unitByNo } from '../employer/index.ts';
import type { Command, FieldCrypto, Tx } from '../platform/index.ts';
import { policyFor } from '../policy/index.ts';
import {
  type RegistryPerson,
  resolveIdentities,
  type Spell,
  takeOverRegistry,
} from '../registry/index.ts';
import { rosterUpdatedAt, takeOverRoster } from '../roster/index.ts';
import { type StoredWage, takeOverWages } from '../wage/index.ts';
import { collectedByAgency, type KnownPerson, leviedHistory } from './history.ts';
import { type DemoUnit, planDemoWorld } from './plan.ts';

interface Input {
  /** The business date for which the world is planned. */
  readonly date: string;
  readonly unitNo: string;
}

/**
 * Takes over one unit's people, copy, wages and levied months, whole or not at all. The plan
 * follows from the date alone, so the input stays small. A unit taken over before is left alone.
 */
export function takeOverUnit(crypto: FieldCrypto): Command<Input, { readonly people: number }> {
  return {
    name: 'demo.takeOverUnit',
    chain: (input) => `unit:${input.unitNo}`,
    describe: (input, output) => ({ subject: input.unitNo, detail: { ...output } }),
    async run(tx, { date, unitNo }) {
      const unit = await unitByNo(tx.q, unitNo);
      assert(unit, `demo unit ${unitNo} is not registered`);
      const planned = planUnit(date, unit);
      if ((await rosterUpdatedAt(tx.q, unit.id)) !== null) return ok({ people: 0 });
      const personIds = await resolveIdentities(
        tx,
        crypto,
        planned.people.map(({ number }) => ({ documentType: '居民身份证', number })),
      );
      const people = planned.people.map((person, at) => ({
        ...person,
        personId: personIds[at] ?? '',
      }));
      await takeOverRegistry(
        tx,
        unit.id,
        people.map((person) => registered(unit, person, person.to)),
      );
      await takeOverCopy(tx, unit, planned.copied ? people : [], date);
      await takeOverWages(tx, unit.id, wagesOf(people));
      await takeOverHistory(tx, unit, people, date);
      return ok({ people: people.length });
    },
  };
}

function planUnit(date: string, unit: Unit): DemoUnit {
  const taxpayers = planDemoWorld(date, policyFor(unit.region));
  const units = taxpayers.flatMap((taxpayer) => taxpayer.units);
  const found = units.find(({ registration }) => registration.unitNo === unit.unitNo);
  assert(found, `no demo unit ${unit.unitNo}`);
  return found;
}

function registered(unit: Unit, person: KnownPerson, to: Month | null): RegistryPerson {
  const { personId, name, from, arrivedOn } = person;
  const spells = unit.insurances.map((insurance): Spell => ({ insurance, from, to }));
  return { personId, name, spells, arrivedOn };
}

/** The copy as of the end of the previous month: nobody new, nobody stopped. */
async function takeOverCopy(
  tx: Tx,
  unit: Unit,
  people: readonly KnownPerson[],
  date: string,
): Promise<void> {
  const copied = people
    .filter((person) => !person.newcomer)
    .map((person) => registered(unit, person, null));
  const lastMonth = formatMonth(addMonths(monthOfDate(date), -1));
  await takeOverRoster(tx, unit.id, copied, `${lastMonth}-28T18:00:00+08:00`);
}

function* wagesOf(people: readonly KnownPerson[]): Iterable<StoredWage> {
  for (const { personId, wages } of people) {
    for (const wage of wages) yield { personId, ...wage };
  }
}

async function takeOverHistory(
  tx: Tx,
  unit: Unit,
  people: readonly KnownPerson[],
  date: string,
): Promise<void> {
  const { profile, insurances, region } = unit;
  const period = monthOfDate(date);
  const history = { policy: policyFor(region), profile, insurances, people, today: date, period };
  const byAgency: LeviedSpan[] = [];
  function* byTaxOffice(): Iterable<LeviedSpan> {
    for (const span of leviedHistory(history)) {
      if (collectedByAgency(span)) byAgency.push(span);
      else yield span;
    }
  }
  await takeOverLevied(tx, unit.id, byTaxOffice(), { collectedBy: '税务' });
  await takeOverLevied(tx, unit.id, byAgency, { collectedBy: '人社' });
}
