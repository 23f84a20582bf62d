import type { Readable } from 'node:stream';
import { formatRate } from '@shebao/kernel';
import { insuranceName, levyItemName } from '@shebao/levy';
import type { Services } from '../platform/index.ts';
import { type PersonDocument, personNumber } from '../registry/index.ts';
import {
  type FileFormat,
  type OutputCell,
  type OutputColumn,
  writeTable,
} from '../workbook/index.ts';
import { kindNames } from './declaration.ts';
import { type DeclaredItem, type Identified, identify, type PersonFigures } from './people.ts';
import { daysOf } from './show.ts';
import type { Declaration } from './store.ts';

const text = (title: string, width = 16): OutputColumn => ({ title, kind: 'text', width });
const amount = (title: string): OutputColumn => ({ title, kind: 'amount', width: 14 });

/** Heads of 人员明细, in their order. */
const detailColumns: readonly OutputColumn[] = [
  { title: '序号', kind: 'integer', width: 8 },
  text('姓名', 14),
  text('证件类型', 14),
  text('证件号码', 22),
  amount('缴费工资'),
  amount('缴费基数'),
  text('费率', 10),
  amount('应缴费额'),
  text('人员编号', 16),
];

const longColumns: readonly OutputColumn[] = [
  text('单位编号'),
  text('姓名', 14),
  text('证件类型', 14),
  text('证件号码', 22),
  text('参保费种', 28),
  text('征收品目', 34),
  text('业务类型', 10),
  text('费款所属期起', 12),
  text('费款所属期止', 12),
  amount('缴费工资'),
  amount('缴费基数'),
  text('费率', 10),
  amount('应缴费额'),
  text('人员编号', 16),
];

/** People are named in lots, so that memory stays flat. */
const lotSize = 2_000;

async function* inLots<T>(rows: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let lot: T[] = [];
  for await (const row of rows) {
    lot.push(row);
    if (lot.length < lotSize) continue;
    yield lot;
    lot = [];
  }
  if (lot.length > 0) yield lot;
}

/** Names and documents that are read once, though a person comes with every item. */
function remembering(services: Services, unitId: number) {
  const names = new Map<string, string>();
  const documents = new Map<string, PersonDocument>();
  return {
    names,
    documents,
    async learn(personIds: readonly string[]): Promise<void> {
      const unknown = personIds.filter((id) => !documents.has(id));
      if (unknown.length === 0) return;
      const found = await identify(services, unitId, unknown);
      for (const [id, name] of found.names) names.set(id, name);
      for (const [id, document] of found.documents) documents.set(id, document);
    },
  };
}

function who({ names, documents }: Identified, personId: string): OutputCell[] {
  const document = documents.get(personId);
  return [names.get(personId) ?? '', document?.documentType ?? '', document?.number ?? ''];
}

/** 人员明细 of one line as a file, identity numbers whole. */
export function detailFile(
  services: Services,
  unitId: number,
  format: FileFormat,
  ratePpm: DeclaredItem['ratePpm'],
  lines: Iterable<PersonFigures> | AsyncIterable<PersonFigures>,
): Readable {
  async function* rows(): AsyncGenerator<OutputCell[]> {
    let seq = 0;
    for await (const lot of inLots(lines)) {
      const known = await identify(
        services,
        unitId,
        lot.map(({ personId }) => personId),
      );
      for (const { personId, wageFen, baseFen, amountFen } of lot) {
        seq += 1;
        const figures = [wageFen, baseFen, formatRate(ratePpm), amountFen];
        yield [seq, ...who(known, personId), ...figures, personNumber(personId)];
      }
    }
  }
  return writeTable(format, '人员明细', detailColumns, rows());
}

/** The lines of one declared item, streamed. */
export function itemLines(
  { db }: Services,
  { unitId, declarationNo }: Declaration,
  { itemNo }: DeclaredItem,
): AsyncIterable<PersonFigures> {
  return db.stream<PersonFigures>(
    `SELECT person_id::text AS "personId", wage_fen AS "wageFen", base_fen AS "baseFen",
       amount_fen AS "amountFen"
     FROM declaration_line WHERE unit_id = $1 AND declaration_no = $2 AND item_no = $3
     ORDER BY person_id`,
    [unitId, declarationNo, itemNo],
    lotSize,
  );
}

interface NumberedLine extends PersonFigures {
  readonly itemNo: number;
}

/** All lines of a declaration, streamed, item by item (long) or person by person (wide). */
function allLines(
  { db }: Services,
  { unitId, declarationNo }: Declaration,
  order: 'item_no, person_id' | 'person_id, item_no',
): AsyncIterable<NumberedLine> {
  return db.stream<NumberedLine>(
    `SELECT item_no AS "itemNo", person_id::text AS "personId", wage_fen AS "wageFen",
       base_fen AS "baseFen", amount_fen AS "amountFen"
     FROM declaration_line WHERE unit_id = $1 AND declaration_no = $2 ORDER BY ${order}`,
    [unitId, declarationNo],
    lotSize,
  );
}

/** The whole declaration, one row a person and line; lines on the total payroll have no person. */
export function longFile(
  services: Services,
  unitNo: string,
  declaration: Declaration,
  items: readonly DeclaredItem[],
  format: FileFormat,
): Readable {
  const heads = new Map(items.map((item) => [item.itemNo, headOf(item)]));
  async function* rows(): AsyncGenerator<OutputCell[]> {
    for (const item of items) {
      if (!item.aggregate) continue;
      const note = `（按工资总额，${item.people} 人）`;
      const figures = [item.baseFen, item.baseFen, formatRate(item.ratePpm), item.amountFen];
      yield [unitNo, note, '', '', ...headOf(item), ...figures, ''];
    }
    const rates = new Map(items.map((item) => [item.itemNo, formatRate(item.ratePpm)]));
    const lines = allLines(services, declaration, 'item_no, person_id');
    const known = remembering(services, declaration.unitId);
    for await (const lot of inLots(lines)) {
      await known.learn(lot.map(({ personId }) => personId));
      for (const { itemNo, personId, wageFen, baseFen, amountFen } of lot) {
        const figures = [wageFen, baseFen, rates.get(itemNo) ?? '', amountFen];
        const head = heads.get(itemNo) ?? [];
        yield [unitNo, ...who(known, personId), ...head, ...figures, personNumber(personId)];
      }
    }
  }
  return writeTable(format, '申报明细', longColumns, rows());
}

function headOf(item: DeclaredItem): string[] {
  const { start, end } = daysOf(item.period);
  return [
    insuranceName(item.insurance),
    levyItemName(item.insurance, item.payer),
    kindNames[item.kind],
    start,
    end,
  ];
}

/** The whole declaration, one row a person and month, a column for each 征收品目. */
export function wideFile(
  services: Services,
  declaration: Declaration,
  items: readonly DeclaredItem[],
  format: FileFormat,
): Readable {
  const titles = [...new Set(items.filter((item) => !item.aggregate).map(titleOf))];
  const byNo = new Map(items.map((item) => [item.itemNo, item]));
  const columns = [
    ...detailColumns.slice(0, 4),
    text('费款所属期起', 12),
    text('费款所属期止', 12),
    amount('缴费工资'),
    amount('缴费基数'),
    ...titles.map((title) => amount(`${title}应缴费额`)),
    amount('应缴费额合计'),
    text('人员编号', 16),
  ];
  async function* rows(): AsyncGenerator<OutputCell[]> {
    let seq = 0;
    const lines = allLines(services, declaration, 'person_id, item_no');
    for await (const lot of inLots(byPerson(lines))) {
      const ids = lot.map(([first]) => first?.personId ?? '');
      const known = await identify(services, declaration.unitId, ids);
      for (const own of lot) {
        for (const [period, month] of Map.groupBy(own, (line) => byNo.get(line.itemNo)?.period)) {
          const [first] = month;
          if (period === undefined || !first) continue;
          seq += 1;
          const { start, end } = daysOf(period);
          const sums = titles.map((title) =>
            sumWhere(month, (no) => titleOf(byNo.get(no)) === title),
          );
          const total = sumWhere(month, () => true);
          const head = [seq, ...who(known, first.personId), start, end];
          const base = [first.wageFen, first.baseFen];
          yield [...head, ...base, ...sums, total, personNumber(first.personId)];
        }
      }
    }
  }
  return writeTable(format, '申报明细', columns, rows());
}

function titleOf(item: DeclaredItem | undefined): string {
  return item ? levyItemName(item.insurance, item.payer) : '';
}

function sumWhere(lines: readonly NumberedLine[], accepts: (itemNo: number) => boolean): number {
  let sum = 0;
  for (const line of lines) if (accepts(line.itemNo)) sum += line.amountFen;
  return sum;
}

/** Lines that come sorted by person, as one list a person. */
async function* byPerson(lines: AsyncIterable<NumberedLine>): AsyncGenerator<NumberedLine[]> {
  let own: NumberedLine[] = [];
  for await (const line of lines) {
    if (own[0] && own[0].personId !== line.personId) {
      yield own;
      own = [];
    }
    own.push(line);
  }
  if (own.length > 0) yield own;
}
