import { isRecord, readStored, writeStored } from '../../shared/index.ts';

const NAME = 'payments';

export interface StoredPayment {
  readonly id: string;
  readonly total: string;
  /** Whose payment it is: another taxpayer on the same device must not see it. */
  readonly taxpayerId: string;
}

/** Keeps a payment before it is sent, so that a reload asks for it instead of paying again. */
export function storePayment(payment: StoredPayment): void {
  writeStored(NAME, [...all(), payment]);
}

/** The payments of this taxpayer whose outcome nobody has seen on this device yet, oldest first. */
export function storedPayments(taxpayerId: string): StoredPayment[] {
  return all().filter((payment) => payment.taxpayerId === taxpayerId);
}

/** Forgets a payment once its outcome was shown. */
export function forgetPayment(id: string): void {
  writeStored(
    NAME,
    all().filter((payment) => payment.id !== id),
  );
}

function all(): readonly StoredPayment[] {
  return readStored<readonly StoredPayment[]>(
    NAME,
    [],
    (value) => Array.isArray(value) && value.every(isStored),
  );
}

function isStored(value: unknown): value is StoredPayment {
  return (
    isRecord(value) && ['id', 'total', 'taxpayerId'].every((key) => typeof value[key] === 'string')
  );
}
