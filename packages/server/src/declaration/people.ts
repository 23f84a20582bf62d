import type { personDetail } from '@shebao/contract';
import { formatRate, formatYuan, formatYuanGrouped, type Ppm } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type * as z from 'zod';
import type { Services } from '../platform/index.ts';
import {
  maskIdentity,
  type PersonDocument,
  personDocuments,
  personNumber,
} from '../registry/index.ts';
import { loadRoster } from '../roster/index.ts';
import { type DueItem, itemKey } from './dues-items.ts';
import type { PersonLine } from './line-columns.ts';
import type { Declaration } from './store.ts';

/** What is kept and shown of a line. */
export type PersonFigures = Omit<PersonLine, 'fullFen'>;

/** A declared item; its people are read page by page. */
export interface DeclaredItem extends Omit<DueItem, 'lines'> {
  readonly itemNo: number;
}

/** The people behind an item of dues, by person id like those of a declared one. */
export function linesOf(item: DueItem): PersonLine[] {
  return [...item.lines].toSorted((a, b) => Number(a.personId) - Number(b.personId));
}

/** The items of a declaration in listed order. */
export async function declaredItems(
  q: Kysely<unknown>,
  { unitId, declarationNo }: Pick<Declaration, 'unitId' | 'declarationNo'>,
): Promise<DeclaredItem[]> {
  const found = await sql<Omit<DeclaredItem, 'key'>>`
    SELECT item_no AS "itemNo", insurance, payer, period, kind, due_date AS "dueDate", aggregate,
      provisional, people, base_fen AS "baseFen", rate_ppm AS "ratePpm",
      amount_fen AS "amountFen", late_fee_fen AS "lateFeeFen"
    FROM declaration_item WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}
    ORDER BY item_no`.execute(q);
  const used = new Set<string>();
  return found.rows.map((row) => {
    let key = itemKey(row);
    if (used.has(key)) key = `${key}:${row.dueDate}`;
    used.add(key);
    return { ...row, key };
  });
}

/** A page of the people behind a declared item, and how many there are. */
export async function declaredPeople(
  q: Kysely<unknown>,
  { unitId, declarationNo }: Pick<Declaration, 'unitId' | 'declarationNo'>,
  item: DeclaredItem,
  page: { readonly offset: number; readonly limit: number },
): Promise<PersonFigures[]> {
  const found = await sql<PersonFigures>`
    SELECT person_id::text AS "personId", wage_fen AS "wageFen", base_fen AS "baseFen",
      amount_fen AS "amountFen"
    FROM declaration_line WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}
      AND item_no = ${item.itemNo}
    ORDER BY person_id OFFSET ${page.offset} LIMIT ${page.limit}`.execute(q);
  return found.rows;
}

/** One person's line of a declared item. */
export async function declaredPerson(
  q: Kysely<unknown>,
  { unitId, declarationNo }: Pick<Declaration, 'unitId' | 'declarationNo'>,
  item: DeclaredItem,
  personId: string,
): Promise<PersonFigures | undefined> {
  const found = await sql<PersonFigures>`
    SELECT person_id::text AS "personId", wage_fen AS "wageFen", base_fen AS "baseFen",
      amount_fen AS "amountFen"
    FROM declaration_line WHERE unit_id = ${unitId} AND declaration_no = ${declarationNo}
      AND item_no = ${item.itemNo} AND person_id = ${personId}::bigint`.execute(q);
  return found.rows[0];
}

/** Who the people are: names and documents in clear, for files; screens mask the number. */
export interface Identified {
  readonly names: ReadonlyMap<string, string>;
  readonly documents: ReadonlyMap<string, PersonDocument>;
}

/** Reads names and documents of people of a unit. */
export async function identify(
  { db, crypto }: Pick<Services, 'db' | 'crypto'>,
  unitId: number,
  personIds: readonly string[],
): Promise<Identified> {
  const roster = await loadRoster(db.q, unitId, personIds);
  return {
    names: new Map(roster.map(({ personId, name }) => [personId, name])),
    documents: await personDocuments(db.q, crypto, personIds),
  };
}

/** 人员明细 as the screen shows it. */
export function showPeople(
  lines: readonly PersonFigures[],
  ratePpm: Ppm,
  offset: number,
  { names, documents }: Identified,
): z.infer<typeof personDetail>[] {
  return lines.map((line, at) => {
    const document = documents.get(line.personId);
    return {
      seq: offset + at + 1,
      personId: line.personId,
      name: names.get(line.personId) ?? '',
      documentType: document?.documentType ?? '',
      identityNumber: maskIdentity(document?.number ?? ''),
      wage: formatYuan(line.wageFen),
      contributionBase: formatYuan(line.baseFen),
      rate: formatRate(ratePpm),
      amountDue: formatYuan(line.amountFen),
      personNo: personNumber(line.personId),
    };
  });
}

/** What a line on the total payroll was computed from; null for a line of people. */
export function aggregateNote(item: Omit<DueItem, 'lines'>): string | null {
  if (!item.aggregate) return null;
  const base = formatYuanGrouped(item.baseFen);
  const percent = `${formatRate((item.ratePpm * 100) as Ppm)}%`;
  const due = formatYuanGrouped(item.amountFen);
  return `单位部分按全部职工缴费工资总额 ${base} 元 × ${percent} 一次计征，不逐人分摊，本行应缴 ${due} 元（参保 ${item.people} 人）`;
}
