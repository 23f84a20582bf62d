import { listTaxpayers } from '@shebao/contract';
import { insuranceName } from '@shebao/levy';
import { useDeferredValue } from 'react';
import { common } from '../../messages/common.ts';
import { office, registration as t } from '../../messages/office.ts';
import {
  Button,
  type Column,
  DataTable,
  Dialog,
  formatInstant,
  invalidate,
  openDialog,
  Page,
  Tag,
  TextField,
  useAllPages,
  useSearchParam,
  useSession,
} from '../../shared/index.ts';
import {
  issuePassword,
  openRegistration,
  openUnitRegistration,
  type Taxpayer,
} from './register-dialogs.tsx';
import './office.css';

type Unit = Taxpayer['units'][number];

const stateTones = { none: 'calm', initial: 'wait', active: 'good' } as const;
const reading: Column<Taxpayer>[] = [
  {
    key: 'id',
    title: t.taxpayerId,
    width: 220,
    rowHeader: true,
    cell: (row) => row.taxpayerId,
  },
  {
    key: 'name',
    title: t.name,
    width: 280,
    cell: (row) => (
      <>
        {row.name} {row.creditCodeValid ? null : <Tag tone="warn">{t.codeWrong}</Tag>}
      </>
    ),
  },
  { key: 'at', title: t.registeredAt, width: 150, cell: (row) => formatInstant(row.registeredAt) },
  {
    key: 'state',
    title: t.state,
    width: 160,
    cell: (row) => <Tag tone={stateTones[row.signInState]}>{t.states[row.signInState]}</Tag>,
  },
  {
    key: 'units',
    title: t.units,
    width: 180,
    cell: (row) =>
      row.units.length > 0 ? (
        <Button kind="link" onClick={() => showUnits(row)}>
          {row.units.map((unit) => unit.unitNo).join('、')}
        </Button>
      ) : null,
  },
];

const act = async (work: Promise<unknown>) => {
  await work;
  await invalidate(listTaxpayers);
};

const writing: Column<Taxpayer>[] = [
  ...reading,
  {
    key: 'act',
    title: office.act,
    width: 240,
    cell: (row) => (
      <span className="row-actions">
        <Button kind="link" onClick={() => void act(openUnitRegistration(row))}>
          {t.addUnit}
        </Button>
        <Button kind="link" onClick={() => void act(issuePassword(row))}>
          {t.issue}
        </Button>
      </span>
    ),
  },
];

/** Taxpayers and their 单位编号; whoever may register also issues initial passwords. */
export default function TaxpayersPage() {
  const [search, setSearch] = useSearchParam('search');
  const wanted = useDeferredValue(search.trim());
  const { roles } = useSession();
  const mayRegister = roles.includes('register') || roles.includes('review');
  const list = useAllPages(listTaxpayers, wanted, {
    call: (offset, limit) => ({ query: { offset, limit, ...(wanted ? { search: wanted } : {}) } }),
    rowsOf: (answer) => answer.taxpayers,
    totalOf: (answer) => answer.total,
  });
  return (
    <Page
      title={office.taxpayers}
      intro={office.intros['taxpayers']}
      busy={list.busy}
      error={list.error}
      retry={list.refetch}
      actions={
        mayRegister ? (
          <Button kind="primary" icon="plus" onClick={() => void act(openRegistration())}>
            {t.register}
          </Button>
        ) : null
      }
    >
      <div className="filter-form">
        <TextField
          label={office.search}
          type="search"
          placeholder={office.searchTaxpayers}
          value={search}
          onChange={setSearch}
          maxLength={64}
        />
        <span className="muted">{office.count(list.total)}</span>
      </div>
      <DataTable
        name={office.taxpayers}
        columns={mayRegister ? writing : reading}
        rows={list.rows}
        rowKey={(row) => row.taxpayerId}
        rowLabel={(row) => row.taxpayerId}
        busy={list.busy}
      />
    </Page>
  );
}

const unitColumns: Column<Unit>[] = [
  { key: 'unitNo', title: t.unitNo, width: 140, rowHeader: true, cell: (row) => row.unitNo },
  { key: 'name', title: t.unitName, width: 240, cell: (row) => row.name },
  { key: 'people', title: t.people, width: 90, align: 'end', cell: (row) => row.people },
  { key: 'region', title: t.region, width: 120, cell: (row) => row.region },
  { key: 'kind', title: t.unitKind, width: 120, cell: (row) => t.unitKinds[row.unitKind] },
  {
    key: 'funding',
    title: t.fundingType,
    width: 120,
    cell: (row) => t.fundingTypes[row.fundingType],
  },
  {
    key: 'size',
    title: t.unitSize,
    width: 90,
    cell: (row) => (row.unitSize ? t.unitSizes[row.unitSize] : ''),
  },
  { key: 'risk', title: t.riskClass, width: 130, align: 'end', cell: (row) => row.riskClass },
  { key: 'float', title: t.floatFactor, width: 130, align: 'end', cell: (row) => row.floatFactor },
  {
    key: 'insurances',
    title: t.insurances,
    width: 420,
    cell: (row) => row.insurances.map(insuranceName).join('、'),
  },
];

function showUnits(taxpayer: Taxpayer): void {
  void openDialog<void>((close) => (
    <Dialog
      title={t.units}
      size="wide"
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <p>
        {taxpayer.name} {taxpayer.taxpayerId}
      </p>
      <DataTable
        name={t.units}
        columns={unitColumns}
        rows={taxpayer.units}
        rowKey={(unit) => unit.unitNo}
        rowLabel={(unit) => unit.unitNo}
        maxHeight={420}
      />
    </Dialog>
  ));
}
