import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { MessageOf } from '@shebao/channel';
import * as contract from '@shebao/contract';
import { ok } from '@shebao/kernel';
import type { Command } from '../platform/index.ts';
import { type TestClient, testPassword, testService } from '../testing.ts';
import { closedDays, postgresStore, type Store, setAuthority } from '../treasury/index.ts';
import { usualTimes } from './advance.ts';
import { compareBankCopy } from './bank-copy.ts';
import { checkPayments, refundsOfCases } from './index.ts';
import { takeDayList } from './reconcile.ts';

const taxOrg = '133010000000';
const date = '2021-03-10';
const voucher = '330120210000000099';

/** A signed list is checked elsewhere: here it is what the inbox hands on. */
function dayList(lines: readonly Record<string, string>[]): MessageOf<'3122'> {
  const total = lines.reduce((sum, line) => sum + Number(line['TraAmt']), 0).toFixed(2);
  const count = String(lines.length);
  const head = {
    ChkDate: '20210310',
    PackNo: '03100001',
    TaxOrgCode: taxOrg,
    AllNum: count,
    AllAmt: total,
    ChildPackNum: '1',
    CurPackNo: '1',
    CurPackNum: count,
    CurPackAmt: total,
  };
  return {
    msgNo: '3122',
    head: { msgId: '20210311312200000018' },
    body: { CompHead: head, CompDeduct: lines },
  } as unknown as MessageOf<'3122'>;
}

const unknownDebit = {
  PayeeOrgCode: '330100000000',
  OriMsgNo: '1001',
  OriSendOrgCode: taxOrg,
  OriEntrustDate: '20210310',
  OriPackNo: '',
  OriTraNo: '00000077',
  OriTaxVouNo: voucher,
  TraAmt: '100.00',
  TaxDate: '20210310',
  OpStat: '90000',
  AddWord: '成功',
};

/** A closed day with one debit on the list that nobody here knows. */
async function reconciled(t: TestContext) {
  const s = await testService(t, { now: '2021-03-11T09:00:00+08:00' });
  const inStore = (work: (store: Store) => Promise<unknown>) => {
    const command: Command<null, null> = {
      name: 'test.store',
      chain: () => 'agency:test',
      describe: () => ({ subject: 'test', detail: {} }),
      run: async (tx, _input, { at }) => {
        await work(postgresStore(tx, at, s.services.crypto));
        return ok(null);
      },
    };
    return s.execute(command, null, { actor: { kind: 'system', name: 'test' } });
  };
  const payee = {
    treCode: '1101000000',
    payeeBankNo: '011331000001',
    payeeOrgCode: '330100000000',
    payeeAcct: '330100000000001',
    payeeName: '国家金库示例支库',
  };
  await inStore(async (store) => {
    await setAuthority(store, taxOrg, '示例市税务局', payee);
    const closedAt = store.at.iso;
    const day = { taxOrg, certain: true, closedAt, version: 1 };
    await store.of(closedDays).insert({ ...day, chkDate: date });
    await store.of(closedDays).insert({ ...day, chkDate: '2021-03-09' });
    await takeDayList(store, { times: usualTimes }, dayList([unknownDebit]));
  });
  return { ...s, inStore };
}

test('a bank’s copy that names a debit unknown to us is answered as not in agreement', async (t) => {
  const s = await reconciled(t);
  const line = {
    PayOpBkCode: '102331000001',
    PayAcct: '1202021099000001',
    OriTaxOrgCode: taxOrg,
    OriEntrustDate: '20210310',
    OriPackNo: '',
    OriTraNo: '00000077',
    TraAmt: '100.00',
    TaxVouNo: voucher,
    TaxPayName: '示例学校',
    ProtocolNo: '',
  };
  const head = {
    PayBkCode: '102331000000',
    ChkDate: '20210310',
    ChkAcctOrd: '0001',
    PayeeBankNo: '011331000001',
  };
  const copy = (lines: readonly object[]) =>
    ({ msgNo: '3111', body: { CompHead: head, BankCompare: lines } }) as MessageOf<'3111'>;
  const results: string[] = [];
  await s.inStore(async (store) => {
    for (const lines of [[], [line]]) {
      const { CompReturn } = await compareBankCopy(store, copy(lines));
      results.push(`${CompReturn.OriPayBankNo} ${CompReturn.Result} ${CompReturn.AddWord}`);
    }
  });
  assert.deepEqual(results.slice(-2), [
    '102331000000 90000 相符',
    '102331000000 24030 对账不符：1 笔',
  ]);
});

/** A token of 安全认证 for one act, bound to all of it. */
async function prove(client: TestClient, operation: string, body: object): Promise<string> {
  const operationHash = createHash('sha256').update(contract.canonicalJson(body)).digest('hex');
  const answer = await client.call(contract.reauthenticate, {
    body: { password: testPassword, operation, operationHash },
  });
  return String(answer.body['token']);
}

type Case = contract.AnswerOf<typeof contract.getCase>;

async function onlyCase(client: TestClient): Promise<Case> {
  const list = await client.call(contract.listCases);
  const [found] = list.body['cases'] as Case[];
  assert.ok(found);
  const one = await client.call(contract.getCase, { params: { id: found.id } });
  return one.body as unknown as Case;
}

async function act(
  client: TestClient,
  route: contract.Route,
  found: Pick<Case, 'id' | 'version'>,
  order: { readonly act: string } & Record<string, unknown>,
) {
  const { act: name, ...rest } = order;
  const body = { ...rest, version: found.version };
  const token = await prove(client, 'case', { ...body, id: found.id, act: name });
  return client.call(route, {
    params: { id: found.id },
    body: { ...body, reauthentication: token },
  });
}

test('money without a record: handled by one officer, closed by another, owed back', async (t) => {
  const s = await reconciled(t);
  const first = await s.officer('reconcile');
  const second = await s.officer('review');
  const opened = await onlyCase(first);
  assert.equal(opened.category, 'noRecord');
  assert.equal(opened.listedAmount, '100.00');
  assert.deepEqual(opened.allowed, ['refund', 'keep']);
  const papers = { reason: '查无此单，退回付款人', papers: '银行回单第 1 号' };
  const wrong = { act: 'handle', decision: 'bookPaid', ...papers };
  const invalid = await act(first, contract.handleCase, opened, wrong);
  assert.equal(invalid.body['code'], 'CASE_DECISION_INVALID');
  const order = { act: 'handle', decision: 'refund', ...papers };
  const bare = await first.call(contract.handleCase, {
    params: { id: opened.id },
    body: { version: opened.version, ...papers, decision: 'refund', reauthentication: 'x' },
  });
  assert.equal(bare.body['code'], 'REAUTHENTICATION_REQUIRED');
  const reviewer = await act(second, contract.handleCase, opened, order);
  assert.equal(reviewer.body['code'], 'FORBIDDEN');
  const handled = await act(first, contract.handleCase, opened, order);
  assert.equal(handled.body['state'], '待复核', handled.raw.toString());
  const stale = await act(second, contract.approveCase, opened, { act: 'approve' });
  assert.equal(stale.body['code'], 'CASE_CHANGED');
  const waiting = await onlyCase(second);
  const alone = await act(first, contract.approveCase, waiting, { act: 'approve' });
  assert.equal(alone.body['code'], 'CASE_SAME_OFFICER');
  const back = { act: 'return', reason: '请补银行回单' };
  const returned = await act(second, contract.returnCase, waiting, back);
  assert.equal(returned.body['state'], '待处理', returned.raw.toString());
  await act(first, contract.handleCase, await onlyCase(first), order);
  const closed = await act(second, contract.approveCase, await onlyCase(first), {
    act: 'approve',
  });
  assert.equal(closed.body['state'], '已处理');
  assert.equal(closed.body['refund'], '100.00');
  const done = await onlyCase(first);
  assert.deepEqual(
    done.history.map(({ event }) => event),
    ['提交复核', '退回', '提交复核', '复核通过'],
  );
  const [owed] = await refundsOfCases(s.services.db.q);
  assert.deepEqual([owed?.refundFen, owed?.taxVouNo, owed?.orderId], [10_000, voucher, null]);
  await assert.rejects(
    s.pools.write.query("update exception_case set closed_by = handled_by, state = '已处理'"),
    /case_two_people/,
  );
  await assert.rejects(s.pools.write.query('delete from case_event'), /append-only/);
  assert.deepEqual(await checkPayments(s.services.db.q), []);
});

test('对账单 is signed once, by its figures, when the list is complete', async (t) => {
  const s = await reconciled(t);
  const officer = await s.officer('reconcile');
  const params = { taxOrg, date };
  const read = async () => (await officer.call(contract.getReconciliation, { params })).body;
  const day = (await read()) as unknown as contract.AnswerOf<typeof contract.getReconciliation>;
  assert.equal(day.listState, '已核对');
  assert.deepEqual([day.figures.classes[4]?.count, day.figures.listedAmount], [1, '100.00']);
  assert.equal(day.balanced, false);
  assert.deepEqual(day.control.differences, [
    {
      what: '清单有，我方无记录（挂账）',
      taxVoucherNo: voucher,
      ordersAmount: null,
      otherAmount: '100.00',
    },
  ]);
  const sign = async (of: Record<string, string>, figuresHash: string) => {
    const token = await prove(officer, 'signStatement', { ...of, figuresHash });
    const body = { figuresHash, reauthentication: token };
    return officer.call(contract.signReconciliation, { params: of, body });
  };
  const early = await sign({ taxOrg, date: '2021-03-09' }, day.figuresHash);
  assert.equal(early.body['code'], 'STATEMENT_INCOMPLETE');
  const other = await sign(params, 'x'.repeat(64));
  assert.equal(other.body['code'], 'STATEMENT_CHANGED');
  const unknown = await sign({ taxOrg, date: '2020-01-01' }, day.figuresHash);
  assert.equal(unknown.body['code'], 'NOT_FOUND');
  const signed = await sign(params, day.figuresHash);
  assert.equal(signed.body['signedBy'], 'officer1', signed.raw.toString());
  const again = await sign(params, day.figuresHash);
  assert.equal(again.body['code'], 'STATEMENT_SIGNED');
  assert.equal((await read())['signedBy'], 'officer1');
  const days = await officer.call(contract.listReconciliationDays);
  const states = (days.body['days'] as { date: string; listState: string }[]).map((one) => [
    one.date,
    one.listState,
  ]);
  assert.deepEqual(states, [
    [date, '已核对'],
    ['2021-03-09', '未收到'],
  ]);
});

test('对账单 can be taken away as sheet and paper, and its lines be looked at by class', async (t) => {
  const s = await reconciled(t);
  const officer = await s.officer('auditor');
  const params = { taxOrg, date };
  const lines = await officer.call(contract.listReconciliationLines, {
    params,
    query: { reconClass: 4 },
  });
  assert.equal(lines.body['total'], 1);
  const none = await officer.call(contract.listReconciliationLines, {
    params,
    query: { reconClass: 1 },
  });
  assert.equal(none.body['total'], 0);
  const csv = await officer.call(contract.downloadReconciliation, {
    params,
    query: { format: 'csv' },
  });
  assert.match(csv.raw.toString('utf8'), /国库成功，我方无记录,,2021-03-10,00000077/);
  const pdf = await officer.call(contract.downloadReconciliation, {
    params,
    query: { format: 'pdf' },
  });
  assert.equal(pdf.raw.subarray(0, 5).toString(), '%PDF-');
  const xlsx = await officer.call(contract.downloadReconciliation, {
    params,
    query: { format: 'xlsx' },
  });
  assert.equal(xlsx.raw.subarray(0, 2).toString(), 'PK');
});

test('what has waited too long is told on the first page and in the metrics', async (t) => {
  const s = await reconciled(t);
  const kinds = async () => {
    const officer = await s.officer('reconcile');
    const { body } = await officer.call(contract.listAlarms);
    return (body['alarms'] as { kind: string }[]).map(({ kind }) => kind);
  };
  assert.deepEqual(await kinds(), ['caseOpen']);
  s.clock.pass(2 * 3_600_000 + 1);
  assert.deepEqual(await kinds(), ['listMissing', 'caseOpen']);
  const metrics = await s.app.inject({ method: 'GET', url: '/metrics' });
  assert.match(metrics.payload, /shebao_treasury_alarms\{kind="listMissing"\} 1/);
  assert.match(metrics.payload, /shebao_treasury_alarms\{kind="unclear"\} 0/);
});
