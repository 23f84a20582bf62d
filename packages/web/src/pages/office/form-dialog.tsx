import { ApiError } from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import {
  Button,
  Checkbox,
  Dialog,
  Refusal,
  SelectField,
  type SelectOption,
  TextField,
} from '../../shared/index.ts';

/** One field of a form, named like the member of the body that it fills. */
export type FormField =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly hint?: string;
      readonly value?: string;
      readonly maxLength: number;
    }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly options: readonly SelectOption[];
    }
  | {
      readonly kind: 'checks';
      readonly name: string;
      readonly label: string;
      readonly options: readonly SelectOption[];
    };

/** What was typed and chosen, by field; boxes as the list of what is ticked. */
export interface FormValues {
  readonly text: Readonly<Record<string, string>>;
  readonly checks: Readonly<Record<string, readonly string[]>>;
}

export interface FormDialogProps<T> {
  readonly title: string;
  readonly intro?: string;
  readonly fields: readonly FormField[];
  /** Sends; an ApiError stays in the form, at the fields it names. */
  readonly send: (values: FormValues) => Promise<T>;
  readonly close: (sent?: T) => void;
}

/** A form in a dialog: nothing typed is lost when the service refuses. */
export function FormDialog<T>({ title, intro, fields, send, close }: FormDialogProps<T>) {
  const [text, setText] = useState<Record<string, string>>(() => firstValues(fields));
  const [checks, setChecks] = useState<Record<string, readonly string[]>>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setFailure(null);
    setBusy(true);
    try {
      close(await send({ text, checks }));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const problem = (name: string): string | undefined =>
    failure instanceof ApiError
      ? failure.errors.find((error) => error.path.split(/[./]/).includes(name))?.detail
      : undefined;
  return (
    <Dialog
      title={title}
      onClose={() => close()}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {common.confirm}
          </Button>
        </>
      }
    >
      {intro ? <p className="field-hint">{intro}</p> : null}
      {failure ? <Refusal error={failure} /> : null}
      <div className="form-grid">
        {fields.map((field) => (
          <OneField
            key={field.name}
            field={field}
            error={problem(field.name)}
            text={text[field.name] ?? ''}
            ticked={checks[field.name] ?? []}
            onText={(value) => setText({ ...text, [field.name]: value })}
            onTicked={(value) => setChecks({ ...checks, [field.name]: value })}
          />
        ))}
      </div>
    </Dialog>
  );
}

function firstValues(fields: readonly FormField[]): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => [field.name, field.kind === 'checks' ? '' : (field.value ?? '')]),
  );
}

interface OneFieldProps {
  readonly field: FormField;
  readonly error: string | undefined;
  readonly text: string;
  readonly ticked: readonly string[];
  readonly onText: (value: string) => void;
  readonly onTicked: (value: readonly string[]) => void;
}

function OneField({ field, error, text, ticked, onText, onTicked }: OneFieldProps) {
  if (field.kind === 'text') {
    const { label, hint, maxLength } = field;
    return (
      <TextField
        label={label}
        hint={hint}
        error={error}
        maxLength={maxLength}
        value={text}
        onChange={onText}
      />
    );
  }
  if (field.kind === 'select') {
    const { label, options } = field;
    return (
      <SelectField label={label} error={error} value={text} options={options} onChange={onText} />
    );
  }
  const toggle = (value: string, on: boolean) =>
    onTicked(on ? [...ticked, value] : ticked.filter((other) => other !== value));
  return (
    <fieldset className="checks">
      <legend>{field.label}</legend>
      {field.options.map((option) => (
        <Checkbox
          key={option.value}
          label={option.label}
          checked={ticked.includes(option.value)}
          onChange={(on) => toggle(option.value, on)}
        />
      ))}
      {error ? <div className="field-error">{error}</div> : null}
    </fieldset>
  );
}
