import {
  type AnswerOf,
  type Call,
  issueInitialPassword,
  type listTaxpayers,
  registerTaxpayer,
  registerUnit,
} from '@shebao/contract';
import { type Insurance, insuranceName, insurances } from '@shebao/levy';
import { common } from '../../messages/common.ts';
import { office, registration as t } from '../../messages/office.ts';
import {
  Button,
  confirmDialog,
  Dialog,
  messageDialog,
  notify,
  openDialog,
  refusalDialog,
  send,
} from '../../shared/index.ts';
import { FormDialog, type FormField, type FormValues } from './form-dialog.tsx';

export type Taxpayer = AnswerOf<typeof listTaxpayers>['taxpayers'][number];
type UnitBody = NonNullable<Call<typeof registerUnit>['body']>;

/** A choice that leaves the member out. */
const notChosen = '-';
const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

async function showWarnings(done: string, warnings: readonly string[]): Promise<void> {
  if (warnings.length === 0) {
    notify.status(done);
    return;
  }
  const list = (
    <ul className="plain">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
  await messageDialog({ message: `${done}，${t.warning}`, body: list });
}

/** 登记缴费单位; the number of what was registered, or undefined when left. */
export async function openRegistration(): Promise<string | undefined> {
  const fields: FormField[] = [
    { kind: 'text', name: 'taxpayerId', label: t.taxpayerId, hint: t.registerHint, maxLength: 20 },
    { kind: 'text', name: 'name', label: t.name, maxLength: 100 },
  ];
  const register = ({ text }: FormValues) =>
    send(registerTaxpayer, {
      body: { taxpayerId: text['taxpayerId'] ?? '', name: text['name'] ?? '' },
    });
  const done = await openDialog<AnswerOf<typeof registerTaxpayer>>((close) => (
    <FormDialog title={t.register} fields={fields} send={register} close={close} />
  ));
  if (done) await showWarnings(t.registered(done.taxpayerId), done.warnings);
  return done?.taxpayerId;
}

function unitBody({ text, checks }: FormValues): UnitBody {
  const riskClass = Number(text['riskClass']);
  return {
    unitNo: text['unitNo']?.trim() ?? '',
    name: text['name'] ?? '',
    region: text['region']?.trim() ?? '',
    unitKind: text['unitKind'] as UnitBody['unitKind'],
    fundingType: text['fundingType'] as UnitBody['fundingType'],
    unitSize: text['unitSize'] === notChosen ? null : (text['unitSize'] as UnitBody['unitSize']),
    riskClass: riskClass > 0 ? riskClass : null,
    floatFactor: text['floatFactor']?.trim() || '1',
    insurances: (checks['insurances'] ?? []) as Insurance[],
  };
}

/** 登记单位编号 of a taxpayer. */
export async function openUnitRegistration(taxpayer: Taxpayer): Promise<void> {
  const none = { value: notChosen, label: office.optional };
  const classes = Array.from({ length: 8 }, (_, index) => String(index + 1));
  const select = (name: string, label: string, value: string, options: FormOptions): FormField => ({
    kind: 'select',
    name,
    label,
    value,
    options,
  });
  const fields: FormField[] = [
    { kind: 'text', name: 'unitNo', label: t.unitNo, maxLength: 20 },
    { kind: 'text', name: 'name', label: t.unitName, value: taxpayer.name, maxLength: 100 },
    {
      kind: 'text',
      name: 'region',
      label: t.region,
      hint: t.regionHint,
      value: '330100',
      maxLength: 6,
    },
    select('unitKind', t.unitKind, 'enterprise', optionsOf(t.unitKinds)),
    select('fundingType', t.fundingType, 'none', optionsOf(t.fundingTypes)),
    select('unitSize', t.unitSize, notChosen, [none, ...optionsOf(t.unitSizes)]),
    select('riskClass', t.riskClass, notChosen, [
      none,
      ...classes.map((value) => ({ value, label: value })),
    ]),
    { kind: 'text', name: 'floatFactor', label: t.floatFactor, value: '1', maxLength: 6 },
    {
      kind: 'checks',
      name: 'insurances',
      label: t.insurances,
      options: insurances.map((value) => ({ value, label: insuranceName(value) })),
    },
  ];
  const register = (values: FormValues) =>
    send(registerUnit, {
      params: { taxpayerId: taxpayer.taxpayerId },
      body: unitBody(values),
    });
  const done = await openDialog<AnswerOf<typeof registerUnit>>((close) => (
    <FormDialog
      title={t.addUnit}
      intro={`${taxpayer.name} ${taxpayer.taxpayerId}`}
      fields={fields}
      send={register}
      close={close}
    />
  ));
  if (done) await showWarnings(t.unitAdded(done.unitNo), done.warnings);
}

type FormOptions = readonly { readonly value: string; readonly label: string }[];

/** 签发初始密码: asked first, because the former password ends; shown once. */
export async function issuePassword(taxpayer: Taxpayer): Promise<void> {
  const { taxpayerId, name } = taxpayer;
  const body = (
    <>
      <p>
        {name} {taxpayerId}
      </p>
      <p className="field-hint">{t.issueHint}</p>
    </>
  );
  if (!(await confirmDialog({ message: t.issueQuestion, body }))) return;
  try {
    const issued = await send(issueInitialPassword, { params: { taxpayerId }, body: {} });
    await showSecret(t.issued, issued.initialPassword, t.issuedHint(issued.validUntil));
  } catch (error) {
    await refusalDialog(error);
  }
}

/** A password that is shown this once. */
export async function showSecret(title: string, secret: string, hint: string): Promise<void> {
  await openDialog<void>((close) => (
    <Dialog
      title={title}
      onClose={() => close()}
      footer={
        <Button kind="primary" data-autofocus onClick={() => close()}>
          {common.close}
        </Button>
      }
    >
      <p className="secret">{secret}</p>
      <p>{hint}</p>
    </Dialog>
  ));
}
