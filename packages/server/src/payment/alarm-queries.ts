import { type Kysely, sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Moment } from '../platform/index.ts';
import { listDueAfterMs } from '../treasury/index.ts';
import { usualTimes } from './advance.ts';

type Q = Kysely<unknown>;

/** One thing that an officer or the operator must look at now. */
export interface Alarm {
  readonly kind: 'unclear' | 'listMissing' | 'unclearAfterList' | 'caseOpen' | 'notConnected';
  readonly text: string;
  readonly since: string;
}

interface Found {
  readonly kind: Alarm['kind'];
  readonly count: number;
  readonly since: string | null;
}

/** What is wrong at a moment, counted by kind; kinds with nothing are there with 0. */
async function countAlarms(q: Q, at: Moment): Promise<readonly Found[]> {
  const before = (waitMs: number) => new Date(at.epochMs - waitMs).toISOString();
  const found = await sql<Found>`
    select 'unclear' as kind, count(*)::int as count, min(unclear_at) as since from attempt
      where state in ('UNKNOWN', 'REVERSING')
        and unclear_at < ${before(usualTimes.alarmAfterMs)}::timestamptz
    union all
    select 'listMissing', count(*)::int, min(d.closed_at) from treasury_closed_day d
      where d.certain and d.closed_at < ${before(listDueAfterMs)}::timestamptz
        and not exists (select from treasury_list l where l.kind = '3122'
          and l.tax_org = d.tax_org and l.chk_date = d.chk_date and l.state <> 'collecting')
    union all
    select 'unclearAfterList', count(*)::int, min(a.unclear_at) from attempt a
      join treasury_list l on l.kind = '3122' and l.tax_org = a.tax_org
        and l.chk_date = a.entrust_date and l.state = 'applied'
      where a.state in ('UNKNOWN', 'REVERSING') and a.msg_no <> '1102' and a.recon_class is null
    union all
    select 'caseOpen', count(*)::int, min(at) from exception_case where state <> '已处理'
    union all
    select 'notConnected', count(*)::int, min(coalesce(contact_at, logged_in_at))
      from treasury_session where not connected`.execute(q);
  return found.rows;
}

const texts: Readonly<Record<Alarm['kind'], (count: number) => string>> = {
  unclear: (count) => `${count} 笔扣款超过 15 分钟仍未核实`,
  listMissing: (count) => `${count} 份对账清单日切后两小时仍未收齐，系统每隔一段时间自动要求重发`,
  unclearAfterList: (count) => `${count} 笔扣款在当日清单核对后仍不明确，请立即联系运维人员`,
  caseOpen: (count) => `${count} 项差错待处理或待复核`,
  notConnected: () => '与税库银的连接已中断，系统正在自动重连',
};

/** The alarms of now, for the officers' first page. */
export async function alarmsOf(q: Q, at: Moment): Promise<Alarm[]> {
  const found = await countAlarms(q, at);
  return found
    .filter(({ count }) => count > 0)
    .map(({ kind, count, since }) => ({ kind, text: texts[kind](count), since: since ?? at.iso }));
}

/** The same for the operator's monitoring: one gauge, asked for when it is read. */
export function alarmGauge(registry: Registry, q: Q, now: () => Moment): void {
  const gauge = new Gauge({
    name: 'shebao_treasury_alarms',
    help: 'Payments, lists and cases that somebody must look at, by kind',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      for (const { kind, count } of await countAlarms(q, now())) gauge.set({ kind }, count);
    },
  });
}
