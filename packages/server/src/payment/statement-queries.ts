import { fen, formatYuan } from '@shebao/kernel';
import { type Kysely, sql } from 'kysely';
import type { AttemptState } from './attempt.ts';
import { attemptNames } from './state-names.ts';
import { type ClassSum, classNames, type Figures, figuresHash, figuresOf } from './statement.ts';

type Q = Kysely<unknown>;

/** A closed work date of an authority. */
export interface DayKey {
  readonly taxOrg: string;
  readonly date: string;
}

interface DayRow {
  readonly taxOrg: string;
  readonly taxOrgName: string;
  readonly date: string;
  readonly state: 'collecting' | 'applied' | 'exception' | null;
  readonly packs: number;
  readonly packsExpected: number | null;
  readonly openCases: number;
  /** Something did not fit when the lists came: only then the control is worth its cost in a list of days. */
  readonly suspect: boolean;
  readonly signedBy: string | null;
  readonly signedAt: string | null;
  readonly signedFigures: Figures | null;
}

const yuan = (amount: number) => formatYuan(fen(amount));
const daysShown = 62;

/** The closed dates with what came of their lists, newest first; one date where `only` names it. */
async function dayRows(q: Q, only?: DayKey): Promise<readonly DayRow[]> {
  const which = only
    ? sql`where day.tax_org = ${only.taxOrg} and day.chk_date = ${only.date}::date`
    : sql``;
  const found = await sql<DayRow>`
    with day as (
      select tax_org, chk_date from treasury_closed_day where certain
      union select tax_org, chk_date from treasury_list where kind = '3122'
    )
    select day.tax_org as "taxOrg", coalesce(a.name, day.tax_org) as "taxOrgName",
      day.chk_date::text as date, l.state, coalesce(p.packs, 0)::int as packs,
      p.expected as "packsExpected", coalesce(c.open, 0)::int as "openCases",
      (exists (select from recon_line r where r.tax_org = day.tax_org
          and r.chk_date = day.chk_date and r.recon_class not in (1, 7))
        or exists (select from treasury_list e where e.kind = '3126' and e.tax_org = day.tax_org
          and e.chk_date = day.chk_date and e.state = 'applied'
          and e.summary ->> 'entries' <> e.summary ->> 'booked')) as suspect,
      s.signed_by as "signedBy", s.signed_at as "signedAt", s.figures as "signedFigures"
    from day
    left join treasury_authority a on a.tax_org = day.tax_org
    left join treasury_list l on l.kind = '3122' and l.tax_org = day.tax_org
      and l.chk_date = day.chk_date
    left join lateral (
      select count(*) as packs, max((head ->> 'ChildPackNum')::int) as expected
      from treasury_list_part p where p.kind = '3122' and p.tax_org = day.tax_org
        and p.chk_date = day.chk_date) p on true
    left join lateral (
      select count(*) as open from exception_case c where c.state <> '已处理'
        and c.facts ->> 'taxOrg' = day.tax_org::text
        and c.facts ->> 'chkDate' = day.chk_date::text) c on true
    left join recon_statement s on s.tax_org = day.tax_org and s.chk_date = day.chk_date
    ${which} order by day.chk_date desc, day.tax_org limit ${daysShown}`.execute(q);
  return found.rows;
}

const stateNames = { collecting: '接收中', applied: '已核对', exception: '清单异常' } as const;

/** The figures of a day from its lines. */
async function currentFigures(q: Q, { taxOrg, date }: DayKey): Promise<Figures> {
  const found = await sql<ClassSum & { readonly listed: number }>`
    select recon_class as "reconClass", count(*)::int as count, count(listed_fen)::int as listed,
      coalesce(sum(listed_fen), 0)::bigint as "listedFen",
      coalesce(sum(own_fen), 0)::bigint as "ownFen"
    from recon_line where tax_org = ${taxOrg} and chk_date = ${date}::date
    group by recon_class`.execute(q);
  return figuresOf(
    found.rows,
    found.rows.reduce((count, row) => count + row.listed, 0),
  );
}

/** What a signature needs to know, in its own transaction. */
export async function signing(q: Q, key: DayKey) {
  const [row] = await dayRows(q, key);
  if (!row) return undefined;
  const figures = await currentFigures(q, key);
  return { applied: row.state === 'applied', signed: row.signedBy !== null, figures };
}

function shownDay(row: DayRow, figures: Figures, balanced: boolean) {
  return {
    taxOrg: row.taxOrg,
    taxOrgName: row.taxOrgName,
    date: row.date,
    listState: row.state === null ? ('未收到' as const) : stateNames[row.state],
    packs: row.packs,
    packsExpected: row.packsExpected,
    listedCount: figures.listedCount,
    listedAmount: figures.listedAmount,
    balanced: row.state === 'applied' && balanced,
    openCases: row.openCases,
    signedBy: row.signedBy,
    signedAt: row.signedAt,
  };
}

/** All closed dates, newest first. */
export async function reconciliationDays(q: Q) {
  const days = [];
  for (const row of await dayRows(q)) {
    const figures = row.signedFigures ?? (await currentFigures(q, row));
    const balanced = !row.suspect || (await controlOf(q, row)).differences.length === 0;
    days.push(shownDay(row, figures, balanced));
  }
  return days;
}

/** One closed date with everything that is known of it. */
export async function reconciliationOf(q: Q, key: DayKey) {
  const [row] = await dayRows(q, key);
  if (!row) return undefined;
  const figures = row.signedFigures ?? (await currentFigures(q, key));
  const control = await controlOf(q, key);
  const day = {
    ...shownDay(row, figures, control.differences.length === 0),
    figures,
    control,
  };
  const packs = await sql<{
    list: '3122' | '3126';
    packNo: number;
    lines: number;
    fen: number;
    at: string;
  }>`
    select kind as list, cur_pack_no as "packNo", jsonb_array_length(lines) as lines,
      replace(head ->> 'CurPackAmt', '.', '')::bigint as fen, at
    from treasury_list_part where tax_org = ${key.taxOrg} and chk_date = ${key.date}::date
      and kind in ('3122', '3126') order by kind, cur_pack_no`.execute(q);
  return {
    ...day,
    figuresHash: figuresHash(day.figures),
    signable: row.state === 'applied' && row.signedBy === null,
    packsReceived: packs.rows.map(({ fen: sum, ...pack }) => ({ ...pack, amount: yuan(sum) })),
  };
}

interface Difference {
  readonly what: string;
  readonly taxVoucherNo: string;
  readonly ordersFen: number | null;
  readonly otherFen: number | null;
}
const differencesShown = 500;

/** Three-way control: Σ orders paid = Σ list = Σ entered + in transit; where they differ, which voucher and why. */
async function controlOf(q: Q, { taxOrg, date }: DayKey) {
  const sums = await sql<Record<'paid' | 'entered' | 'transit' | 'counter' | 'listed', number>>`
    select coalesce(sum(amount_fen) filter (where way <> 'transfer'), 0)::bigint as paid,
      coalesce(sum(amount_fen) filter (where way <> 'transfer' and state = 'TREASURED'), 0)::bigint
        as entered,
      coalesce(sum(amount_fen) filter (where way <> 'transfer' and state = 'PAID'), 0)::bigint
        as transit,
      coalesce(sum(amount_fen) filter (where way = 'transfer'), 0)::bigint as counter,
      (select coalesce(sum(listed_fen), 0)::bigint from recon_line
        where tax_org = ${taxOrg} and chk_date = ${date}::date) as listed
    from payment_order where tax_org = ${taxOrg} and paid_on = ${date}::date
      and state in ('PAID', 'TREASURED')`.execute(q);
  const sum = sums.rows[0] as (typeof sums.rows)[number];
  const differences = await sql<Difference>`
    with paid as (
      select tax_vou_no, amount_fen as fen, state from payment_order
      where tax_org = ${taxOrg} and paid_on = ${date}::date and state in ('PAID', 'TREASURED')
        and way <> 'transfer'
    ), listed as (
      select tax_vou_no, sum(listed_fen)::bigint as fen, min(recon_class) as class
      from recon_line where tax_org = ${taxOrg} and chk_date = ${date}::date
        and listed_fen is not null group by tax_vou_no
    ), entered as (
      select line ->> 'TaxVouNo' as tax_vou_no,
        sum(replace(line ->> 'TraAmt', '.', '')::bigint)::bigint as fen
      from treasury_list_part p cross join jsonb_array_elements(p.lines) as line
      where p.kind = '3126' and p.tax_org = ${taxOrg} and p.chk_date = ${date}::date
      group by 1
    ), applied as (
      select kind from treasury_list where tax_org = ${taxOrg} and chk_date = ${date}::date
        and state = 'applied'
    )
    select * from (
      select case when paid.tax_vou_no is null and listed.class = 4 then '清单有，我方无记录（挂账）'
          when paid.tax_vou_no is null then '清单有，我方未记缴款'
          when listed.tax_vou_no is null then '我方已缴，清单没有' else '金额不符' end as what,
        coalesce(paid.tax_vou_no, listed.tax_vou_no) as "taxVoucherNo",
        paid.fen as "ordersFen", listed.fen as "otherFen"
      from paid full join listed on listed.tax_vou_no = paid.tax_vou_no
      where paid.fen is distinct from listed.fen
        and (listed.tax_vou_no is not null or exists (select from applied where kind = '3122'))
      union all
      select case when paid.tax_vou_no is null then '入库流水有，我方未记缴款'
          when entered.tax_vou_no is null then '我方已入库，入库流水没有' else '入库金额不符' end,
        coalesce(paid.tax_vou_no, entered.tax_vou_no), paid.fen, entered.fen
      from (select * from paid) as paid
      full join entered on entered.tax_vou_no = paid.tax_vou_no
      where (entered.tax_vou_no is null and paid.state = 'TREASURED')
        or (entered.tax_vou_no is not null and paid.fen is distinct from entered.fen)
    ) as found order by "taxVoucherNo", what limit ${differencesShown}`.execute(q);
  return {
    ordersPaid: yuan(sum.paid),
    listed: yuan(sum.listed),
    entered: yuan(sum.entered),
    inTransit: yuan(sum.transit),
    counterPaid: yuan(sum.counter),
    differences: differences.rows.map(({ what, taxVoucherNo, ordersFen, otherFen }) => ({
      what,
      taxVoucherNo,
      ordersAmount: ordersFen === null ? null : yuan(ordersFen),
      otherAmount: otherFen === null ? null : yuan(otherFen),
    })),
  };
}

export interface LineRow {
  readonly lineNo: number;
  readonly reconClass: number;
  readonly unitNo: string;
  readonly entrustDate: string;
  readonly traNo: string;
  readonly packNo: string;
  readonly taxVoucherNo: string;
  readonly listedFen: number | null;
  readonly ownFen: number | null;
  readonly ownState: AttemptState | null;
}

/** Lines of a day, of one class or all; the differing ones are what people look for. */
export async function reconciliationLines(
  q: Q,
  { taxOrg, date }: DayKey,
  page: {
    readonly offset: number;
    readonly limit: number;
    readonly reconClass?: number | undefined;
  },
) {
  const ofClass = page.reconClass === undefined ? sql`` : sql`and recon_class = ${page.reconClass}`;
  const where = sql`tax_org = ${taxOrg} and chk_date = ${date}::date ${ofClass}`;
  const total = await sql<{ total: number }>`
    select count(*)::int as total from recon_line where ${where}`.execute(q);
  const found = await sql<LineRow>`
    select line_no as "lineNo", recon_class as "reconClass", unit_no as "unitNo",
      entrust_date::text as "entrustDate", tra_no as "traNo", pack_no as "packNo",
      tax_vou_no as "taxVoucherNo", listed_fen as "listedFen", own_fen as "ownFen",
      own_state as "ownState"
    from recon_line where ${where} order by line_no
    limit ${page.limit} offset ${page.offset}`.execute(q);
  return { total: total.rows[0]?.total ?? 0, rows: found.rows };
}

/** A line as people read it. */
export function shownLine(row: LineRow) {
  const { listedFen, ownFen, ownState, ...line } = row;
  return {
    ...line,
    className: classNames[row.reconClass] ?? '',
    listedAmount: listedFen === null ? null : yuan(listedFen),
    ownAmount: ownFen === null ? null : yuan(ownFen),
    ownState: ownState === null ? '' : attemptNames[ownState],
  };
}
