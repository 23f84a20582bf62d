import { createHash } from 'node:crypto';
import { canonicalJson, type pay } from '@shebao/contract';
import { err, fen, ok, parseYuan, type Result } from '@shebao/kernel';
import type * as z from 'zod';
import { needsReauthentication, useReauthentication } from '../access/index.ts';
import type { Caller, Command, FieldCrypto, Refusal } from '../platform/index.ts';
import {
  eightDigits,
  newMessageId,
  postgresStore,
  readSession,
  taxVoucherNo,
  treasuryDay,
} from '../treasury/index.ts';
import { type Accepted, type BillNumbers, confirmPayment } from './confirm.ts';
import type { PaymentPorts } from './ports.ts';
import { bills } from './tables.ts';

type Body = z.output<NonNullable<(typeof pay)['body']>>;

/** Yuan of a checked body as fen. */
export function fenOf(yuan: string): number {
  const parsed = parseYuan(yuan);
  return parsed.ok ? parsed.value : fen(0);
}

/** Draws the numbers for an order of payment; a treasury that is closed now is refused here already. */
export async function drawNumbers(
  ports: PaymentPorts,
  taxpayerId: string,
  billIds: readonly string[],
): Promise<Result<readonly BillNumbers[], Refusal>> {
  const [found, session] = await Promise.all([
    ports.read.of(bills).find({ id: [...billIds], taxpayerId }),
    readSession(ports),
  ]);
  if (found.length !== new Set(billIds).size) return err({ code: 'NOT_FOUND' });
  const day = treasuryDay(session, ports.now().epochMs);
  if (!day.open) return err({ code: day.code });
  const numbers: BillNumbers[] = [];
  for (const bill of found) {
    const { workDate } = day;
    const [traNo = 0] = await ports.numbers.take('debit', bill.taxOrg, workDate);
    const taxVouNo = await drawVoucherNo(ports, bill.taxOrg);
    const msgId = await newMessageId(ports, '1001');
    numbers.push({ billId: bill.id, taxVouNo, traNo: eightDigits(traNo), msgId, workDate });
  }
  return ok(numbers);
}

/** A fresh 税票号码 of an authority. */
export async function drawVoucherNo(ports: PaymentPorts, taxOrg: string): Promise<string> {
  const year = ports.now().date.slice(0, 4);
  // The number holds four digits of the authority: whoever shares them shares the sequence.
  const [sequence = 0] = await ports.numbers.take('voucher', taxOrg.slice(1, 5), `${year}-01-01`);
  return taxVoucherNo(taxOrg, year, sequence);
}

/** 确认缴费 as a command: the 安全认证 is used up in the same transaction. The input is the body, for repeats. */
export function payCommand(
  ports: PaymentPorts,
  crypto: FieldCrypto,
  caller: Caller,
  numbers: readonly BillNumbers[],
): Command<Body, Accepted> {
  const taxpayerId = caller.taxpayerId ?? '';
  return {
    name: 'payment.confirm',
    frequent: 'pipelined',
    chain: () => `taxpayer:${taxpayerId}`,
    describe: ({ id, bills: shown, total }) => ({
      subject: id,
      detail: { bills: shown.map((bill) => bill.id), total },
    }),
    async run(tx, body, context) {
      if (needsReauthentication(caller)) {
        const { reauthentication: token, ...operation } = body;
        const operationHash = createHash('sha256').update(canonicalJson(operation)).digest('hex');
        const { wallAt } = context;
        const use = { userId: caller.userId, token, operation: 'pay', operationHash, wallAt };
        const used = await useReauthentication(tx, use);
        if (!used.ok) return used;
      }
      const store = postgresStore(tx, context.at, crypto);
      const order = {
        id: body.id,
        taxpayerId,
        requestedBy: caller.userId,
        agreementId: Number(body.agreementId),
        totalFen: fenOf(body.total),
        bills: body.bills.map((bill) => ({ ...bill, totalFen: fenOf(bill.total) })),
      };
      return confirmPayment(store, order, numbers, ports.times);
    },
  };
}
