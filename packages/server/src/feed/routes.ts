import * as contract from '@shebao/contract';
import { err, fen, formatMonth, formatYuan, type Month, ok } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import { declaredReceipt } from '../declaration/index.ts';
import { unitById, unitByNo } from '../employer/index.ts';
import { type BoundRoute, type Command, handle, type RouteCall } from '../platform/index.ts';
import { agencyNames, maskIdentity, personDocuments } from '../registry/index.ts';
import { loadRoster } from '../roster/index.ts';
import { receipt } from './commands.ts';
import { creditStateOf } from './feed.ts';
import { creditSums, creditsOf, type FeedRow, feedAfter, lastSeq } from './store.ts';

const yuan = (amount: number) => formatYuan(fen(amount));

/** Whole identity numbers leave the house: who read which entries stands in the audit log. */
const noteReading: Command<{ agency: contract.Agency; from: number; to: number }, null> = {
  name: 'feed.read',
  chain: ({ agency }) => `agency:${agency}`,
  describe: ({ from, to }) => ({ subject: `${from}-${to}`, detail: {} }),
  run: async () => ok(null),
};

/** The feed for the agencies, and what the clerk sees of it. */
export const feedRoutes: readonly BoundRoute[] = [
  handle(contract.readPersonFeed, async (call) => {
    const { services, caller, params, query } = call;
    if (!caller.roles.includes(params.agency)) return err({ code: 'FORBIDDEN' });
    const rows = await feedAfter(services.db.q, params.agency, query.after, query.limit);
    const [first] = rows;
    const last = rows.at(-1);
    if (first && last) {
      const input = { agency: params.agency, from: first.seq, to: last.seq };
      const noted = await services.execute(noteReading, input, { actor: caller.actor });
      if (!noted.ok) return noted;
    }
    return ok({
      entries: await named(call.services, rows),
      next: last?.seq ?? query.after,
      last: await lastSeq(services.db.q, params.agency),
    });
  }),
  handle(contract.receiptPersonFeed, async (call) => {
    const { caller, params, body } = call;
    if (!caller.roles.includes(params.agency)) return err({ code: 'FORBIDDEN' });
    return call.execute(receipt, { agency: params.agency, by: caller.userName, ...body });
  }),
  handle(contract.listCredits, (call) => credits(call)),
];

type Services = RouteCall<typeof contract.readPersonFeed>['services'];

async function named(services: Services, rows: readonly FeedRow[]) {
  const { q } = services.db;
  const people = [...new Set(rows.map((row) => row.personId))];
  const documents = await personDocuments(q, services.crypto, people);
  const units = new Map<number, { unitNo: string; names: ReadonlyMap<string, string> }>();
  for (const [unitId, own] of Map.groupBy(rows, (row) => row.unitId)) {
    const { unitNo } = await unitById(q, unitId);
    const ids = [...new Set(own.map((row) => row.personId))];
    units.set(unitId, { unitNo, names: await namesOf(services, unitId, ids) });
  }
  return rows.map((row) => ({
    seq: row.seq,
    event: row.event,
    at: row.at,
    unitNo: units.get(row.unitId)?.unitNo ?? '',
    declarationId: row.declarationId,
    personId: row.personId,
    name: units.get(row.unitId)?.names.get(row.personId) ?? '',
    documentType: documents.get(row.personId)?.documentType ?? '',
    identityNumber: documents.get(row.personId)?.number ?? '',
    insurance: row.insurance,
    period: formatMonth(row.period as Month),
    wage: yuan(row.wageFen),
    contributionBase: yuan(row.baseFen),
    employerAmount: yuan(row.employerFen),
    employeeAmount: yuan(row.employeeFen),
    paidOn: row.paidOn,
    taxVoucherNo: row.taxVoucherNo,
  }));
}

async function namesOf(services: Services, unitId: number, ids: readonly string[]) {
  const people = await loadRoster(services.db.q, unitId, ids);
  return new Map(people.map((person) => [person.personId, person.name]));
}

async function credits(call: RouteCall<typeof contract.listCredits>) {
  const { services, params, query } = call;
  const { q } = services.db;
  const unit = await unitByNo(q, params.unitNo);
  const declared = await declaredReceipt(q, params.unitNo, params.id);
  if (!unit || !declared) return err({ code: 'NOT_FOUND' } as const);
  const sums = await creditSums(q, unit.id, params.id);
  const rows = await creditsOf(q, unit.id, params.id, query);
  const people = [...new Set(rows.map((row) => row.personId))];
  const names = await namesOf(services, unit.id, people);
  const documents = await personDocuments(q, services.crypto, people);
  return ok({
    total: sums.reduce((sum, one) => sum + one.sent, 0),
    credited: sums.reduce((sum, one) => sum + one.credited, 0),
    agencies: sums.map((one) => ({ ...one, name: agencyNames[one.agency] })),
    rows: rows.map((row) => ({
      personId: row.personId,
      name: names.get(row.personId) ?? '',
      identityNumber: maskIdentity(documents.get(row.personId)?.number ?? ''),
      insuranceName: insuranceName(row.insurance),
      period: formatMonth(row.period as Month),
      amount: yuan(row.amountFen),
      agencyName: agencyNames[row.agency],
      state: creditStateOf(true, row.creditedAt !== null),
      creditedAt: row.creditedAt,
    })),
  });
}
