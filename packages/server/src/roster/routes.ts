import {
  downloadRoster,
  getRosterUpdate,
  listRoster,
  listRosterChanges,
  listRosterUpdates,
  startRosterUpdate,
} from '@shebao/contract';
import { err, type Fen, formatMonth, formatYuan, monthOfDate, ok } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import type { Kysely } from 'kysely';
import { type Unit, unitByNo, unitsByNo } from '../employer/index.ts';
import { type BoundRoute, handle, type Services, uuidFrom } from '../platform/index.ts';
import {
  findByIdentity,
  identityNumbers,
  maskIdentity,
  personDocuments,
  personNumber,
} from '../registry/index.ts';
import { mediaTypes, type OutputCell, type OutputColumn, writeTable } from '../workbook/index.ts';
import { startUpdate } from './commands.ts';
import { type RosterPerson, rosterUpdatedAt, searchRoster, streamRoster } from './store.ts';
import { findUpdate, listChanges, listUpdates } from './updates.ts';

/** What the roster's pages need from capabilities that build on the roster. */
export interface RosterPorts {
  /** The latest wage in force of people, in fen. */
  wagesInForce(
    q: Kysely<unknown>,
    unitId: number,
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, Fen>>;
}

/** The employer's side of 职工参保信息管理. */
export function rosterRoutes(ports: RosterPorts): BoundRoute[] {
  return [...updateRoutes, listPeople(ports), downloadPeople];
}

const updateRoutes: readonly BoundRoute[] = [
  handle(startRosterUpdate, async (call) => {
    const { body, caller, unitNos, services, idempotencyKey } = call;
    const wanted = body.unitNos ?? unitNos;
    const units = await unitsByNo(services.db.q, wanted);
    const { taxpayerId } = caller;
    if (taxpayerId === null || units.length === 0) return err({ code: 'NOT_FOUND' });
    const id = uuidFrom(`roster-update ${caller.userId} ${idempotencyKey}`);
    const unitIds = units.map((unit) => unit.id);
    return call.execute(startUpdate, { id, taxpayerId, kind: body.kind, unitIds });
  }),
  handle(listRosterUpdates, async ({ caller, services }) =>
    ok({ updates: await listUpdates(services.db.q, caller.taxpayerId ?? '') }),
  ),
  handle(getRosterUpdate, async ({ params, caller, services }) => {
    const found = await findUpdate(services.db.q, caller.taxpayerId ?? '', params.id);
    return found ? ok(found) : err({ code: 'NOT_FOUND' });
  }),
  handle(listRosterChanges, async ({ params, query, caller, unitNos, services }) => {
    const { q } = services.db;
    const update = await findUpdate(q, caller.taxpayerId ?? '', params.id);
    if (!update) return err({ code: 'NOT_FOUND' });
    const units = await unitsByNo(q, unitNos);
    const { total, changes } = await listChanges(q, update.id, units, query);
    const people = changes.map((change) => change.personId);
    const numbers = await identityNumbers(q, services.crypto, people);
    const masked = changes.map((change) => ({
      ...change,
      identityNumber: maskIdentity(numbers.get(change.personId) ?? ''),
    }));
    return ok({ total, changes: masked });
  }),
];

function listPeople(ports: RosterPorts): BoundRoute {
  return handle(listRoster, async ({ params, query, services }) => {
    const { q } = services.db;
    const unit = await unitByNo(q, params.unitNo);
    if (!unit) return err({ code: 'NOT_FOUND' });
    const text = (query.search ?? '').trim();
    const personIds = await findByIdentity(q, services.crypto, text);
    const name = text === '' ? undefined : text;
    const { offset, limit } = query;
    const found = await searchRoster(q, unit.id, { name, personIds, offset, limit });
    const ids = found.people.map((person) => person.personId);
    const numbers = await identityNumbers(q, services.crypto, ids);
    const wages = await ports.wagesInForce(q, unit.id, ids);
    const current = monthOfDate(services.clock.now().date);
    const people = found.people.map((person) => {
      const wage = wages.get(person.personId);
      return {
        personId: person.personId,
        name: person.name,
        identityNumber: maskIdentity(numbers.get(person.personId) ?? ''),
        enrolments: person.enrolments.map(({ insurance, from, to }) => ({
          insurance,
          from: formatMonth(from),
          to: to === null ? null : formatMonth(to),
        })),
        wage: wage === undefined ? null : formatYuan(wage),
        active: person.enrolments.some(({ to }) => to === null || to >= current),
      };
    });
    return ok({ total: found.total, updatedAt: await rosterUpdatedAt(q, unit.id), people });
  });
}

const fileColumns: readonly OutputColumn[] = [
  { title: '单位编号', kind: 'text' },
  { title: '姓名', kind: 'text' },
  { title: '证件类型', kind: 'text' },
  { title: '证件号码', kind: 'text', width: 22 },
  { title: '险种', kind: 'text', width: 26 },
  { title: '参保起始年月', kind: 'text' },
  { title: '参保终止年月', kind: 'text' },
  { title: '人员编号', kind: 'text' },
];

const downloadPeople = handle(downloadRoster, async ({ params, query, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return err({ code: 'NOT_FOUND' });
  const { format } = query;
  const rows = rosterFileRows(services, unit);
  const body = writeTable(format, '职工参保信息', fileColumns, rows);
  const name = `职工参保信息_${unit.unitNo}_${services.clock.now().date}.${format}`;
  return ok({ file: { name, mediaType: mediaTypes[format], body } });
});

/** One row a person and spell; identity numbers are read a few thousand at a time. */
async function* rosterFileRows(services: Services, unit: Unit): AsyncGenerator<OutputCell[]> {
  let batch: RosterPerson[] = [];
  for await (const person of streamRoster(services.db, unit.id)) {
    batch.push(person);
    if (batch.length < 2000) continue;
    yield* batchRows(services, unit, batch);
    batch = [];
  }
  yield* batchRows(services, unit, batch);
}

async function* batchRows(
  services: Services,
  unit: Unit,
  people: readonly RosterPerson[],
): AsyncGenerator<OutputCell[]> {
  const ids = people.map((person) => person.personId);
  const documents = await personDocuments(services.db.q, services.crypto, ids);
  for (const { personId, name, enrolments } of people) {
    const document = documents.get(personId);
    const who = [unit.unitNo, name, document?.documentType ?? '', document?.number ?? ''];
    for (const { insurance, from, to } of enrolments) {
      const months = [formatMonth(from), to === null ? '' : formatMonth(to)];
      yield [...who, insuranceName(insurance), ...months, personNumber(personId)];
    }
  }
}
