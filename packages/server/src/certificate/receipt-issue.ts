import { createHash } from 'node:crypto';
import * as contract from '@shebao/contract';
import { err, ok, type Result } from '@shebao/kernel';
import { declaredReceipt } from '../declaration/index.ts';
import { type Press, pageTexts } from '../document/index.ts';
import { paymentReceipt } from '../payment/index.ts';
import { type BoundRoute, handle, type RouteCall } from '../platform/http/binding.ts';
import { type Refusal, type Services, uuidFrom } from '../platform/index.ts';
import { documentTitles, maskedHolder, printedCode, verificationCode } from './certificate.ts';
import { archiveCertificate, reserveCertificate } from './commands.ts';
import {
  declarationBody,
  type ReceiptBody,
  type ReceiptHead,
  receiptForm,
  receiptPeriods,
} from './receipt.ts';
import { issuerOf } from './routes.ts';
import { certificateById, certificateBytes } from './store.ts';

/** What a receipt is about; the same act has one receipt for ever. */
interface Receipt {
  readonly kind: ReceiptHead['kind'];
  /** The declaration or the order. */
  readonly subject: string;
  readonly taxOrg: string;
  readonly declarationId: string;
  readonly holder: string;
  readonly periods: string;
  readonly insurances: readonly string[];
  readonly totalFen: number;
  readonly body: ReceiptBody;
}

type Caller = RouteCall<typeof contract.printReceipt>['caller'];

/** The archived receipt of an act; drawn, signed and archived when it is asked for first. */
async function issued(
  services: Services,
  press: Press,
  caller: Caller,
  receipt: Receipt,
): Promise<Result<{ receiptNo: string; bytes: Uint8Array }, Refusal>> {
  const taxpayerId = caller.taxpayerId ?? '';
  const { kind, subject } = receipt;
  const id = uuidFrom(`receipt ${kind} ${subject}`);
  const code = verificationCode(services.crypto.searchHash(`certificate code ${id}`));
  const { actor } = caller;
  const reserved = await services.execute(
    reserveCertificate,
    {
      id,
      taxpayerId,
      agency: receipt.taxOrg.slice(1),
      kind,
      requestHash: createHash('sha256').update(`${kind} ${subject}`).digest('hex'),
      codeHashHex: Buffer.from(services.crypto.searchHash(code)).toString('hex'),
    },
    { actor },
  );
  if (!reserved.ok) return reserved;
  const receiptNo = reserved.value.certificateNo;
  const existing = await certificateById(services.db.q, taxpayerId, id);
  if (existing?.state === 'reserved') {
    const done = await archive(services, press, caller, receipt, { id, code, receiptNo });
    if (!done.ok) return done;
  }
  const bytes = await certificateBytes(services.db.q, taxpayerId, id);
  return bytes ? ok({ receiptNo, bytes }) : err({ code: 'NOT_FOUND' });
}

async function archive(
  services: Services,
  press: Press,
  { actor, taxpayerId }: Caller,
  receipt: Receipt,
  given: { readonly id: string; readonly code: string; readonly receiptNo: string },
): Promise<Result<{ archived: boolean }, Refusal>> {
  const { kind } = receipt;
  const form = receiptForm(
    {
      kind,
      receiptNo: given.receiptNo,
      issuedOn: services.clock.now().date,
      verification: {
        url: `${services.config.publicUrl}/v/${given.receiptNo}#${given.code}`,
        code: printedCode(given.code),
      },
      sampleSeal: services.config.demo,
    },
    receipt.body,
  );
  const pdf = await press.issue(form, documentTitles[kind]);
  if (!pdf.ok) return err({ code: 'GLYPH_MISSING', data: { ...pdf.error } });
  return services.execute(
    archiveCertificate,
    {
      id: given.id,
      taxpayerId: taxpayerId ?? '',
      holder: maskedHolder(receipt.holder),
      periods: receipt.periods,
      insurances: receipt.insurances,
      totalFen: receipt.totalFen,
      pdfBase64: pdf.value.toString('base64'),
      sha256: createHash('sha256').update(pdf.value).digest('hex'),
      sm3: createHash('sm3').update(pdf.value).digest('hex'),
      pageTexts: pageTexts(form),
      declarationIds: [receipt.declarationId],
      saysPaid: kind === 'payment',
      refundedFen: null,
    },
    { actor },
  );
}

function fileOf(name: string, { receiptNo, bytes }: { receiptNo: string; bytes: Uint8Array }) {
  const file = { name: `${name}-${receiptNo}.pdf`, mediaType: 'application/pdf', body: bytes };
  return ok({ file: { ...file, inline: true } });
}

/** Receipts of declarations and payments. */
export function receiptRoutes(press: Press): readonly BoundRoute[] {
  return [
    handle(contract.printDeclarationReceipt, async ({ services, caller, params, query }) => {
      const declared = await declaredReceipt(services.db.q, params.unitNo, params.id);
      if (!declared) return err({ code: 'NOT_FOUND' });
      const { act } = query;
      const done =
        act === 'void'
          ? declared.status === '已作废'
          : ['全部申报成功', '作废中', '已作废'].includes(declared.status);
      if (!done || declared.sums.length === 0) return err({ code: 'NO_RECEIPT' });
      const made = await issued(services, press, caller, {
        kind: act,
        subject: params.id,
        taxOrg: declared.unit.taxOrgCode,
        declarationId: params.id,
        holder: declared.unit.taxpayerName,
        periods: receiptPeriods(declared),
        insurances: declared.insurances,
        totalFen: declared.totalFen,
        body: declarationBody(declared, act, issuerOf(services)),
      });
      return made.ok ? fileOf(act === 'void' ? '作废回执' : '申报回执', made.value) : made;
    }),
    handle(contract.printReceipt, async (call) => {
      const { services, caller } = call;
      const taxpayerId = caller.taxpayerId ?? '';
      const paid = await paymentReceipt(services.db.q, taxpayerId, call.params.id);
      if (paid === undefined || (paid && !call.may('pay', paid.unitNo))) {
        return err({ code: 'NOT_FOUND' });
      }
      if (paid === null) return err({ code: 'NO_RECEIPT' });
      const { orderId: subject, taxpayerName: holder, form: body, ...facts } = paid;
      const receipt = { kind: 'payment', subject, holder, body, ...facts } as const;
      const made = await issued(services, press, caller, receipt);
      return made.ok ? fileOf('缴费回执', made.value) : made;
    }),
  ];
}
