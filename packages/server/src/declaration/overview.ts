import type { AnswerOf, monthOverview } from '@shebao/contract';
import {
  addMonths,
  err,
  fen,
  formatMonth,
  formatYuan,
  type Month,
  monthOfDate,
  ok,
  type Result,
} from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import type { Unit } from '../employer/index.ts';
import { type BillStatus, billStates } from '../payment/index.ts';
import { momentAt, type Refusal, type Services } from '../platform/index.ts';
import { currentPeriod, dueDateOf, policyFor } from '../policy/index.ts';
import { rosterUpdatedAt } from '../roster/index.ts';
import { countMissing } from '../wage/index.ts';
import { type Dues, totalOf } from './dues.ts';
import { leviedByInsurance } from './history.ts';
import { loadDues } from './load.ts';
import { type Declaration, listDeclarations } from './store.ts';

export type Overview = AnswerOf<typeof monthOverview>;
type Step = Overview['steps'][number];

const monthsShown = 12;

/** 首页: the month of a unit as a list of tasks, and its last twelve months. */
export async function overviewOf(
  services: Services,
  unit: Unit,
): Promise<Result<Overview, Refusal>> {
  const { q } = services.db;
  const { date } = services.clock.now();
  const period = currentPeriod(date);
  const deadline = dueDateOf(policyFor(unit.region), unit.region, period, period);
  if (!deadline.ok) return deadline;
  const dues = await loadDues(q, unit, date);
  if (!dues.ok) return err(dues.error);
  const declarations = await listDeclarations(q, [unit.id]);
  const bills = await billStates(q, { unitIds: [unit.id] });
  const update = updateStep(await rosterUpdatedAt(q, unit.id), period);
  const steps = [
    update,
    ...afterUpdate(update, [
      wageStep(await countMissing(services, unit)),
      declareStep(dues.value, declarations, date),
    ]),
    payStep(bills),
    certificateStep(bills, period),
  ];
  const history = await historyOf(services, unit, period);
  return ok({ period: formatMonth(period), deadline: deadline.value, steps, history });
}

function step(
  name: Step['step'],
  state: Step['state'],
  status: string,
  next: string,
  figures: { readonly people?: number; readonly amount?: string } = {},
): Step {
  const { people = null, amount = null } = figures;
  return { step: name, state, status, people, amount, next };
}

function updateStep(updatedAt: string | null, period: Month): Step {
  if (updatedAt === null) {
    return step('update', 'todo', '尚未更新', '更新职工参保信息');
  }
  const { date } = momentAt(Date.parse(updatedAt));
  return monthOfDate(date) === period
    ? step('update', 'done', `已于 ${date} 更新`, '查看职工参保信息')
    : step('update', 'todo', '本月尚未更新', '更新职工参保信息');
}

/** Nothing to do on old data is no news: only the month's update can say so. */
function afterUpdate(update: Step, steps: readonly Step[]): Step[] {
  return steps.map((each) =>
    update.state !== 'done' && each.state === 'none'
      ? step(each.step, 'blocked', '请先更新参保信息', each.next)
      : each,
  );
}

function wageStep(missing: number): Step {
  return missing === 0
    ? step('wage', 'none', '本月无需申报', '查看申报记录')
    : step('wage', 'todo', '存在缴费工资为空的职工', '申报缴费工资', { people: missing });
}

function declareStep(dues: Dues, declarations: readonly Declaration[], today: string): Step {
  const pending = declarations.some(({ status }) => status === '待反馈' || status === '作废中');
  const figures = { people: dues.people, amount: formatYuan(totalOf(dues)) };
  if (pending) return step('declare', 'running', '正在处理', '查看申报记录');
  if (dues.items.length > 0) return step('declare', 'todo', '待申报', '申报社保费', figures);
  const month = today.slice(0, 7);
  const done = declarations.filter(
    ({ status, declaredOn }) => status === '全部申报成功' && declaredOn.startsWith(month),
  );
  if (done.length === 0) return step('declare', 'none', '没有待申报的数据', '查看申报记录');
  const amount = done.reduce((sum, each) => sum + each.amountFen + each.lateFeeFen, 0);
  const people = Math.max(...done.map((each) => each.people));
  return step('declare', 'done', '已申报', '查看申报记录', {
    people,
    amount: formatYuan(fen(amount)),
  });
}

function payStep(bills: readonly BillStatus[]): Step {
  const sum = (of: readonly BillStatus[]) =>
    formatYuan(fen(of.reduce((total, bill) => total + bill.amountFen + bill.lateFeeFen, 0)));
  const unclear = bills.filter(({ status }) => status === '待核实');
  if (unclear.length > 0) {
    const text = '扣款结果核实中，请勿重复缴费';
    return step('pay', 'blocked', text, '查看缴费记录', { amount: sum(unclear) });
  }
  const locked = bills.filter(({ state }) => state === 'LOCKED');
  if (locked.length > 0) {
    return step('pay', 'running', '扣款中', '查看缴费记录', { amount: sum(locked) });
  }
  const unpaid = bills.filter(({ state }) => state === 'UNPAID');
  if (unpaid.length > 0) return step('pay', 'todo', '待缴费', '缴费', { amount: sum(unpaid) });
  const paid = bills.some(({ state }) => state === 'PAID' || state === 'TREASURED');
  return paid
    ? step('pay', 'done', '已缴费', '查看缴费记录')
    : step('pay', 'none', '没有待缴费的数据', '查看缴费记录');
}

function certificateStep(bills: readonly BillStatus[], period: Month): Step {
  const paid = bills.some(({ paidOn }) => paidOn !== null && monthOfDate(paidOn) === period);
  return paid
    ? step('certificate', 'todo', '可打印缴费证明', '打印缴费证明')
    : step('certificate', 'none', '本月没有可打印的数据', '打印缴费证明');
}

async function historyOf(
  { db }: Services,
  unit: Unit,
  period: Month,
): Promise<Overview['history']> {
  const from = addMonths(period, 1 - monthsShown);
  const sums = await leviedByInsurance(db.q, unit.id, from, period);
  return Array.from({ length: monthsShown }, (_, at) => {
    const month = addMonths(from, at);
    const amounts = sums
      .filter((row) => row.period === month)
      .map(({ insurance, amountFen }) => ({
        insurance,
        name: insuranceName(insurance),
        amount: formatYuan(amountFen),
      }));
    return { period: formatMonth(month), amounts };
  });
}
