/** Serialization failure, deadlock, lock not available: the transaction may simply run again. */
const retryable = new Set(['40001', '40P01', '55P03']);
/** The server ended the session: shutdown, crash, cannot connect now, terminated, too many. */
const lost = new Set(['57P01', '57P02', '57P03', '57P05', '08000', '08003', '08006', '53300']);
const socketErrors = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Whether the database asks to run the transaction again. */
export function isRetryable(error: unknown): boolean {
  return retryable.has(codeOf(error));
}

/** Whether the connection is gone, so that what was under way on it is rolled back or unknown. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (lost.has(code) || socketErrors.has(code)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|Client has encountered a connection error|not queryable|connection timeout|timeout exceeded when trying to connect|Query read timeout/i.test(
      error.message,
    )
  );
}

/** A statement that was held back because its transaction had failed or ended. */
export class TransactionOver extends Error {
  override readonly name = 'TransactionOver';
}

/** Whether the statement failed only because one before it had: the reason is that one's. */
export function isConsequence(error: unknown): boolean {
  return error instanceof TransactionOver || codeOf(error) === '25P02';
}

/** Whether the database was given a value that it has no meaning for. */
export function isInvalidParameter(error: unknown): boolean {
  return codeOf(error) === '22023';
}

/** Whether the disk of the database or of the service is full: nothing was written, and it works again once there is room. */
export function isOutOfSpace(error: unknown): boolean {
  return codeOf(error) === '53100' || codeOf(error) === 'ENOSPC';
}

/** Whether the error is a violated unique constraint, optionally of this name. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== '23505') return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}
