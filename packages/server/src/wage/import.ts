import { errorText } from '@shebao/contract';
import { ok, type Result } from '@shebao/kernel';
import type { Unit } from '../employer/index.ts';
import type { Refusal, Services } from '../platform/index.ts';
import { currentPeriod } from '../policy/index.ts';
import { identityNumbers } from '../registry/index.ts';
import { readTable } from '../workbook/index.ts';
import { describeCandidates, type WageCandidate } from './candidates.ts';
import { loadWagedPeople, type WagedPerson, wagePolicyOf } from './people.ts';
import {
  lineOf,
  monthNeeded,
  monthOfRow,
  problemAt,
  readSheetRow,
  type SheetLine,
  type SheetProblem,
  wageColumns,
} from './sheet.ts';
import { judgeWages, missingMonths, startOf, type WageLine } from './wage.ts';

/** What became of an uploaded sheet: rows that may be declared, and problems row by row. */
export interface ReadSheet {
  readonly rows: number;
  readonly lines: readonly ReturnType<typeof lineOf>[];
  readonly people: readonly WageCandidate[];
  readonly problems: readonly SheetProblem[];
}

/**
 * Reads the clerk's own sheet. Rows that would be refused come back as problems with row and column;
 * the others come back as lines to be declared. Declares nothing.
 */
export async function readWageSheet(
  services: Services,
  unit: Unit,
  bytes: Uint8Array,
): Promise<Result<ReadSheet, Refusal>> {
  const problems: SheetProblem[] = [];
  const read: SheetLine[] = [];
  const visited = await readTable(bytes, wageColumns, (row) => {
    const line = readSheetRow(row);
    if ('wageFen' in line) read.push(line);
    else problems.push(...line);
  });
  if (!visited.ok) return visited;
  const current = currentPeriod(services.clock.now().date);
  const policy = wagePolicyOf(unit);
  const people = await loadWagedPeople(services.db.q, unit.id);
  const numbers = await identityNumbers(services.db.q, services.crypto, [...people.keys()]);
  const ids = new Map([...numbers].map(([id, number]) => [number, id]));
  const placed: { readonly line: WageLine; readonly row: number }[] = [];
  for (const line of read) {
    const person = people.get(ids.get(line.number) ?? '');
    const problem = person ? nameProblem(line, person) : unknownPerson(line.row);
    if (!person || problem) {
      if (problem) problems.push(problem);
      continue;
    }
    const start = startOf(person) ?? current;
    const missing = missingMonths(person, policy, current);
    const month = monthOfRow(line, policy.effectiveMonths(start, current), missing);
    if (month === undefined) problems.push(monthNeeded(line.row));
    else {
      const { personId } = person;
      const wage = { personId, effectiveMonth: month, wageFen: line.wageFen };
      placed.push({ line: wage, row: line.row });
    }
  }
  const verdicts = judgeWages(
    placed.map(({ line }) => line),
    people,
    policy,
    current,
  );
  const accepted: WageLine[] = [];
  for (const [at, { line, code, reason }] of verdicts.entries()) {
    if (code === null) accepted.push(line);
    else problems.push(problemAt(placed[at]?.row ?? 0, columnOf(code), code, reason));
  }
  const shown = [...new Set(accepted.map(({ personId }) => personId))];
  const rows = shown.flatMap((id) => people.get(id) ?? []);
  return ok({
    rows: visited.value,
    lines: accepted.map(({ personId, effectiveMonth, wageFen }) =>
      lineOf(personId, effectiveMonth, wageFen),
    ),
    people: await describeCandidates(services, unit, policy, rows, current),
    problems: problems.toSorted((a, b) => a.row - b.row),
  });
}

function columnOf(code: string): 'wage' | 'month' {
  return code === 'WAGE_BELOW_MINIMUM' ? 'wage' : 'month';
}

function unknownPerson(row: number): SheetProblem {
  return problemAt(row, 'number', 'WAGE_PERSON_UNKNOWN', errorText('WAGE_PERSON_UNKNOWN'));
}

function nameProblem(line: SheetLine, person: WagedPerson): SheetProblem | undefined {
  if (line.name === '' || line.name === person.name) return undefined;
  const detail = '姓名与该证件号码的参保信息不一致，请核对';
  return problemAt(line.row, 'name', 'INPUT_INVALID', detail);
}
