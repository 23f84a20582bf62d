import type { Bill, PaymentResult } from '@shebao/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { DialogHost, operationHash, queryClient, SessionProvider } from '../../shared/index.ts';
import { session } from '../../testing/fixtures.ts';
import { type Answerer, fakeService, Problem } from '../../testing/service.ts';
import { outcomeTitle } from './orders.ts';
import PaymentPage from './PaymentPage.tsx';
import { storedPayments } from './stored-payment.ts';

const taxpayerId = session.taxpayer?.taxpayerId ?? '';
const bill: Bill = {
  id: 'b1',
  declarationId: 'd1',
  unitNo: '33010021',
  unitName: '示例学校',
  declaredOn: '2021-03-10',
  periodFrom: '2021-02',
  periodTo: '2021-03',
  insuranceNames: '机关事业单位基本养老保险费',
  insurances: [
    { insurance: 'institutionPension', name: '机关事业单位基本养老保险费', amount: '1320.20' },
  ],
  amount: '1320.20',
  lateFee: '0.00',
  total: '1320.20',
  dueDate: '2021-03-31',
  status: '未缴费',
  payable: true,
  note: null,
  version: 7,
};
const agreement = (id: string, usable: boolean) => ({
  id,
  option: `杭州示例银行（尾号000${id}）`,
  holder: '示例学校',
  usable,
});

function result(state: PaymentResult['orders'][number]['state']): PaymentResult {
  const order = { billId: 'b1', unitNo: '33010021', taxVoucherNo: 'V1', amount: '1320.20', state };
  const message = state === '缴费失败' ? '账户余额不足，未扣款' : '';
  return {
    id: 'p',
    state: state === '扣款中' ? 'processing' : 'mixed',
    createdAt: '2021-03-10T09:00:00+08:00',
    total: '1320.20',
    account: '杭州示例银行（尾号0001）',
    orders: [{ ...order, message, nextStep: '', paidOn: null, receiptId: null }],
  };
}

function serve(more: Record<string, Answerer>) {
  return fakeService({
    'GET /bills': () => ({
      bills: [bill],
      treasury: { open: true, reason: null },
      hasAgreement: true,
    }),
    'GET /agreements': () => ({
      agreements: [agreement('1', true), agreement('9', false), agreement('2', true)],
    }),
    'POST /session/reauthentication': ({ body }) => ({
      token: `token-${(body as { operationHash: string }).operationHash}`,
      expiresAt: '',
    }),
    ...more,
  });
}

function show() {
  return render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider session={session}>
        <PaymentPage />
        <DialogHost />
      </SessionProvider>
    </QueryClientProvider>,
  );
}

async function confirmPayment(): Promise<void> {
  await userEvent.click(await screen.findByRole('checkbox', { name: '选择 33010021' }));
  await userEvent.click(screen.getByRole('button', { name: '立即缴费' }));
  await press('缴费确认', '确定');
  const proof = await screen.findByRole('dialog', { name: '安全认证' });
  await userEvent.type(within(proof).getByLabelText('申报密码'), 'secret');
  await press('安全认证', '确定');
  const choice = await screen.findByRole('dialog', { name: '选择缴费账号' });
  expect(within(choice).getByRole('radio', { name: '三方协议缴费' })).toHaveProperty(
    'checked',
    true,
  );
  const account = within(choice).getByRole('combobox', { name: '扣款账号' });
  expect(within(account).getAllByRole('option')).toHaveLength(2);
  await userEvent.selectOptions(account, '杭州示例银行（尾号0002）');
  await press('选择缴费账号', '确定');
  await press('核对缴费信息', '确认缴费');
}

async function press(dialog: string, button: string): Promise<void> {
  const shown = await screen.findByRole('dialog', { name: dialog });
  await userEvent.click(within(shown).getByRole('button', { name: button }));
}

beforeEach(() => queryClient.clear());

test('the sent order is the one that was authenticated, and its failure leaves the row payable', async () => {
  const service = serve({
    'POST /payments': ({ body }) => ({ id: (body as { id: string }).id, taskId: 't' }),
    'GET /payments': () => result('缴费失败'),
  });
  show();
  await confirmPayment();
  const failed = await screen.findByRole('alertdialog', { name: '缴费失败' });
  expect(failed.textContent).toContain('账户余额不足，未扣款');
  const [sent] = service.calls('POST /payments');
  const { reauthentication, ...body } = (sent?.body ?? {}) as Record<string, unknown>;
  expect(body).toMatchObject({
    bills: [{ id: 'b1', version: 7, total: '1320.20' }],
    agreementId: '2',
    total: '1320.20',
  });
  expect(reauthentication).toBe(`token-${operationHash(body)}`);
  expect(sent?.headers.get('idempotency-key')).toBe(body['id']);
  await userEvent.click(within(failed).getByRole('button', { name: '确定' }));
  await screen.findByRole('checkbox', { name: '选择 33010021' });
  expect(storedPayments(taxpayerId)).toEqual([]);
});

test('a lost answer is asked for after a reload and never sent again', async () => {
  let state: PaymentResult['orders'][number]['state'] = '扣款中';
  const service = serve({
    'POST /payments': () => new Problem(502, 'BAD_GATEWAY', '网关错误'),
    'GET /payments': () => result(state),
  });
  show();
  await confirmPayment();
  await screen.findByText('正在扣款 1,320.20 元，请稍候，无需再次操作');
  expect(screen.getByRole('button', { name: '立即缴费' })).toHaveProperty('disabled', true);
  const [stored] = storedPayments(taxpayerId);
  expect(stored?.total).toBe('1320.20');
  expect(storedPayments('another')).toEqual([]);
  cleanup();
  state = '待核实';
  show();
  await screen.findByRole('alertdialog', { name: '扣款结果核实中，请勿重复缴费' });
  expect(service.calls('POST /payments')).toHaveLength(1);
  expect(service.calls(`GET /payments/${stored?.id}`).length).toBeGreaterThan(1);
});

test('a unit without an agreement is sent to the counter with its papers', async () => {
  serve({
    'GET /bills': () => ({
      bills: [bill],
      treasury: { open: true, reason: null },
      hasAgreement: false,
    }),
    'GET /units/33010021/counter-notice': () => ({
      papers: ['社会保险费缴费申报表'],
      unitNo: '33010021',
      unitName: '示例学校',
      total: '1320.20',
      lastDay: '2021-03-31',
      office: '办税服务厅',
    }),
  });
  show();
  await userEvent.click(await screen.findByRole('checkbox', { name: '选择 33010021' }));
  await userEvent.click(screen.getByRole('button', { name: '立即缴费' }));
  const notice = await screen.findByRole('dialog', { name: '请到办税服务厅缴费' });
  for (const text of ['社会保险费缴费申报表', '1,320.20', '2021-03-31']) {
    expect(notice.textContent).toContain(text);
  }
  for (const name of ['打印缴费通知', '打印银行端查询缴费凭证', '关闭']) {
    within(notice).getByRole('button', { name });
  }
});

test('the least certain order names the outcome', () => {
  const mixed = (...states: PaymentResult['orders'][number]['state'][]) =>
    outcomeTitle({ ...result('缴费成功'), orders: states.flatMap((one) => result(one).orders) });
  expect(mixed('缴费成功', '缴费成功')).toBe('缴费成功');
  expect(mixed('缴费成功', '缴费失败')).toBe('缴费失败');
  expect(mixed('缴费成功', '缴费失败', '待核实')).toBe('扣款结果核实中，请勿重复缴费');
});
