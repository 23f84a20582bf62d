import { channelTime, isDate } from '@shebao/channel';
import { nextPackAt, settleDuePacks, settlePacksBeforeCut } from './batch.ts';
import { giveUpDue, giveUpOf, nextCounterAt } from './counter.ts';
import { refusal, storeOutcome } from './debits.ts';
import { changeState, type Hub, hubNow, stateOf, write } from './hub.ts';
import { sendLists } from './lists.ts';
import { nextPushAt, push } from './outbox.ts';
import { nextRefundAt, settleDueRefunds } from './refunds.ts';

const DAY_MS = 86_400_000;

/** Moves the work date: ends the business of the day, announces it, and sends its lists (section 10). */
export function closeDay(hub: Hub, wanted?: string): string {
  const closing = stateOf(hub).workDate;
  const next = wanted ?? nextWorkDate(closing);
  if (!isDate(next) || next <= closing) throw new RangeError('新的工作日必须晚于当前工作日');
  settlePacksBeforeCut(hub);
  settleSilent(hub, true);
  giveUpOf(hub, closing);
  changeState(hub, { workDate: next, sysStat: '0' });
  notice(hub, next, '1', closing);
  sendLists(hub, closing);
  return next;
}

/** Opens or stops the hub and says so by 9101. */
export function setSysStat(hub: Hub, sysStat: '0' | '2'): void {
  const { workDate } = changeState(hub, { sysStat });
  notice(hub, workDate, sysStat, workDate);
}

/** Announces a stop or its end by 9104; nothing else changes. */
export function announceStop(hub: Hub, runSign: '0' | '1', from: string, to: string): void {
  const reason = runSign === '1' ? '系统维护' : '恢复运行';
  const body = {
    StopNotice: { RunSign: runSign, StopRunTime: from, BackRunTime: to, StopRunReason: reason },
  };
  const { bytes, msgId } = write(hub, '9104', body);
  push(hub, '9104', bytes, msgId);
}

/** Everything whose time has come: packs, refunds, silent cores, counters, the planned cut-off. */
export function tick(hub: Hub): void {
  settleSilent(hub, false);
  settleDuePacks(hub);
  settleDueRefunds(hub);
  giveUpDue(hub);
  const { cutTime, cutOn } = stateOf(hub);
  const now = channelTime(hubNow(hub));
  const today = now.slice(0, 8);
  if (cutTime !== '' && cutOn !== today && now.slice(8) >= cutTime) {
    changeState(hub, { cutOn: today });
    closeDay(hub);
  }
}

/** Hub time in milliseconds at which something is next to be done or sent; null when nothing waits. */
export function nextEventAt(hub: Hub): number | null {
  const times = [
    nextPushAt(hub),
    nextPackAt(hub),
    nextRefundAt(hub),
    nextCounterAt(hub),
    ...hub.store.silentDebits().map((debit) => debit.settleAtMs),
  ].filter((time) => time !== null);
  return times.length > 0 ? Math.min(...times) : null;
}

/** The next day that is neither Saturday nor Sunday, YYYYMMDD. */
function nextWorkDate(date: string): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number);
  let at = Date.UTC(year ?? 0, (month ?? 1) - 1, day);
  do at += DAY_MS;
  while ([0, 6].includes(new Date(at).getUTCDay()));
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}

// A bank whose core did not answer reverses there: in the end no money moved.
function settleSilent(hub: Hub, everything: boolean): void {
  const now = hubNow(hub);
  for (const debit of hub.store.silentDebits()) {
    if (everything || debit.settleAtMs <= now) storeOutcome(hub, debit, refusal('24020'));
  }
}

function notice(hub: Hub, date: string, sysStat: string, headDate: string): void {
  const body = { StateNotice: { WorkDate: date, SysStat: sysStat } };
  const { bytes, msgId } = write(hub, '9101', body, { workDate: headDate });
  push(hub, '9101', bytes, msgId);
}
