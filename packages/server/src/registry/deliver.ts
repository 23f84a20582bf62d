import { ok } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import { type Unit, unitsByNo } from '../employer/index.ts';
import type { Command, CopyValue, FieldCrypto, Tx } from '../platform/index.ts';
import type { DeliveredRow, DeliveryContent, RowProblem } from './delivery-file.ts';
import { resolveIdentities } from './identity.ts';
import { loadPeople, lockRegistry, type RegistryPerson, storePeople } from './people.ts';
import { isOpen, mergeSpell, type Spell } from './spells.ts';

/** One file of 人社 or 医保. The id is made by the sender. */
export interface DeliverInput {
  readonly id: string;
  readonly fileName: string;
  readonly content: DeliveryContent;
}

/** What became of a delivery, and the first of its problems. */
export interface Delivered {
  readonly id: string;
  readonly fileName: string;
  readonly receivedAt: string;
  readonly rows: number;
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly problems: {
    readonly row: number;
    readonly column: string;
    readonly code: string;
    readonly detail: string;
  }[];
}

/** More problems than this are read page by page from the verdicts. */
const problemsShown = 1000;

interface Verdict {
  readonly rowNo: number;
  readonly unitNo: string;
  readonly name: string;
  readonly verdict: '接受' | '无变化' | '拒绝';
  readonly column: string;
  readonly code: string;
  readonly detail: string;
}

/** 接收参保数据: every row gets a verdict; sound rows take effect whatever becomes of the others. */
export function deliverCommand(crypto: FieldCrypto): Command<DeliverInput, Delivered> {
  return {
    name: 'registry.deliver',
    chain: () => 'agency:registry',
    describe: (input, output) => ({
      subject: input.id,
      detail: {
        contentHash: input.content.contentHash,
        rows: output?.rows ?? 0,
        accepted: output?.accepted ?? 0,
        rejected: output?.rejected ?? 0,
      },
    }),
    async run(tx, input, { at }) {
      const { content } = input;
      const { rows, units, problems } = await keepKnownUnits(tx, content.rows());
      const personIds = await resolveIdentities(tx, crypto, rows);
      const verdicts = [...content.problems(), ...problems].map(rejected);
      for (const [unit, places] of byUnit(rows, units)) {
        for (const verdict of await deliverToUnit(tx, unit, places, rows, personIds, at.date)) {
          verdicts.push(verdict);
        }
      }
      verdicts.sort((a, b) => a.rowNo - b.rowNo);
      const delivered = summarise(input, verdicts, at.iso);
      await storeDelivery(tx, delivered, content.contentHash, verdicts);
      return ok(delivered);
    },
  };
}

async function keepKnownUnits(
  tx: Tx,
  rows: readonly DeliveredRow[],
): Promise<{
  rows: DeliveredRow[];
  units: ReadonlyMap<string, Unit>;
  problems: RowProblem[];
}> {
  const unitNos = [...new Set(rows.map((row) => row.unitNo))];
  const units = new Map((await unitsByNo(tx.q, unitNos)).map((unit) => [unit.unitNo, unit]));
  const known: DeliveredRow[] = [];
  const problems: RowProblem[] = [];
  for (const row of rows) {
    const { rowNo, unitNo, name } = row;
    const unit = units.get(unitNo);
    if (!unit) {
      const detail = '该单位编号未登记，请先在“登记管理”登记后再导入';
      problems.push({ rowNo, unitNo, name, column: '单位编号', code: 'UNIT_UNKNOWN', detail });
    } else if (!unit.insurances.includes(row.insurance)) {
      const detail = `该单位未登记${insuranceName(row.insurance)}，请核对险种或先变更登记`;
      problems.push({
        rowNo,
        unitNo,
        name,
        column: '险种',
        code: 'INSURANCE_UNREGISTERED',
        detail,
      });
    } else {
      known.push(row);
    }
  }
  return { rows: known, units, problems };
}

/** Places in `rows` by unit, units in ascending id so that two deliveries lock them in one order. */
function byUnit(
  rows: readonly DeliveredRow[],
  units: ReadonlyMap<string, Unit>,
): [Unit, number[]][] {
  const places = new Map<string, [Unit, number[]]>();
  rows.forEach((row, at) => {
    const held = places.get(row.unitNo);
    const unit = units.get(row.unitNo);
    if (held) held[1].push(at);
    else if (unit) places.set(row.unitNo, [unit, [at]]);
  });
  return [...places.values()].sort(([a], [b]) => a.id - b.id);
}

async function deliverToUnit(
  tx: Tx,
  unit: Unit,
  places: readonly number[],
  rows: readonly DeliveredRow[],
  personIds: readonly string[],
  today: string,
): Promise<Verdict[]> {
  const revision = await lockRegistry(tx, unit.id);
  const ids = [...new Set(places.map((at) => personIds[at] ?? ''))];
  const held = await loadPeople(tx.q, unit.id, ids);
  const touched = new Map<string, RegistryPerson>();
  const named = new Map<string, number>();
  // Rows that speak of a spell: a later row of the file that says otherwise is refused, so that the
  // file means the same when it comes again.
  const stated = new Map<Spell, number>();
  const verdicts: Verdict[] = [];
  for (const at of places) {
    const row = rows[at];
    const personId = personIds[at];
    if (!row || !personId) throw new Error('a row got lost');
    const before = touched.get(personId) ?? held.get(personId);
    const firstRow = named.get(personId);
    if (firstRow !== undefined && before?.name !== row.name) {
      verdicts.push(rejected({ ...row, ...nameDiffers(firstRow) }));
      continue;
    }
    const { insurance, from, to } = row;
    const spell: Spell = { insurance, from, to };
    const merged = mergeSpell(before?.spells ?? [], spell);
    if (merged.verdict === 'conflict') {
      verdicts.push(rejected({ ...row, ...overlaps }));
      continue;
    }
    const otherRow = merged.meant && stated.get(merged.meant);
    if (otherRow !== undefined && merged.verdict === 'accepted') {
      verdicts.push(rejected({ ...row, ...contradicts(otherRow) }));
      continue;
    }
    stated.set(merged.verdict === 'unchanged' && merged.meant ? merged.meant : spell, row.rowNo);
    named.set(personId, firstRow ?? row.rowNo);
    if (merged.verdict === 'unchanged' && before?.name === row.name) {
      verdicts.push(passed(row, '无变化'));
      continue;
    }
    const spells = merged.spells;
    const fresh = !before || (!isOpen(before.spells) && isOpen(spells));
    const arrivedOn = fresh ? today : before.arrivedOn;
    touched.set(personId, { personId, name: row.name, spells, arrivedOn });
    verdicts.push(passed(row, '接受'));
  }
  await storePeople(tx, unit.id, revision + 1, touched.values(), touched.size);
  return verdicts;
}

const overlaps = {
  column: '参保起始年月',
  code: 'SPELL_CONFLICT',
  detail: '与该职工同一险种已有的多段参保期间重叠，请核对起止年月后分段导入',
} as const;

function contradicts(otherRow: number): Omit<RowProblem, 'rowNo' | 'unitNo' | 'name'> {
  const detail = `与第 ${otherRow} 行同一险种的参保期间重叠，请只保留正确的一行`;
  return { column: '参保起始年月', code: 'ROW_CONTRADICTS', detail };
}

function nameDiffers(firstRow: number): Omit<RowProblem, 'rowNo' | 'unitNo' | 'name'> {
  const detail = `同一证件号码的姓名与第 ${firstRow} 行不一致，请核对`;
  return { column: '姓名', code: 'NAME_DIFFERS', detail };
}

function rejected(problem: RowProblem): Verdict {
  const { rowNo, unitNo, name, column, code, detail } = problem;
  return { rowNo, unitNo, name, verdict: '拒绝', column, code, detail };
}

function passed({ rowNo, unitNo, name }: DeliveredRow, verdict: '接受' | '无变化'): Verdict {
  return { rowNo, unitNo, name, verdict, column: '', code: '', detail: '' };
}

function summarise(input: DeliverInput, verdicts: readonly Verdict[], iso: string): Delivered {
  const count = (wanted: Verdict['verdict']): number =>
    verdicts.filter((verdict) => verdict.verdict === wanted).length;
  const problems = verdicts
    .filter((verdict) => verdict.verdict === '拒绝')
    .slice(0, problemsShown)
    .map(({ rowNo, column, code, detail }) => ({ row: rowNo, column, code, detail }));
  return {
    id: input.id,
    fileName: input.fileName,
    receivedAt: iso,
    rows: verdicts.length,
    accepted: count('接受'),
    unchanged: count('无变化'),
    rejected: count('拒绝'),
    problems,
  };
}

async function storeDelivery(
  tx: Tx,
  delivered: Delivered,
  contentHash: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  const { id, fileName, receivedAt, rows, accepted, unchanged, rejected: refused } = delivered;
  const columns = ['id', 'file_name', 'content_hash', 'received_at', 'rows'];
  columns.push('accepted', 'unchanged', 'rejected');
  const row = [id, fileName, contentHash, receivedAt, rows, accepted, unchanged, refused];
  await tx.copy('delivery', columns, [row]);
  function* cells(): Iterable<CopyValue[]> {
    for (const verdict of verdicts) {
      const { rowNo, unitNo, name, column, code, detail } = verdict;
      yield [id, rowNo, unitNo, name, verdict.verdict, column, code, detail];
    }
  }
  const verdictColumns = ['delivery_id', 'row_no', 'unit_no', 'name', 'verdict'];
  verdictColumns.push('column_name', 'code', 'detail');
  await tx.copy('delivery_verdict', verdictColumns, cells());
}
