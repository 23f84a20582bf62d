import {
  type AnswerOf,
  listBills,
  listDeclarations,
  listDues,
  monthOverview,
  type submitDeclaration,
} from '@shebao/contract';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import { way } from '../../messages/way.ts';
import {
  type ActionCall,
  Button,
  confirmDialog,
  Dialog,
  Facts,
  formatAmount,
  invalidate,
  messageDialog,
  notify,
  openDialog,
  refusalDialog,
  waitForFeedback,
} from '../../shared/index.ts';
import { ReceiptButton } from './declaration-dialog.tsx';
import { type DueUnit, monthSpan, sumsByLevyItem } from './dues.ts';

type Send = (
  call: ActionCall<typeof submitDeclaration>,
) => Promise<AnswerOf<typeof submitDeclaration>>;

/**
 * Submits one 单位编号 after the other, each with its own reminder, check and feedback.
 * Tells whether at least one was sent; a refusal or 「取消」 ends the row.
 */
export async function submitUnits(units: readonly DueUnit[], send: Send): Promise<boolean> {
  if (units.length > 1) {
    const list = t.oneByOneList(units.map((unit) => unit.unitNo));
    const go = await confirmDialog({ message: t.oneByOne, body: list, ok: t.oneByOneOk });
    if (!go) return false;
  }
  let sent = false;
  for (const [index, unit] of units.entries()) {
    if (!(await submitUnit(unit, units[index + 1], send))) break;
    sent = true;
  }
  return sent;
}

async function submitUnit(unit: DueUnit, next: DueUnit | undefined, send: Send): Promise<boolean> {
  const facts = t.reminderFacts(unit.unitNo, unit.people, formatAmount(unit.total));
  if (!(await confirmDialog({ message: t.reminder, body: <p>{facts}</p> }))) return false;
  const sure = await openDialog<boolean>((close) => <CheckAnswers unit={unit} close={close} />);
  if (!sure) return false;
  try {
    const { version, total, unitNo } = unit;
    const body = (id: string) => ({ id, version, total });
    const { taskId, id, receiptNo } = await send({ params: { unitNo }, body });
    notify.status(t.submitted);
    const task = await waitForFeedback({ taskId });
    await refresh();
    if (task) {
      const more = next ? <p>{t.answeredNext(next.unitNo)}</p> : null;
      const lastDay = unit.items.map((item) => item.dueDate).reduce((a, b) => (a > b ? a : b), '');
      const body = task.failure ? (
        <p>{task.failure}</p>
      ) : (
        <>
          <Facts
            rows={[
              [way.receiptNo, receiptNo],
              [way.next, way.payNext(lastDay)],
            ]}
          />
          <ReceiptButton unitNo={unitNo} id={id} act="submission" />
          {more}
        </>
      );
      await messageDialog({ message: t.answered, body, size: 'medium' });
    }
    return true;
  } catch (error) {
    await refresh();
    await refusalDialog(error);
    return false;
  }
}

/** Reads again what a submission or a void changes. */
export async function refresh(): Promise<void> {
  await invalidate(listDues, listDeclarations, listBills, monthOverview);
}

interface CheckProps {
  readonly unit: DueUnit;
  readonly close: (sure?: boolean) => void;
}

/** 提交信息确认: unit, periods, people and the sum of each 征收品目. */
function CheckAnswers({ unit, close }: CheckProps) {
  const sums = sumsByLevyItem(unit.items);
  return (
    <Dialog
      title={t.confirmTitle}
      size="medium"
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={
        <>
          <Button onClick={() => close(false)}>{common.cancel}</Button>
          <Button kind="primary" type="submit" data-autofocus>
            {t.submitNow}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t.columns.unitNo, unit.unitNo],
          [t.unitName, unit.unitName],
          [t.columns.period, monthSpan(unit.items.map((item) => item.period))],
          [t.columns.people, String(unit.people)],
          [t.total, formatAmount(unit.total)],
        ]}
      />
      <table aria-label={t.columns.levyItem} className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t.columns.levyItem}</th>
            <th scope="col" className="end">
              {t.columns.people}
            </th>
            <th scope="col" className="end">
              {t.columns.amount}
            </th>
            <th scope="col" className="end">
              {t.columns.lateFee}
            </th>
          </tr>
        </thead>
        <tbody>
          {sums.map((sum) => (
            <tr key={sum.levyItem}>
              <th scope="row">{sum.levyItem}</th>
              <td className="end">{sum.people}</td>
              <td className="end">{formatAmount(sum.amountDue)}</td>
              <td className="end">{formatAmount(sum.lateFee)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.total}</th>
            <td className="end">{unit.people}</td>
            <td className="end">{formatAmount(unit.amountDue)}</td>
            <td className="end">{formatAmount(unit.lateFee)}</td>
          </tr>
        </tfoot>
      </table>
    </Dialog>
  );
}
