import { createHash, timingSafeEqual } from 'node:crypto';
import * as contract from '@shebao/contract';
import {
  err,
  fen,
  formatMonth,
  formatYuan,
  type Month,
  ok,
  parseMonth,
  type Result,
} from '@shebao/kernel';
import { type FormDocument, type Press, pageTexts } from '../document/index.ts';
import { type Unit, unitsByNo } from '../employer/index.ts';
import { type BoundRoute, handle, type RouteCall } from '../platform/http/binding.ts';
import type { Refusal, Services } from '../platform/index.ts';
import { maskIdentity } from '../registry/index.ts';
import {
  type CertificateHead,
  type CertifiedPerson,
  certificateStateNames,
  documentTitles,
  maskedHolder,
  personCertificate,
  printedCode,
  typedCode,
  unitCertificate,
  verificationCode,
} from './certificate.ts';
import { archiveCertificate, recordCheck, recordPrint, reserveCertificate } from './commands.ts';
import {
  namesAndDocuments,
  personKey,
  personLines,
  personRows,
  unitKey,
  unitLines,
  unitRowsOf,
} from './rows.ts';
import {
  type CertificateRow,
  certificateById,
  certificateByNumber,
  certificateBytes,
} from './store.ts';

type Issue = RouteCall<typeof contract.issueCertificate>;

const monthOfText = (text: string): Month => {
  const month = parseMonth(text);
  if (!month.ok) throw new Error(`the contract let a month pass: ${text}`);
  return month.value;
};

/** The name of the authority as it stands on documents. */
export function issuerOf(services: Services): string {
  return services.config.demo ? '国家税务总局杭州市示例税务局' : '社会保险费征收机关';
}

function answerOf(row: CertificateRow): contract.AnswerOf<typeof contract.issueCertificate> {
  return {
    id: row.id,
    certificateNo: row.certificateNo,
    kind: row.kind === 'person' ? 'person' : 'unit',
    issuedAt: row.issuedAt,
    pages: row.pageTexts.length,
    prints: row.prints,
    state: certificateStateNames[row.state],
    pageTexts: [...row.pageTexts],
  };
}

interface Drafted {
  readonly form: FormDocument;
  readonly totalFen: number;
  readonly holder: string;
  readonly insurances: readonly string[];
  readonly declarationIds: readonly string[];
  /** What went back of these declarations' bills altogether, ticked or not. */
  readonly billsRefundedFen: number;
}

/** The declarations behind lines, and what went back of their bills when the lines were read. */
function vouchedBy(
  lines: readonly { readonly declarationId: string | null; readonly billRefundedFen: number }[],
): Pick<Drafted, 'declarationIds' | 'billsRefundedFen'> {
  const bills = new Map<string, number>();
  for (const { declarationId, billRefundedFen } of lines) {
    if (declarationId !== null) bills.set(declarationId, billRefundedFen);
  }
  const billsRefundedFen = [...bills.values()].reduce((sum, one) => sum + one, 0);
  return { declarationIds: [...bills.keys()], billsRefundedFen };
}

/** The certificate over the ticked rows; refused when one of them is not paid (any more). */
async function draft(
  call: Issue,
  units: readonly Unit[],
  head: CertificateHead,
): Promise<Result<Drafted, Refusal>> {
  const { services, body } = call;
  const wanted = new Set(body.rows);
  const masked = maskedHolder(head.taxpayerName);
  if (body.kind === 'unit') {
    const all = await unitLines(services, units, head.from, head.to);
    const lines = all.filter((line) => wanted.has(unitKey(line)));
    if (new Set(lines.map(unitKey)).size !== wanted.size) return err({ code: 'NOT_CERTIFIABLE' });
    const made = unitCertificate(head, lines);
    if (!made.ok) return err({ code: 'NOT_CERTIFIABLE' });
    const insurances = [...new Set(lines.map((line) => line.insuranceName))];
    return ok({ ...made.value, holder: masked, insurances, ...vouchedBy(lines) });
  }
  const ids = [...new Set(body.rows.map((key) => key.split(':')[1] ?? ''))];
  if (ids.some((id) => !/^\d{1,18}$/.test(id))) return err({ code: 'NOT_CERTIFIABLE' });
  const all = await personLines(services, units, head.from, head.to, ids);
  const lines = all.filter((line) => wanted.has(personKey(line)));
  if (new Set(lines.map(personKey)).size !== wanted.size) return err({ code: 'NOT_CERTIFIABLE' });
  const unitIds = units.map((unit) => unit.id);
  const { names, documents } = await namesAndDocuments(services, unitIds, ids);
  const people = new Map<string, CertifiedPerson>(
    ids.map((id) => {
      const document = documents.get(id);
      const number = maskIdentity(document?.number ?? '');
      const documentType = document?.documentType ?? '证件号码';
      return [id, { name: names.get(id) ?? '', documentType, identityNumber: number }];
    }),
  );
  const made = personCertificate(head, lines, people);
  if (!made.ok) return err({ code: 'NOT_CERTIFIABLE' });
  const only = ids.length === 1 ? people.get(ids[0] ?? '') : undefined;
  const holder = only ? `${only.name.slice(0, 1)}*` : `${masked}（${ids.length} 人）`;
  const insurances = [...new Set(lines.map((line) => line.insuranceName))];
  return ok({ ...made.value, holder, insurances, ...vouchedBy(lines) });
}

async function unitsOfCall(call: {
  readonly services: Services;
  readonly unitNos: readonly string[];
}): Promise<readonly Unit[]> {
  return unitsByNo(call.services.db.q, call.unitNos);
}

/** Draws, signs and archives; the same id gives the document that was archived first. */
async function issue(call: Issue, press: Press): Promise<Result<CertificateRow, Refusal>> {
  const { services, body, caller } = call;
  const taxpayerId = caller.taxpayerId ?? '';
  const units = await unitsOfCall(call);
  const [first] = units;
  if (!first) return err({ code: 'NOT_CERTIFIABLE' });
  const requestHash = createHash('sha256').update(contract.canonicalJson(body)).digest('hex');
  const code = verificationCode(services.crypto.searchHash(`certificate code ${body.id}`));
  const codeHash = Buffer.from(services.crypto.searchHash(code)).toString('hex');
  const from = monthOfText(body.from);
  const to = monthOfText(body.to);
  const agency = first.taxOrgCode.slice(1);
  const reserved = await services.execute(
    reserveCertificate,
    { id: body.id, taxpayerId, agency, kind: body.kind, requestHash, codeHashHex: codeHash },
    { actor: caller.actor },
  );
  if (!reserved.ok) return reserved;
  const { certificateNo } = reserved.value;
  const existing = await certificateById(services.db.q, taxpayerId, body.id);
  if (existing && existing.state !== 'reserved') return ok(existing);
  const head: CertificateHead = {
    certificateNo,
    issuedOn: services.clock.now().date,
    issuer: issuerOf(services),
    taxpayerName: first.taxpayerName,
    taxpayerId,
    from,
    to,
    verification: {
      url: `${services.config.publicUrl}/v/${certificateNo}#${code}`,
      code: printedCode(code),
    },
    sampleSeal: services.config.demo,
  };
  const drafted = await draft(call, units, head);
  if (!drafted.ok) return drafted;
  const { form, totalFen, holder, insurances, declarationIds, billsRefundedFen } = drafted.value;
  const pdf = await press.issue(form, '社会保险费缴费证明');
  if (!pdf.ok) return err({ code: 'GLYPH_MISSING', data: { ...pdf.error } });
  const archived = await services.execute(
    archiveCertificate,
    {
      id: body.id,
      taxpayerId,
      holder,
      periods: from === to ? formatMonth(from) : `${formatMonth(from)} 至 ${formatMonth(to)}`,
      insurances,
      totalFen,
      pdfBase64: pdf.value.toString('base64'),
      sha256: createHash('sha256').update(pdf.value).digest('hex'),
      sm3: createHash('sm3').update(pdf.value).digest('hex'),
      pageTexts: pageTexts(form),
      declarationIds,
      saysPaid: true,
      refundedFen: billsRefundedFen,
    },
    { actor: caller.actor },
  );
  if (!archived.ok) return archived;
  const row = await certificateById(services.db.q, taxpayerId, body.id);
  return row ? ok(row) : err({ code: 'NOT_FOUND' });
}

async function verify(
  call: RouteCall<typeof contract.verifyCertificate>,
): Promise<Result<contract.AnswerOf<typeof contract.verifyCertificate>, Refusal>> {
  const { services, body } = call;
  const row = await certificateByNumber(services.db.q, body.certificateNo.replaceAll(/\s/g, ''));
  const given = Buffer.from(services.crypto.searchHash(typedCode(body.code)));
  // An unknown number takes the same steps as a wrong code, and gets the same answer.
  const stored = Buffer.from(row?.codeHash ?? services.crypto.searchHash(''));
  const matches = given.length === stored.length && timingSafeEqual(given, stored);
  if (!row || !matches) return err({ code: 'VERIFY_FAILED' });
  const counted = await services.execute(
    recordCheck,
    { id: row.id, taxpayerId: row.taxpayerId },
    { actor: { kind: 'system', name: 'public' } },
  );
  if (!counted.ok) return counted;
  return ok({
    state: certificateStateNames[row.state],
    title: documentTitles[row.kind],
    holder: row.holder,
    periods: row.periods,
    insurances: [...row.insurances],
    total: formatYuan(fen(row.totalFen)),
    issuedOn: row.issuedOn,
    sha256: row.sha256,
    sm3: row.sm3,
    timesVerified: counted.value.verified,
  });
}

/** The routes of certificates and of their public check. */
export function certificateRoutes(press: Press): BoundRoute[] {
  return [
    handle(contract.listUnitCertificateRows, async (call) => {
      const { from, to } = call.query;
      const units = await unitsOfCall(call);
      const lines = await unitLines(call.services, units, monthOfText(from), monthOfText(to));
      return ok({ rows: unitRowsOf(lines) });
    }),
    handle(contract.listPersonCertificateRows, async (call) => {
      const { from, to, ...rest } = call.query;
      const units = await unitsOfCall(call);
      const query = { ...rest, from: monthOfText(from), to: monthOfText(to) };
      return ok(await personRows(call.services, units, query));
    }),
    handle(contract.issueCertificate, async (call) => {
      const issued = await issue(call, press);
      return issued.ok ? ok(answerOf(issued.value)) : issued;
    }),
    handle(contract.certificateFile, async (call) => {
      const taxpayerId = call.caller.taxpayerId ?? '';
      const row = await certificateById(call.services.db.q, taxpayerId, call.params.id);
      const bytes = await certificateBytes(call.services.db.q, taxpayerId, call.params.id);
      if (!row || !bytes) return err({ code: 'NOT_FOUND' });
      const name = `缴费证明-${row.certificateNo}.pdf`;
      return ok({ file: { name, mediaType: 'application/pdf', body: bytes, inline: true } });
    }),
    handle(contract.countPrint, async (call) =>
      call.execute(recordPrint, {
        id: call.params.id,
        taxpayerId: call.caller.taxpayerId ?? '',
      }),
    ),
    handle(contract.verifyCertificate, verify),
  ];
}
