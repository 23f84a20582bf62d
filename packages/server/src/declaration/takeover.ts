import type { Fen, Month, Ppm } from '@shebao/kernel';
import type { Insurance, Payer } from '@shebao/levy';
import { sql } from 'kysely';
import type { Tx } from '../platform/types.ts';

/** A run of equal months levied and paid in the former system. Amounts are those of one month. */
export interface LeviedSpan {
  /** null: the unit's share on total payroll, `people` people behind it. */
  readonly personId: string | null;
  readonly insurance: Insurance;
  readonly payer: Payer;
  readonly from: Month;
  /** Inclusive. */
  readonly to: Month;
  readonly wageFen: Fen;
  readonly baseFen: Fen;
  readonly ratePpm: Ppm;
  readonly amountFen: Fen;
  /** 1 for a person. */
  readonly people: number;
}

const columns = [
  'unit_id',
  'person_id',
  'insurance',
  'payer',
  'from_period',
  'to_period',
  'people',
  'wage_fen',
  'base_fen',
  'rate_ppm',
  'amount_fen',
  'collected_by',
];

/**
 * Takes over what the former system levied: it counts as levied and paid, is certifiable, and shows
 * in no 申报记录. The unit's dues here begin with the month after it, insurance by insurance.
 * Returns the rows written. `collectedBy`: who collected it, as certificates say.
 */
export async function takeOverLevied(
  tx: Tx,
  unitId: number,
  spans: Iterable<LeviedSpan>,
  { collectedBy }: { readonly collectedBy: string },
): Promise<number> {
  const through = new Map<Insurance, Month>();
  function* rows(): Iterable<(string | number)[]> {
    for (const span of spans) {
      const { personId, insurance, payer, from, to, people } = span;
      if (to > (through.get(insurance) ?? 0)) through.set(insurance, to);
      const figures = [span.wageFen, span.baseFen, span.ratePpm, span.amountFen];
      yield [unitId, personId ?? '0', insurance, payer, from, to, people, ...figures, collectedBy];
    }
  }
  const written = await tx.copy('levied_span', columns, rows());
  await sql`
    INSERT INTO levied_through (unit_id, insurance, through_period)
    SELECT ${unitId}, insurance, through_period
    FROM unnest(${[...through.keys()]}::text[], ${[...through.values()]}::int[])
      AS taken (insurance, through_period)
    ON CONFLICT (unit_id, insurance) DO UPDATE
    SET through_period = greatest(levied_through.through_period, excluded.through_period)`.execute(
    tx.q,
  );
  return written;
}
