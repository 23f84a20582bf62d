export type FeedEvent = 'paid' | 'undone' | 'refunded';

/**
 * What the feed must say next of a declaration's payment: nothing when it already says what is true. Decided by states,
 * not by messages, so that doubled, late and reordered work comes to the same feed. What went back of a payment that
 * stands is told apart from it, line by line.
 */
export function nextEvent(
  bill: 'UNPAID' | 'LOCKED' | 'PAID' | 'TREASURED' | 'REFUNDED' | 'VOIDED' | null,
  standsPaid: boolean,
): 'paid' | 'undone' | null {
  const paid = wasPaid(bill);
  if (paid === standsPaid) return null;
  return paid ? 'paid' : 'undone';
}

/** Whether money came for a bill, even when all of it went back by an application since. */
export function wasPaid(bill: string | null | undefined): boolean {
  return bill === 'PAID' || bill === 'TREASURED' || bill === 'REFUNDED';
}

/** How far a paid month of a person has come. */
export function creditStateOf(
  sent: boolean,
  receipted: boolean,
): '待传递' | '已传递' | '已记入个人' {
  if (!sent) return '待传递';
  return receipted ? '已记入个人' : '已传递';
}
