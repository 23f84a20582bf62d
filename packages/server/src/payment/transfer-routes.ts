import * as contract from '@shebao/contract';
import { err, fen, formatYuan, ok } from '@shebao/kernel';
import { sql } from 'kysely';
import {
  type BoundRoute,
  type Command,
  handle,
  type RouteCall,
  uuidFrom,
} from '../platform/index.ts';
import { authorities, postgresStore, type Store } from '../treasury/index.ts';
import { mediaTypes, writeTemplate } from '../workbook/index.ts';
import { lateFees, totalLateFee } from './bills.ts';
import { type Proof, proofOf, usedUp } from './officer-acts.ts';
import { drawVoucherNo, fenOf } from './pay.ts';
import type { PaymentPorts } from './ports.ts';
import { billLines, bills } from './tables.ts';
import {
  actOnTransfer,
  registerTransfer,
  type StatementLine,
  type TransferOrder,
} from './transfer-acts.ts';
import { readStatement, statementColumns } from './transfer-file.ts';
import { transferRows } from './transfer-queries.ts';
import { type TransferRecord, transferEvents, transfers } from './transfer-tables.ts';

/** 窗口缴费 (待报解户). */
export function transferRoutes(ports: PaymentPorts): readonly BoundRoute[] {
  return [
    handle(contract.listTransfers, (call) => list(ports, call)),
    handle(contract.getTransfer, (call) => show(ports, call)),
    handle(contract.registerTransfer, (call) => register(ports, call)),
    handle(contract.importTransfers, (call) => importStatement(ports, call)),
    handle(contract.listTransferBills, (call) => candidates(ports, call)),
    handle(contract.actOnTransfer, (call) => act(ports, call)),
    handle(contract.transferTemplate, async () => {
      const columns = statementColumns.map((column) => ({
        title: column.names[0] ?? column.key,
        kind: 'text' as const,
        width: 20,
        help: `${column.required ? '必填。' : '选填。'}${column.help}`,
      }));
      const body = await writeTemplate('待报解户对账单', columns, [example]);
      return ok({
        file: { name: '待报解户对账单导入模板.xlsx', mediaType: mediaTypes.xlsx, body },
      });
    }),
  ];
}

const example = [
  '2021-03-10',
  '20210310000001',
  '示例单位',
  '6222000000000000',
  '示例银行',
  '1234.56',
  '纳税人识别号 凭证序号 征收机关代码',
  '',
];

async function list(
  ports: PaymentPorts,
  { query, services }: RouteCall<typeof contract.listTransfers>,
) {
  const { q } = services.db;
  const where = query.state === undefined ? sql`true` : sql`state = ${query.state}`;
  const total = await sql<{
    n: number;
  }>`select count(*)::int as n from transfer where ${where}`.execute(q);
  const { rows } = await sql<{ id: string }>`select id from transfer where ${where}
    order by value_date desc, bank_serial, id limit ${query.limit} offset ${query.offset}`.execute(
    q,
  );
  const ids = rows.map(({ id }) => id);
  const found = ids.length === 0 ? [] : await ports.read.of(transfers).find({ id: ids });
  const ordered = ids.flatMap((id) => found.find((one) => one.id === id) ?? []);
  const shown = await transferRows(ports.read, ordered, ports.now().date);
  return ok({ total: total.rows[0]?.n ?? 0, transfers: shown });
}

async function show(ports: PaymentPorts, { params }: RouteCall<typeof contract.getTransfer>) {
  const found = await ports.read.of(transfers).get({ id: params.id });
  if (!found) return err({ code: 'NOT_FOUND' } as const);
  const row = await rowOf(ports, found);
  const where = { transferId: found.id };
  const events = await ports.read.of(transferEvents).find(where, { order: ['seq'] });
  return ok({ ...row, events: events.map(({ at, actor, text }) => ({ at, actor, text })) });
}

async function rowOf(ports: PaymentPorts, found: TransferRecord) {
  const [row] = await transferRows(ports.read, [found], ports.now().date);
  return row as NonNullable<typeof row>;
}

async function register(ports: PaymentPorts, call: RouteCall<typeof contract.registerTransfer>) {
  const { body, caller, services, idempotencyKey } = call;
  const [authority] = await ports.read.of(authorities).find({}, { order: ['taxOrg'], limit: 1 });
  if (!authority) return err({ code: 'NOT_FOUND' } as const);
  if (body.valueDate > ports.now().date) {
    const errors = [{ path: 'valueDate', code: 'future', detail: '到账日期不能晚于今天' }];
    return err({ code: 'INPUT_INVALID', errors } as const);
  }
  const { amount, ...told } = body;
  const line: StatementLine = {
    ...told,
    id: uuidFrom(`transfer ${caller.userId} ${idempotencyKey}`),
    taxOrg: authority.taxOrg,
    payeeAcct: authority.payee.payeeAcct,
    amountFen: fenOf(amount),
  };
  const taxVouNo = await drawVoucherNo(ports, line.taxOrg);
  const command: Command<typeof body, TransferRecord> = {
    name: 'payment.registerTransfer',
    chain: () => 'agency:treasury',
    describe: () => ({ subject: line.id, detail: { bankSerial: line.bankSerial } }),
    async run(tx, _body, { at }) {
      const store = postgresStore(tx, at, services.crypto);
      const made = await registerTransfer(store, line, caller.userName, taxVouNo);
      return made.verdict === '接受' ? ok(made.transfer) : err({ code: 'TRANSFER_EXISTS' });
    },
  };
  const done = await call.execute(command, body);
  return done.ok ? ok(await rowOf(ports, done.value)) : done;
}

type Verdict = contract.AnswerOf<typeof contract.importTransfers>['rows'][number];

async function importStatement(
  ports: PaymentPorts,
  call: RouteCall<typeof contract.importTransfers>,
) {
  const { upload, caller, services, idempotencyKey } = call;
  if (!upload) return err({ code: 'INPUT_INVALID' } as const);
  const read = await readStatement(upload.bytes, ports.now().date);
  if (!read.ok) return read;
  const known = await ports.read.of(authorities).find({}, { order: ['taxOrg'] });
  const rejected: Verdict[] = read.value.problems.map(({ rowNo, column, detail }) => ({
    row: rowNo,
    verdict: '拒绝',
    column,
    detail,
  }));
  const lines: { rowNo: number; line: StatementLine; taxVouNo: string }[] = [];
  for (const { rowNo, payeeAcct, ...told } of read.value.rows) {
    const only = known.length === 1 && payeeAcct === '' ? known[0] : undefined;
    const authority = only ?? known.find((one) => one.payee.payeeAcct === payeeAcct);
    if (!authority) {
      const detail = '不是本机构的待报解户账号，请核对收款账号';
      rejected.push({ row: rowNo, verdict: '拒绝', column: '收款账号', detail });
      continue;
    }
    const { taxOrg, payee } = authority;
    const id = uuidFrom(`transfer ${caller.userId} ${idempotencyKey} ${rowNo}`);
    const taxVouNo = await drawVoucherNo(ports, taxOrg);
    lines.push({ rowNo, line: { ...told, id, taxOrg, payeeAcct: payee.payeeAcct }, taxVouNo });
  }
  const command: Command<{ rows: number }, { matched: number; verdicts: Verdict[] }> = {
    name: 'payment.importTransfers',
    chain: () => 'agency:treasury',
    describe: (_input, output) => ({
      subject: 'statement',
      detail: { rows: lines.length, matched: output?.matched ?? 0 },
    }),
    async run(tx, _input, { at }) {
      const store = postgresStore(tx, at, services.crypto);
      return ok(await registerAll(store, lines, caller.userName));
    },
  };
  const done = await call.execute(command, { rows: lines.length });
  if (!done.ok) return done;
  const rows = [...rejected, ...done.value.verdicts].sort((a, b) => a.row - b.row);
  const count = (verdict: Verdict['verdict']) =>
    rows.filter((row) => row.verdict === verdict).length;
  return ok({
    accepted: count('接受'),
    matched: done.value.matched,
    unchanged: count('无变化'),
    rejected: count('拒绝'),
    rows,
  });
}

async function registerAll(
  store: Store,
  lines: readonly { rowNo: number; line: StatementLine; taxVouNo: string }[],
  officer: string,
) {
  const verdicts: Verdict[] = [];
  let matched = 0;
  for (const { rowNo, line, taxVouNo } of lines) {
    const { verdict, transfer } = await registerTransfer(store, line, officer, taxVouNo);
    if (verdict === '接受' && transfer.state === '待确认') matched += 1;
    const detail =
      verdict === '拒绝'
        ? `该流水号已登记过另一笔到账（${formatYuan(fen(transfer.amountFen))} 元 ${transfer.payerName}），请核对流水号`
        : verdict === '无变化'
          ? '已登记过，未重复登记'
          : transfer.reason;
    verdicts.push({ row: rowNo, verdict, column: verdict === '拒绝' ? '银行流水号' : '', detail });
  }
  return { matched, verdicts };
}

async function candidates(
  ports: PaymentPorts,
  { params, query }: RouteCall<typeof contract.listTransferBills>,
) {
  const found = await ports.read.of(transfers).get({ id: params.id });
  if (!found) return err({ code: 'NOT_FOUND' } as const);
  const where = { unitNo: query.unitNo, taxOrg: found.taxOrg, state: 'UNPAID' as const };
  const due = await ports.read.of(bills).find(where, { order: ['declaredOn', 'id'], limit: 200 });
  const rows = await Promise.all(
    due.map(async (bill) => {
      const own = { unitId: bill.unitId, billId: bill.id, orderId: null };
      const lines = await ports.read.of(billLines).find(own);
      const fee = totalLateFee(lateFees(bill.region, lines, found.valueDate));
      const total = bill.amountFen + fee;
      return {
        billId: bill.id,
        unitNo: bill.unitNo,
        unitName: bill.unitName,
        declaredOn: bill.declaredOn,
        total: formatYuan(fen(total)),
        exact: total === found.amountFen,
      };
    }),
  );
  return ok({ bills: rows });
}

async function act(ports: PaymentPorts, call: RouteCall<typeof contract.actOnTransfer>) {
  const { params, body, caller, services } = call;
  const { reauthentication, ...told } = body;
  const operation = { id: params.id, ...told };
  const problem = missing(told);
  if (problem) return err({ code: 'INPUT_INVALID', errors: [problem] } as const);
  const found = await ports.read.of(transfers).get({ id: params.id });
  if (!found) return err({ code: 'NOT_FOUND' } as const);
  const taxVouNo = body.act === 'claim' ? await drawVoucherNo(ports, found.taxOrg) : '';
  const order: TransferOrder = { ...operation, officer: caller.userName };
  const proof = proofOf(caller, reauthentication, operation);
  const command: Command<{ operation: object; proof: Proof | null }, TransferRecord> = {
    name: 'payment.transfer',
    chain: () => 'agency:treasury',
    describe: () => ({ subject: params.id, detail: { act: body.act } }),
    async run(tx, input, { at, wallAt }) {
      const used = await usedUp(tx, input.proof, 'transfer', wallAt);
      if (!used.ok) return used;
      return actOnTransfer(postgresStore(tx, at, services.crypto), order, taxVouNo);
    },
  };
  const done = await call.execute(command, { operation, proof });
  return done.ok ? ok(await rowOf(ports, done.value)) : done;
}

type Told = Omit<Parameters<typeof actOnTransfer>[1], 'id' | 'officer'>;

/** What an act needs and was not told. */
function missing(told: Told) {
  const need = (path: string, detail: string) => ({ path, code: 'missing', detail });
  const needsReason = ['claim', 'release', 'rejectPass', 'return', 'rejectReturn'];
  if (needsReason.includes(told.act) && told.reason === '') return need('reason', '请填写理由');
  if (told.act === 'claim' && told.billId === null) return need('billId', '请选择应缴费款');
  if (told.act === 'claim' && !told.evidence) return need('evidence', '请写明佐证材料');
  if (told.act === 'pass' && !told.passNo) return need('passNo', '请填写缴款书号');
  if (told.act === 'pass' && told.passedOn === null) return need('passedOn', '请填写划缴日期');
  return null;
}
