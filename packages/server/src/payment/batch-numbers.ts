import { err, ok, type Result } from '@shebao/kernel';
import type { Refusal } from '../platform/index.ts';
import {
  eightDigits,
  newMessageId,
  readSession,
  taxVoucherNo,
  treasuryDay,
} from '../treasury/index.ts';
import { type PackNumbers, packPlan } from './batch-release.ts';
import type { PaymentPorts } from './ports.ts';

/** The numbers of all packs and lines of a batch, for one work date. */
export interface BatchNumbers {
  readonly workDate: string;
  readonly packs: readonly PackNumbers[];
}

/** Draws the numbers that releasing a batch needs; a treasury that is closed now is refused here already. */
export async function drawBatchNumbers(
  ports: PaymentPorts,
  batchId: string,
  most?: number,
): Promise<Result<BatchNumbers, Refusal>> {
  const day = treasuryDay(await readSession(ports), ports.now().epochMs);
  if (!day.open) return err({ code: day.code });
  const { workDate } = day;
  const year = ports.now().date.slice(0, 4);
  const packs: PackNumbers[] = [];
  for (const { taxOrg, billIds } of await packPlan(ports.read, batchId, most)) {
    const count = billIds.length;
    const traNos = await ports.numbers.take('debit', taxOrg, workDate, count);
    const scope = taxOrg.slice(1, 5);
    const slips = await ports.numbers.take('voucher', scope, `${year}-01-01`, count);
    const [packNo = 0] = await ports.numbers.take('pack', taxOrg, workDate);
    packs.push({
      packNo: eightDigits(packNo),
      msgId: await newMessageId(ports, '1102'),
      taxOrg,
      lines: billIds.map((billId, at) => ({
        billId,
        traNo: eightDigits(traNos[at] ?? 0),
        taxVouNo: taxVoucherNo(taxOrg, year, slips[at] ?? 0),
      })),
    });
  }
  return ok({ workDate, packs });
}

/** The numbers of a stop notice. */
export async function drawStopNumbers(
  ports: PaymentPorts,
  taxOrg: string,
): Promise<
  Result<{ readonly stopNo: string; readonly stopDate: string; readonly msgId: string }, Refusal>
> {
  const session = await readSession(ports);
  if (!session?.workDate) return err({ code: 'TREASURY_CLOSED' });
  const stopDate = session.workDate;
  const [number = 0] = await ports.numbers.take('stop', taxOrg, stopDate);
  return ok({ stopNo: eightDigits(number), stopDate, msgId: await newMessageId(ports, '1123') });
}
