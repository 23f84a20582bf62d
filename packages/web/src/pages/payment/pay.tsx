import {
  type Bill,
  getPayment,
  listAgreements,
  listBills,
  listDeclarations,
  listPayments,
  monthOverview,
  type PaymentResult,
  pay,
} from '@shebao/contract';
import {
  api,
  asApiError,
  invalidate,
  newId,
  reauthenticateAll,
  refusalDialog,
  sumYuan,
} from '../../shared/index.ts';
import { chooseAgreement, confirmBills, reviewPayment } from './dialogs.tsx';
import { paymentBody } from './orders.ts';
import { showOutcome } from './outcome.tsx';
import { forgetPayment, type StoredPayment, storePayment } from './stored-payment.ts';

const askAfterMs = 500;
/** A request on its way may still arrive: only after this long is it certain that it got lost. */
const arrivalMs = 15_000;

const wait = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));

/** Reads again what a payment changes. */
export async function refreshPayments(): Promise<void> {
  await invalidate(listBills, listPayments, listDeclarations, monthOverview);
}

/**
 * 立即缴费: confirmation, 安全认证, account, second check, debit. Gives the payment that was sent, or undefined
 * when it was left or refused before anything was sent. The token of each account is bound to the whole order.
 */
export async function startPayment(
  bills: readonly Bill[],
  taxpayerId: string,
): Promise<StoredPayment | undefined> {
  const total = sumYuan(bills.map((bill) => bill.total));
  const id = newId();
  try {
    const { agreements, lastChosenId } = await api(listAgreements);
    const usable = agreements.filter((agreement) => agreement.usable);
    if (!(await confirmBills(bills))) return undefined;
    const bodies = usable.map((agreement) => paymentBody(id, bills, agreement));
    const tokens = await reauthenticateAll(bodies.map((body) => ({ operation: 'pay', body })));
    if (!tokens) return undefined;
    const agreement = await chooseAgreement(
      usable,
      total,
      agreements.filter((one) => !one.usable),
      lastChosenId,
    );
    if (!agreement) return undefined;
    if (!(await reviewPayment(bills, agreement, total))) return undefined;
    const at = usable.indexOf(agreement);
    const [body, reauthentication] = [bodies[at], tokens[at]];
    if (!body || reauthentication === undefined) return undefined;
    const stored = { id, total, taxpayerId };
    storePayment(stored);
    await sendPayment({ ...body, reauthentication });
    void refreshPayments();
    return stored;
  } catch (error) {
    forgetPayment(id);
    await refreshPayments();
    await refusalDialog(error);
    return undefined;
  }
}

type PayCall = NonNullable<Parameters<typeof api<typeof pay>>[1]>['body'];

/** Sends once. A lost answer is no refusal: the payment may be under way, so it is asked for, never sent anew. */
async function sendPayment(body: NonNullable<PayCall>): Promise<void> {
  try {
    await api(pay, { body, idempotencyKey: body.id });
  } catch (error) {
    const refusal = asApiError(error);
    const isUnknown =
      refusal.status === 0 || refusal.status >= 500 || refusal.code === 'IDEMPOTENCY_IN_PROGRESS';
    if (!isUnknown || refusal.code === 'TREASURY_CLOSED') throw refusal;
  }
}

/** The outcome of a sent payment; undefined when it never arrived, so that nothing was debited. */
async function awaitPayment(id: string, signal: AbortSignal): Promise<PaymentResult | undefined> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    try {
      const result = await api(getPayment, { params: { id } });
      if (result.state !== 'processing') return result;
    } catch (error) {
      const refusal = asApiError(error);
      const isLost = refusal.code === 'NOT_FOUND' && performance.now() - startedAt > arrivalMs;
      if (isLost) return undefined;
      if (refusal.code !== 'NOT_FOUND' && refusal.status !== 0 && refusal.status < 500) {
        throw refusal;
      }
    }
    await wait(askAfterMs);
  }
  return undefined;
}

export interface Followed {
  readonly end: 'over' | 'lost' | 'left';
  /** Shows how it ended; only then it is forgotten. */
  readonly show: () => Promise<void>;
}

/** Waits for a sent payment; `lost` when it never arrived, so that nothing was debited. */
export async function followPayment(
  payment: StoredPayment,
  signal: AbortSignal,
): Promise<Followed> {
  const result = await awaitPayment(payment.id, signal);
  if (signal.aborted) return { end: 'left', show: async () => undefined };
  await refreshPayments();
  const show = async () => {
    if (result) await showOutcome(result);
    forgetPayment(payment.id);
  };
  return { end: result ? 'over' : 'lost', show };
}
