import type { declarationRow } from '@shebao/contract';
import { err, formatMonth, formatYuan, ok, type Result } from '@shebao/kernel';
import type * as z from 'zod';
import { type Unit, unitByNo } from '../employer/index.ts';
import type { BillStatus } from '../payment/index.ts';
import type { Refusal, Services } from '../platform/index.ts';
import { declarationNoText } from './declaration.ts';
import { computeDues, type DuesInput } from './dues.ts';
import type { DueItem } from './dues-items.ts';
import { loadDuesInput } from './load.ts';
import { declaredItems } from './people.ts';
import { type Declaration, findDeclaration } from './store.ts';

/** An item of a unit's dues, with what it was computed from. */
export interface FoundDue {
  readonly unit: Unit;
  readonly item: DueItem;
  readonly input: DuesInput;
}

/** Finds an item that is due by its key. */
export async function findDue(
  { db, clock }: Services,
  { unitNo, key }: { readonly unitNo: string; readonly key: string },
): Promise<Result<FoundDue, Refusal>> {
  const unit = await unitByNo(db.q, unitNo);
  if (!unit) return err({ code: 'NOT_FOUND' });
  const input = await loadDuesInput(db.q, unit, clock.now().date);
  const dues = computeDues(input);
  if (!dues.ok) return dues;
  const item = dues.value.items.find((each) => each.key === key);
  return item ? ok({ unit, item, input }) : err({ code: 'NOT_FOUND' });
}

/** A row of 申报记录. Only an accepted declaration with an unpaid bill can be voided. */
export function showDeclaration(
  unit: Unit,
  declaration: Declaration,
  bill: BillStatus | undefined,
): z.infer<typeof declarationRow> {
  const { id, declarationNo, declaredAt, declaredOn, status, failure, people } = declaration;
  return {
    id,
    declarationNo: declarationNoText(unit.unitNo, declarationNo),
    unitNo: unit.unitNo,
    unitName: unit.name,
    declaredAt,
    declaredOn,
    periodFrom: formatMonth(declaration.periodFrom),
    periodTo: formatMonth(declaration.periodTo),
    people,
    amountDue: formatYuan(declaration.amountFen),
    status,
    paymentStatus: bill?.status ?? '未缴费',
    voidable: status === '全部申报成功' && bill?.state === 'UNPAID',
    failure,
  };
}

/** A declaration of the unit in the path, with its items. */
export async function declared(services: Services, params: { unitNo: string; id: string }) {
  const { q } = services.db;
  const unit = await unitByNo(q, params.unitNo);
  const declaration = unit && (await findDeclaration(q, unit.id, params.id));
  if (!declaration) return undefined;
  return { unit, declaration, items: await declaredItems(q, declaration) };
}
