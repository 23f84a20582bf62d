import * as contract from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import type { Press } from '../document/index.ts';
import { type BoundRoute, handle, type RouteCall } from '../platform/index.ts';
import { mediaTypes } from '../workbook/index.ts';
import { alarmsOf } from './alarm-queries.ts';
import { caseDetail, caseRow, caseRows } from './case-queries.ts';
import { type CaseOrder, caseCommand, proofOf, signCommand } from './officer-acts.ts';
import type { PaymentPorts } from './ports.ts';
import { statementForm, statementSheet } from './statement-files.ts';
import {
  type LineRow,
  reconciliationDays,
  reconciliationLines,
  reconciliationOf,
  shownLine,
} from './statement-queries.ts';

/** 征收与对账: days, statements and their signature, cases, alarms. */
export function reconciliationRoutes(ports: PaymentPorts, press: Press): readonly BoundRoute[] {
  return [...statementRoutes(press), ...caseRoutes(ports)];
}

function statementRoutes(press: Press): readonly BoundRoute[] {
  return [
    handle(contract.listAlarms, async ({ services }) => {
      const alarms = await alarmsOf(services.db.q, services.clock.now());
      return ok({ alarms });
    }),
    handle(contract.listReconciliationDays, async ({ services }) =>
      ok({ days: await reconciliationDays(services.db.q) }),
    ),
    handle(contract.getReconciliation, async ({ services, params }) => {
      const day = await reconciliationOf(services.db.q, params);
      return day ? ok(day) : err({ code: 'NOT_FOUND' });
    }),
    handle(contract.listReconciliationLines, async ({ services, params, query }) => {
      const { total, rows } = await reconciliationLines(services.db.q, params, query);
      return ok({ total, lines: rows.map(shownLine) });
    }),
    handle(contract.downloadReconciliation, (call) => download(call, press)),
    handle(contract.signReconciliation, (call) => {
      const { params, body, caller } = call;
      const { reauthentication, figuresHash } = body;
      const operation = { ...params, figuresHash };
      const proof = proofOf(caller, reauthentication, operation);
      return call.execute(signCommand, { ...operation, officer: caller.userName, proof });
    }),
  ];
}

async function download(call: RouteCall<typeof contract.downloadReconciliation>, press: Press) {
  const { services, params, query } = call;
  const day = await reconciliationOf(services.db.q, params);
  if (!day) return err({ code: 'NOT_FOUND' } as const);
  const name = `对账单-${params.taxOrg}-${params.date}.${query.format}`;
  if (query.format === 'pdf') {
    const form = statementForm(day, services.clock.now().date, services.config.demo);
    const pdf = await press.issue(form, '税库银对账单');
    if (!pdf.ok) return err({ code: 'GLYPH_MISSING', data: { ...pdf.error } } as const);
    return ok({ file: { name, mediaType: 'application/pdf', body: pdf.value, inline: true } });
  }
  const rows = services.db.stream<LineRow>(
    `select line_no as "lineNo", recon_class as "reconClass", unit_no as "unitNo",
       entrust_date::text as "entrustDate", tra_no as "traNo", pack_no as "packNo",
       tax_vou_no as "taxVoucherNo", listed_fen as "listedFen", own_fen as "ownFen",
       own_state as "ownState"
     from recon_line where tax_org = $1 and chk_date = $2::date order by line_no`,
    [params.taxOrg, params.date],
  );
  const body = statementSheet(query.format, rows);
  return ok({ file: { name, mediaType: mediaTypes[query.format], body } });
}

function caseRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.listCases, async ({ query }) =>
      ok({ cases: await caseRows(ports.read, query.state) }),
    ),
    handle(contract.getCase, async ({ params }) => {
      const found = await caseDetail(ports.read, params.id);
      return found ? ok(found) : err({ code: 'NOT_FOUND' });
    }),
    handle(contract.handleCase, (call) => {
      const { reauthentication, ...act } = call.body;
      return decide(ports, call, { ...act, id: call.params.id, act: 'handle' }, reauthentication);
    }),
    handle(contract.approveCase, (call) => {
      const { reauthentication, ...act } = call.body;
      return decide(ports, call, { ...act, id: call.params.id, act: 'approve' }, reauthentication);
    }),
    handle(contract.returnCase, (call) => {
      const { reauthentication, ...act } = call.body;
      return decide(ports, call, { ...act, id: call.params.id, act: 'return' }, reauthentication);
    }),
  ];
}

async function decide(
  ports: PaymentPorts,
  call: Pick<RouteCall<typeof contract.handleCase>, 'execute' | 'services' | 'caller'>,
  order: CaseOrder,
  token: string,
) {
  const { caller, services } = call;
  const proof = proofOf(caller, token, order);
  const command = caseCommand(ports, services.crypto);
  const done = await call.execute(command, { ...order, officer: caller.userName, proof });
  return done.ok ? ok(await caseRow(ports.read, done.value)) : done;
}
