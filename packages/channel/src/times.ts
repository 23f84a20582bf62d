import { isTime } from './fields.ts';

const CHINA_OFFSET_MS = 8 * 3_600_000;

/** Writes an instant (milliseconds since 1970) as YYYYMMDDhhmmss in Asia/Shanghai. */
export function channelTime(epochMs: number): string {
  const text = new Date(epochMs + CHINA_OFFSET_MS).toISOString();
  return text.slice(0, 19).replace(/[-:T]/g, '');
}

/** Reads YYYYMMDDhhmmss in Asia/Shanghai as milliseconds since 1970; null when it is no time. */
export function parseChannelTime(text: string): number | null {
  if (!isTime(text)) return null;
  const [year = 0, month = 1, day = 1] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)].map(
    Number,
  );
  const [hour = 0, minute = 0, second = 0] = [8, 10, 12].map((at) =>
    Number(text.slice(at, at + 2)),
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - CHINA_OFFSET_MS;
}

/** Writes `notAfter` for Remark2; the instant is hub time in milliseconds since 1970. */
export function notAfterText(epochMs: number): string {
  return `NA=${channelTime(epochMs)}`;
}

/**
 * Reads `notAfter` from Remark2 as hub time in milliseconds; null when there is none.
 * The second that is named still counts: the debit is too late from the next one on.
 */
export function notAfterOf(remark: string): number | null {
  return /^NA=\d{14}$/.test(remark) ? parseChannelTime(remark.slice(3)) : null;
}

/** Reads the hub's time out of the Information of a 9120 to 9005 (`T=…`); null when there is none. */
export function hubTimeOf(information: string): number | null {
  return /^T=\d{14}$/.test(information) ? parseChannelTime(information.slice(2)) : null;
}
