import {
  listWageCandidates,
  listWageDeclarations,
  listWageResults,
  readWageWorkbook,
  submitWages as submitWagesRoute,
  wageState,
} from '@shebao/contract';
import {
  assert,
  err,
  formatMonth,
  formatYuan,
  ok,
  parseMonth,
  parseYuan,
  type Result,
} from '@shebao/kernel';
import { minimumWage, policyVersion } from '@shebao/levy';
import { unitByNo, unitsByNo } from '../employer/index.ts';
import { type BoundRoute, handle, type Refusal } from '../platform/index.ts';
import { currentPeriod, policyFor } from '../policy/index.ts';
import { identityNumbers, maskIdentity } from '../registry/index.ts';
import { loadRoster } from '../roster/index.ts';
import { countMissing, findCandidates } from './candidates.ts';
import { submitWages } from './commands.ts';
import { readWageSheet } from './import.ts';
import { wagesLocked } from './lock.ts';
import { findDeclaration, listDeclarations, listResults } from './store.ts';
import type { WageLine } from './wage.ts';

const notFound = err<Refusal>({ code: 'NOT_FOUND' });

/** Lines as the API takes them; a wage of nothing is refused with its place. */
export function readWageLines(
  lines: readonly {
    readonly personId: string;
    readonly effectiveMonth: string;
    readonly wage: string;
  }[],
): Result<WageLine[], Refusal> {
  const read: WageLine[] = [];
  for (const [at, line] of lines.entries()) {
    const month = parseMonth(line.effectiveMonth);
    const wage = parseYuan(line.wage);
    assert(month.ok && wage.ok, 'the route has checked month and amount');
    if (wage.value <= 0) {
      const detail = '新缴费工资应大于 0';
      const errors = [{ path: `body.lines.${at}.wage`, code: 'too_small', detail }];
      return err({ code: 'INPUT_INVALID', errors });
    }
    const { personId } = line;
    read.push({ personId, effectiveMonth: month.value, wageFen: wage.value });
  }
  return ok(read);
}

const candidates = handle(listWageCandidates, async ({ params, query, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  return ok(await findCandidates(services, unit, query.scope, query.search ?? '', query));
});

const state = handle(wageState, async ({ params, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const { date } = services.clock.now();
  const policy = policyFor(unit.region);
  const period = currentPeriod(date);
  const minimum = minimumWage(policy, unit.region, period);
  return ok({
    locked: await wagesLocked(services.db.q, unit.id),
    missingCount: await countMissing(services, unit),
    businessDate: date,
    period: formatMonth(period),
    minimumWage: minimum === null ? null : formatYuan(minimum),
    policyVersion: policyVersion(policy),
  });
});

const submit = handle(submitWagesRoute, async (call) => {
  const { params, body, services } = call;
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit) return notFound;
  const lines = readWageLines(body.lines);
  if (!lines.ok) return lines;
  const version = policyVersion(policyFor(unit.region));
  if (body.policyVersion !== undefined && body.policyVersion !== version) {
    return err<Refusal>({ code: 'POLICY_CHANGED' });
  }
  return call.execute(submitWages, {
    id: body.id,
    unitId: unit.id,
    unitNo: unit.unitNo,
    taxpayerId: unit.taxpayerId,
    kind: body.kind,
    lines: lines.value,
  });
});

const records = handle(listWageDeclarations, async ({ query, services, unitNos }) => {
  const wanted = query.unitNo === undefined ? unitNos : [query.unitNo];
  const units = await unitsByNo(services.db.q, wanted);
  const numbers = new Map(units.map((unit) => [unit.id, unit.unitNo]));
  const declarations = await listDeclarations(services.db.q, [...numbers.keys()]);
  return ok({
    declarations: declarations.map((each) => ({
      id: each.id,
      unitNo: numbers.get(each.unitId) ?? '',
      kind: each.kind,
      declaredAt: each.declaredAt,
      people: each.people,
      succeeded: each.succeeded,
      failed: each.failed,
      status: each.status,
    })),
  });
});

const results = handle(listWageResults, async ({ params, query, services }) => {
  const { q } = services.db;
  const unit = await unitByNo(q, params.unitNo);
  const declaration = unit && (await findDeclaration(q, unit.id, params.id));
  if (!declaration) return notFound;
  const page = await listResults(q, declaration, query);
  const ids = [...new Set(page.results.map(({ personId }) => personId))];
  const numbers = await identityNumbers(q, services.crypto, ids);
  const roster = await loadRoster(q, unit.id, ids);
  const names = new Map(roster.map(({ personId, name }) => [personId, name]));
  return ok({
    status: declaration.status,
    total: page.total,
    results: page.results.map((row) => ({
      personId: row.personId,
      name: names.get(row.personId) ?? '',
      identityNumber: maskIdentity(numbers.get(row.personId) ?? ''),
      effectiveMonth: formatMonth(row.effectiveMonth),
      wage: formatYuan(row.wageFen),
      contributionBase: row.baseFen === null ? null : formatYuan(row.baseFen),
      result: resultOf(row),
      reason: row.reason,
    })),
  });
});

function resultOf({ judged, code }: { judged: boolean; code: string | null }) {
  if (!judged) return '待反馈' as const;
  return code === null ? ('申报成功' as const) : ('申报失败' as const);
}

const workbook = handle(readWageWorkbook, async ({ params, upload, services }) => {
  const unit = await unitByNo(services.db.q, params.unitNo);
  if (!unit || !upload) return notFound;
  const sheet = await readWageSheet(services, unit, upload.bytes);
  if (!sheet.ok) return sheet;
  const { rows, lines, people, problems } = sheet.value;
  return ok({ rows, lines: [...lines], people: [...people], problems: [...problems] });
});

/** The routes of 缴费工资申报; previewing costs is part of declaration. */
export const wageRoutes: readonly BoundRoute[] = [
  candidates,
  state,
  submit,
  records,
  results,
  workbook,
];
