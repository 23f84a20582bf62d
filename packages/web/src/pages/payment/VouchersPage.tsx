import { type AnswerOf, listBankVouchers, voidBankVoucher } from '@shebao/contract';
import { useCallback, useMemo } from 'react';
import { payment as t } from '../../messages/payment.ts';
import {
  type ActionCall,
  Amount,
  Button,
  type Column,
  confirmDialog,
  DataTable,
  formatAmount,
  formatInstant,
  invalidate,
  notify,
  Page,
  refusalDialog,
  Tag,
  type Tone,
  useAction,
  useApi,
} from '../../shared/index.ts';
import { showVoucher } from './counter.tsx';
import { refreshPayments } from './pay.tsx';

type Voucher = AnswerOf<typeof listBankVouchers>['vouchers'][number];
type Void = (call: ActionCall<typeof voidBankVoucher>) => Promise<Voucher>;

const v = t.voucher;
const tones: Record<Voucher['state'], Tone> = {
  凭证有效: 'calm',
  银行受理中: 'wait',
  待核实: 'warn',
  已缴款未入库: 'good',
  已入库: 'good',
  已失效: 'calm',
  已作废: 'calm',
};

async function voidVoucher(voucher: Voucher, run: Void): Promise<void> {
  const body = (
    <>
      <p>
        {voucher.voucherNo}，{voucher.unitNo}，{formatAmount(voucher.amount)} 元
      </p>
      <p className="field-hint">{v.voidHint}</p>
    </>
  );
  if (!(await confirmDialog({ message: v.voidQuestion, body }))) return;
  try {
    await run({ params: { id: voucher.id }, body: {} });
    notify.status(v.voided);
  } catch (error) {
    await refusalDialog(error);
  } finally {
    await invalidate(listBankVouchers);
    await refreshPayments();
  }
}

function voucherColumns(act: (voucher: Voucher) => void, running: boolean): Column<Voucher>[] {
  return [
    {
      key: 'number',
      title: v.number,
      width: 220,
      rowHeader: true,
      cell: (row) => row.voucherNo,
    },
    { key: 'unitNo', title: t.columns.unitNo, width: 130, cell: (row) => row.unitNo },
    {
      key: 'amount',
      title: t.columns.amount,
      width: 140,
      align: 'end',
      cell: (row) => <Amount yuan={row.amount} />,
    },
    { key: 'lastDay', title: v.lastDay, width: 120, cell: (row) => row.lastDay },
    {
      key: 'state',
      title: v.state,
      width: 150,
      cell: (row) => <Tag tone={tones[row.state]}>{row.state}</Tag>,
    },
    { key: 'at', title: v.createdAt, width: 150, cell: (row) => formatInstant(row.createdAt) },
    {
      key: 'act',
      title: t.columns.act,
      width: 130,
      cell: (row) => (
        <span className="row-actions">
          <Button kind="link" onClick={() => void showVoucher(row.id, row.voucherNo)}>
            {v.print}
          </Button>
          {row.state === '凭证有效' ? (
            <Button kind="link" disabled={running} onClick={() => act(row)}>
              {v.void}
            </Button>
          ) : null}
        </span>
      ),
    },
  ];
}

/** Vouchers by which a bank finds and collects a bill; while one is valid its bill is locked. */
export default function VouchersPage() {
  const query = useApi(listBankVouchers);
  const { run, running } = useAction(voidBankVoucher);
  const act = useCallback((voucher: Voucher) => void voidVoucher(voucher, run), [run]);
  const columns = useMemo(() => voucherColumns(act, running), [act, running]);
  return (
    <Page
      title={t.vouchers}
      intro={v.intro}
      busy={query.isLoading}
      error={query.error}
      retry={() => void query.refetch()}
    >
      <DataTable
        name={t.vouchers}
        columns={columns}
        rows={query.data?.vouchers ?? []}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.voucherNo}
        busy={query.isLoading}
      />
    </Page>
  );
}
