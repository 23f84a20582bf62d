import type { FundingType, Insurance, UnitKind, UnitSize } from '@shebao/levy';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { formatFactor, type Taxpayer, type Unit } from './employer.ts';

interface UnitRow {
  readonly id: number;
  readonly unitNo: string;
  readonly name: string;
  readonly taxpayerId: string;
  readonly taxpayerName: string;
  readonly region: string;
  readonly unitKind: UnitKind;
  readonly fundingType: FundingType;
  readonly unitSize: UnitSize | null;
  readonly riskClass: number | null;
  readonly floatUnits: number;
  readonly taxOrgCode: string;
  readonly insurances: Insurance[];
}

/** The unit with this 单位编号. */
export async function unitByNo(q: Kysely<unknown>, unitNo: string): Promise<Unit | undefined> {
  return (await selectUnits(q, sql`u.unit_no = ${unitNo}`))[0];
}

/** The unit with this inner id; throws when there is none. */
export async function unitById(q: Kysely<unknown>, unitId: number): Promise<Unit> {
  const [unit] = await selectUnits(q, sql`u.id = ${unitId}`);
  if (!unit) throw new Error(`no unit ${unitId}`);
  return unit;
}

/** The units of a taxpayer, by 单位编号. */
export function unitsOfTaxpayer(q: Kysely<unknown>, taxpayerId: string): Promise<Unit[]> {
  return selectUnits(q, sql`t.taxpayer_id = ${taxpayerId}`);
}

/** The units of several taxpayers, by 单位编号. */
export function unitsOfTaxpayers(
  q: Kysely<unknown>,
  taxpayerIds: readonly string[],
): Promise<Unit[]> {
  return selectUnits(q, sql`t.taxpayer_id = ANY(${taxpayerIds}::text[])`);
}

/** The units with these 单位编号; unknown ones are left out. */
export function unitsByNo(q: Kysely<unknown>, unitNos: readonly string[]): Promise<Unit[]> {
  return selectUnits(q, sql`u.unit_no = ANY(${unitNos}::text[])`);
}

/** Every unit, for the checkers and the operator. */
export function allUnits(q: Kysely<unknown>): Promise<Unit[]> {
  return selectUnits(q, sql`true`);
}

async function selectUnits(q: Kysely<unknown>, where: RawBuilder<unknown>): Promise<Unit[]> {
  const found = await sql<UnitRow>`
    SELECT u.id, u.unit_no AS "unitNo", u.name, t.taxpayer_id AS "taxpayerId",
      t.name AS "taxpayerName", u.region, u.unit_kind AS "unitKind",
      u.funding_type AS "fundingType", u.unit_size AS "unitSize", u.risk_class AS "riskClass",
      u.float_factor AS "floatUnits", u.tax_org_code AS "taxOrgCode", u.insurances
    FROM unit u JOIN taxpayer t ON t.id = u.taxpayer
    WHERE ${where} ORDER BY u.unit_no`.execute(q);
  return found.rows.map(toUnit);
}

function toUnit(row: UnitRow): Unit {
  const { floatUnits, ...rest } = row;
  const floatFactor = formatFactor(floatUnits);
  const { region, unitKind, fundingType, unitSize, riskClass } = row;
  const profile = {
    region,
    unitKind,
    fundingType,
    floatFactor,
    ...(unitSize === null ? {} : { unitSize }),
    ...(riskClass === null ? {} : { riskClass }),
  };
  return { ...rest, floatFactor, profile };
}

const taxpayerColumns = sql`id, taxpayer_id AS "taxpayerId", name,
  to_char(registered_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')
    AS "registeredAt"`;

/** The taxpayer with this 纳税人识别号. */
export async function taxpayerByNo(
  q: Kysely<unknown>,
  taxpayerId: string,
): Promise<Taxpayer | undefined> {
  const found = await sql<Taxpayer>`
    SELECT ${taxpayerColumns} FROM taxpayer WHERE taxpayer_id = ${taxpayerId}`.execute(q);
  return found.rows[0];
}

/** Taxpayers whose identifier, name, or one of whose units holds the text; newest first. */
export async function searchTaxpayers(
  q: Kysely<unknown>,
  query: { readonly search?: string | undefined; readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly taxpayers: Taxpayer[] }> {
  const part = `%${(query.search ?? '').trim().replaceAll(/[\\%_]/g, '\\$&')}%`;
  const where = sql`t.taxpayer_id ILIKE ${part} OR t.name ILIKE ${part} OR EXISTS (
    SELECT 1 FROM unit u WHERE u.taxpayer = t.id AND (u.unit_no ILIKE ${part} OR u.name ILIKE ${part}))`;
  const total = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM taxpayer t WHERE ${where}`.execute(q);
  const found = await sql<Taxpayer>`
    SELECT ${taxpayerColumns} FROM taxpayer t WHERE ${where}
    ORDER BY t.registered_at DESC, t.id DESC
    LIMIT ${query.limit} OFFSET ${query.offset}`.execute(q);
  return { total: total.rows[0]?.total ?? 0, taxpayers: found.rows };
}
