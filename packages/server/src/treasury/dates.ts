/** A date as the channel writes it, YYYYMMDD. */
export type Day8 = string;

/** `2021-03-10` as `20210310`. */
export function compact(date: string): Day8 {
  return date.replaceAll('-', '');
}

/** `20210310` as `2021-03-10`. */
export function dashed(day: Day8): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
}
