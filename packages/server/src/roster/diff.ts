import { insuranceName } from '@shebao/levy';
import { sql } from 'kysely';
import { recordCausesOf } from '../assessment/index.ts';
import type { Tx } from '../platform/index.ts';
import { insuranceByCode } from '../registry/index.ts';

/** How many people an update touched in one unit. */
export interface DiffCounts {
  readonly added: number;
  readonly changed: number;
  readonly stopped: number;
}

/** A month in SQL as `YYYY-MM`; nothing for null. */
const monthText = (month: string) =>
  sql.raw(`COALESCE(lpad((${month} / 12)::text, 4, '0') || '-' ||
    lpad((${month} % 12 + 1)::text, 2, '0'), '')`);
const noEnd = sql.raw('2147483646');
const names = insuranceByCode.map(insuranceName);

/**
 * Brings one unit's copy to the state of its registry: finds who differs, writes the change rows
 * and the causes, and puts the new state in the place of the old, all in set-based SQL. `since`:
 * only what the registry changed after that revision (incremental), null: everybody (full).
 */
export async function applyDiff(
  tx: Tx,
  update: { readonly unitId: number; readonly updateId: string; readonly since: number | null },
  today: string,
): Promise<DiffCounts> {
  const { unitId, updateId } = update;
  const differing = await findDifference(tx, unitId, update.since);
  if (differing === 0) return { added: 0, changed: 0, stopped: 0 };
  await findSpellDifference(tx);
  await recordCausesOf(tx, unitId, causes(), updateId, today);
  await writeChanges(tx, unitId, updateId);
  await sql`
    INSERT INTO roster_person (unit_id, person_id, name, spells, first_month, is_open, arrived_on)
    SELECT ${unitId}::int, person_id, name, spells, first_month, is_open, arrived_on
    FROM roster_difference ORDER BY person_id
    ON CONFLICT (unit_id, person_id) DO UPDATE SET name = excluded.name,
      spells = excluded.spells, first_month = excluded.first_month, is_open = excluded.is_open,
      arrived_on = excluded.arrived_on`.execute(tx.q);
  const counted = await sql<DiffCounts>`
    SELECT count(*) FILTER (WHERE change_type = '新增')::int AS added,
      count(DISTINCT person_id) FILTER (WHERE change_type = '变更')::int AS changed,
      count(*) FILTER (WHERE change_type = '停止')::int AS stopped
    FROM roster_change WHERE unit_id = ${unitId} AND update_id = ${updateId}`.execute(tx.q);
  return counted.rows[0] ?? { added: 0, changed: 0, stopped: 0 };
}

/** People whose row in the registry is not the one in the copy, with what the copy held of them. */
async function findDifference(tx: Tx, unitId: number, since: number | null): Promise<number> {
  const only = since === null ? sql`` : sql`AND r.revision > ${since}::bigint`;
  await sql`DROP TABLE IF EXISTS pg_temp.roster_difference`.execute(tx.q);
  const made = await sql`
    CREATE TEMP TABLE roster_difference ON COMMIT DROP AS
    SELECT r.person_id, r.name, r.spells, r.first_month, r.is_open, r.arrived_on,
      c.name AS held_name, c.spells AS held_spells, c.is_open AS held_open,
      CASE WHEN c.person_id IS NULL OR (r.is_open AND NOT c.is_open) THEN 'arrival'
        WHEN c.is_open AND NOT r.is_open THEN 'stop' ELSE 'enrolment' END AS kind
    FROM registry_person r
    LEFT JOIN roster_person c ON c.unit_id = ${unitId} AND c.person_id = r.person_id
    WHERE r.unit_id = ${unitId} ${only} AND (c.person_id IS NULL OR c.name <> r.name
      OR c.spells <> r.spells OR c.arrived_on <> r.arrived_on)`.execute(tx.q);
  const counted = await sql<{ people: number }>`
    SELECT count(*)::int AS people FROM roster_difference`.execute(tx.q);
  return made.numAffectedRows === 0n ? 0 : (counted.rows[0]?.people ?? 0);
}

/**
 * Spells of people already held that differ, the new beside the held one they overlap: null where
 * there is no other. Delivered corrections always overlap what they correct.
 */
async function findSpellDifference(tx: Tx): Promise<void> {
  await sql`DROP TABLE IF EXISTS pg_temp.spell_difference`.execute(tx.q);
  await sql`
    CREATE TEMP TABLE spell_difference ON COMMIT DROP AS
    WITH known AS MATERIALIZED (
      SELECT person_id, spells, held_spells, kind FROM roster_difference
      WHERE held_spells IS NOT NULL AND held_spells <> spells),
    new_spell AS MATERIALIZED (
      SELECT k.person_id, k.kind, s.* FROM known k CROSS JOIN LATERAL spell_rows(k.spells) s),
    old_spell AS MATERIALIZED (
      SELECT k.person_id, k.kind, s.* FROM known k CROSS JOIN LATERAL spell_rows(k.held_spells) s),
    pair AS (
      SELECT person_id, COALESCE(n.kind, o.kind) AS kind, code,
        n.first_month AS new_first, n.last_month AS new_last,
        o.first_month AS old_first, o.last_month AS old_last
      FROM new_spell n FULL JOIN old_spell o USING (person_id, code)
      WHERE n.first_month IS NULL OR o.first_month IS NULL
        OR (n.first_month <= COALESCE(o.last_month, ${noEnd})
          AND o.first_month <= COALESCE(n.last_month, ${noEnd}))
      UNION ALL
      SELECT n.person_id, n.kind, n.code, n.first_month, n.last_month, NULL, NULL
      FROM new_spell n WHERE EXISTS (SELECT 1 FROM old_spell o
          WHERE o.person_id = n.person_id AND o.code = n.code)
        AND NOT EXISTS (SELECT 1 FROM old_spell o
          WHERE o.person_id = n.person_id AND o.code = n.code
            AND n.first_month <= COALESCE(o.last_month, ${noEnd})
            AND o.first_month <= COALESCE(n.last_month, ${noEnd}))
      UNION ALL
      SELECT o.person_id, o.kind, o.code, NULL, NULL, o.first_month, o.last_month
      FROM old_spell o WHERE EXISTS (SELECT 1 FROM new_spell n
          WHERE o.person_id = n.person_id AND o.code = n.code)
        AND NOT EXISTS (SELECT 1 FROM new_spell n
          WHERE o.person_id = n.person_id AND o.code = n.code
            AND n.first_month <= COALESCE(o.last_month, ${noEnd})
            AND o.first_month <= COALESCE(n.last_month, ${noEnd})))
    SELECT * FROM pair
    WHERE new_first IS DISTINCT FROM old_first OR new_last IS DISTINCT FROM old_last`.execute(tx.q);
}

/** From which month each person (new ones) or person and insurance (held ones) differs. */
function causes() {
  const insurances = sql`(${[...insuranceByCode]}::text[])`;
  return sql`
    SELECT person_id, NULL::text AS insurance, first_month AS from_month, kind
    FROM roster_difference WHERE held_spells IS NULL
    UNION ALL
    SELECT person_id, ${insurances}[code], min(LEAST(
      CASE WHEN new_first IS DISTINCT FROM old_first
        THEN LEAST(COALESCE(new_first, ${noEnd}), COALESCE(old_first, ${noEnd})) ELSE ${noEnd} END,
      CASE WHEN new_first IS NOT NULL AND old_first IS NOT NULL
          AND new_last IS DISTINCT FROM old_last
        THEN LEAST(COALESCE(new_last, ${noEnd}), COALESCE(old_last, ${noEnd})) + 1
        ELSE ${noEnd} END)), kind
    FROM spell_difference GROUP BY person_id, code, kind`;
}

/** 新增 and 停止: one row a person; 变更: one row a person and field. */
async function writeChanges(tx: Tx, unitId: number, updateId: string): Promise<void> {
  const name = sql`(${names}::text[])[code]`;
  const span = (first: string, last: string) =>
    sql`CASE WHEN ${sql.raw(last)} IS NULL THEN ${monthText(first)} || ' 起'
      ELSE ${monthText(first)} || ' 至 ' || ${monthText(last)} END`;
  await sql`
    INSERT INTO roster_change
      (unit_id, update_id, seq, person_id, name, change_type, field, before, after)
    SELECT ${unitId}::int, ${updateId}::uuid,
      row_number() OVER (ORDER BY place, person_id, field_place), person_id, name,
      change_type, field, before, after
    FROM (
      SELECT 1 AS place, 0 AS field_place, person_id, name, '新增' AS change_type,
        '参保起始年月' AS field, '' AS before,
        CASE WHEN held_spells IS NULL THEN ${monthText('first_month')}
          ELSE (SELECT ${monthText('max(s.first_month)')} FROM spell_rows(spells) s
            WHERE s.last_month IS NULL) END AS after
      FROM roster_difference WHERE kind = 'arrival'
      UNION ALL
      SELECT 2, 0, person_id, name, '停止', '参保终止年月', '',
        (SELECT ${monthText('max(s.last_month)')} FROM spell_rows(spells) s)
      FROM roster_difference WHERE kind = 'stop'
      UNION ALL
      SELECT 3, 0, person_id, name, '变更', '姓名', held_name, name
      FROM roster_difference WHERE held_name <> name
      UNION ALL
      SELECT 3, 10 * s.code + f.place, s.person_id, d.name, '变更',
        ${name} || f.title, f.before, f.after
      FROM spell_difference s JOIN roster_difference d USING (person_id)
      CROSS JOIN LATERAL (VALUES
        (1, '参保起始年月', ${monthText('old_first')}, ${monthText('new_first')},
          old_first IS NOT NULL AND new_first <> old_first),
        (2, '参保终止年月', ${monthText('old_last')}, ${monthText('new_last')},
          old_first IS NOT NULL AND new_first IS NOT NULL
            AND new_last IS DISTINCT FROM old_last),
        (3, '', '', ${span('new_first', 'new_last')}, old_first IS NULL),
        (4, '', ${span('old_first', 'old_last')}, '', new_first IS NULL)
      ) AS f (place, title, before, after, applies)
      WHERE s.kind = 'enrolment' AND f.applies) AS change`.execute(tx.q);
}
