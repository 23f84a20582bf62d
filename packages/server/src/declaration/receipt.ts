import { type Fen, type Month, sumFen } from '@shebao/kernel';
import { insuranceName, levyItemName } from '@shebao/levy';
import type { Kysely } from 'kysely';
import { type Unit, unitByNo } from '../employer/index.ts';
import { type DeclarationStatus, declarationNoText, receiptNoText } from './declaration.ts';
import { declaredItems } from './people.ts';
import { findDeclaration } from './store.ts';

/** What a declaration's receipt says: as accepted, never changed later. */
export interface DeclaredReceipt {
  readonly unit: Unit;
  readonly declarationId: string;
  readonly declarationNo: string;
  readonly acceptanceNo: string;
  readonly declaredAt: string;
  readonly status: DeclarationStatus;
  readonly periodFrom: Month;
  readonly periodTo: Month;
  readonly people: number;
  readonly totalFen: Fen;
  /** The last day without late fee of its latest lines. */
  readonly dueDate: string;
  readonly insurances: readonly string[];
  readonly sums: readonly { levyItem: string; people: number; amountFen: Fen }[];
}

/** The figures of a declaration for its receipt; undefined: the unit has no such declaration. */
export async function declaredReceipt(
  q: Kysely<unknown>,
  unitNo: string,
  id: string,
): Promise<DeclaredReceipt | undefined> {
  const unit = await unitByNo(q, unitNo);
  const declaration = unit && (await findDeclaration(q, unit.id, id));
  if (!unit || !declaration) return undefined;
  const items = await declaredItems(q, declaration);
  const groups = Map.groupBy(items, (item) => levyItemName(item.insurance, item.payer));
  const { declarationNo, declaredOn } = declaration;
  return {
    unit,
    declarationId: id,
    declarationNo: declarationNoText(unitNo, declarationNo),
    acceptanceNo: receiptNoText('S', unitNo, declaredOn, declarationNo),
    declaredAt: declaration.declaredAt,
    status: declaration.status,
    periodFrom: declaration.periodFrom,
    periodTo: declaration.periodTo,
    people: declaration.people,
    totalFen: declaration.amountFen,
    dueDate: items.reduce((last, item) => (item.dueDate > last ? item.dueDate : last), ''),
    insurances: [...new Set(items.map((item) => insuranceName(item.insurance)))],
    sums: [...groups].map(([levyItem, group]) => ({
      levyItem,
      people: Math.max(...group.map((item) => item.people)),
      amountFen: sumFen(group.map((item) => item.amountFen)),
    })),
  };
}
