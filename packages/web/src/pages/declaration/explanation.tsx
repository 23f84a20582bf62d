import { explainDeclared, explainDue } from '@shebao/contract';
import { useQuery } from '@tanstack/react-query';
import { common } from '../../messages/common.ts';
import { declaration as t } from '../../messages/declaration.ts';
import { api, Button, Dialog, formatAmount, openDialog, Refusal } from '../../shared/index.ts';

export interface Explained {
  readonly unitNo: string;
  readonly key: string;
  /** One person's amount; absent: the whole line. */
  readonly personId?: string;
  /** A declaration that holds the line; absent: it is still due. */
  readonly declarationId?: string;
}

function explanationOf({ unitNo, key, personId, declarationId }: Explained) {
  const query = personId === undefined ? {} : { personId };
  return declarationId === undefined
    ? api(explainDue, { params: { unitNo, key }, query })
    : api(explainDeclared, { params: { unitNo, key, id: declarationId }, query });
}

function Explanation({ of, close }: { readonly of: Explained; readonly close: () => void }) {
  const query = useQuery({
    queryKey: [explainDue.name, of.unitNo, of.key, of.personId ?? '', of.declarationId ?? ''],
    queryFn: () => explanationOf(of),
  });
  return (
    <Dialog
      title={t.explanation}
      onClose={close}
      footer={
        <Button data-autofocus onClick={close}>
          {common.close}
        </Button>
      }
    >
      {query.error ? <Refusal error={query.error} /> : null}
      {query.data ? (
        <>
          <p>{query.data.title}</p>
          <ol className="explanation">
            {query.data.steps.map((step) => (
              <li key={step.label}>
                <div className="explanation-head">
                  <span>{step.label}</span>
                  <strong className="amount">{step.value}</strong>
                </div>
                <div>{step.sentence}</div>
                {step.basis ? (
                  <div className="field-hint">
                    {t.basis}：{step.basis}
                  </div>
                ) : null}
              </li>
            ))}
          </ol>
        </>
      ) : null}
      {query.isLoading ? <p>{common.loading}</p> : null}
    </Dialog>
  );
}

/** An amount that explains itself: wage, rounding, bound, rate, amount, each with its legal basis. */
export function ExplainedAmount({ yuan, of }: { readonly yuan: string; readonly of: Explained }) {
  const open = () => void openDialog((close) => <Explanation of={of} close={() => close()} />);
  return (
    <Button kind="link" className="amount" aria-haspopup="dialog" onClick={open}>
      {formatAmount(yuan)}
    </Button>
  );
}
