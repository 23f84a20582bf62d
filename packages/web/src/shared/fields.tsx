import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import { common as t } from '../messages/common.ts';
import { Icon } from './Icon.tsx';

interface FieldFrame {
  readonly label: string;
  /** The label is the accessible name only, for fields in cells. */
  readonly hideLabel?: boolean | undefined;
  readonly hint?: ReactNode;
  /** What is wrong and how to put it right. */
  readonly error?: string | undefined;
}

function useField({ label, hideLabel, hint, error }: FieldFrame) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : '']
    .filter(Boolean)
    .join(' ');
  const attributes = {
    id,
    ...(hideLabel ? { 'aria-label': label } : {}),
    ...(described ? { 'aria-describedby': described } : {}),
    ...(error ? { 'aria-invalid': true } : {}),
  };
  const frame = (control: ReactNode) =>
    hideLabel ? (
      control
    ) : (
      <div className="field">
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <div className="field-hint" id={`${id}-hint`}>
            {hint}
          </div>
        ) : null}
        {control}
        {error ? (
          <div className="field-error" id={`${id}-error`}>
            <Icon name="error" />
            {error}
          </div>
        ) : null}
      </div>
    );
  return { attributes, frame };
}

export type TextFieldProps = FieldFrame &
  Omit<ComponentProps<'input'>, 'onChange' | 'value'> & {
    readonly value: string;
    readonly onChange: (value: string) => void;
  };

/** A line of text with its label, hint and error. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel, hint, error, onChange, ...rest } = props;
  const { attributes, frame } = useField({ label, hideLabel, hint, error });
  return frame(
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...rest}
      {...attributes}
      onChange={(event) => onChange(event.target.value)}
    />,
  );
}

/** A password that may be shown. */
export function PasswordField(props: TextFieldProps) {
  const { label, hideLabel, hint, error, onChange, ...rest } = props;
  const { attributes, frame } = useField({ label, hideLabel, hint, error });
  const [shown, setShown] = useState(false);
  return frame(
    <div className="password">
      <input
        autoComplete="current-password"
        spellCheck={false}
        {...rest}
        {...attributes}
        type={shown ? 'text' : 'password'}
        onChange={(event) => onChange(event.target.value)}
      />
      <button
        type="button"
        aria-label={shown ? t.hidePassword : t.showPassword}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        <Icon name="eye" />
      </button>
    </div>,
  );
}

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export type SelectFieldProps = FieldFrame &
  Omit<ComponentProps<'select'>, 'onChange' | 'value'> & {
    /** '' : nothing chosen yet. */
    readonly value: string;
    readonly options: readonly SelectOption[];
    readonly onChange: (value: string) => void;
  };

/** A native combobox; nothing chosen shows an empty place that is no option. */
export function SelectField(props: SelectFieldProps) {
  const { label, hideLabel, hint, error, value, options, onChange, ...rest } = props;
  const { attributes, frame } = useField({ label, hideLabel, hint, error });
  return frame(
    <select
      {...rest}
      {...attributes}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {value === '' ? <option value="" disabled hidden aria-hidden="true" /> : null}
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>,
  );
}

export interface CheckboxProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  readonly indeterminate?: boolean;
  readonly disabled?: boolean | undefined;
  readonly onChange: (checked: boolean) => void;
}

/** A box to tick, named by its label. */
export function Checkbox({
  label,
  hideLabel,
  indeterminate = false,
  onChange,
  ...rest
}: CheckboxProps) {
  const box = (
    <input
      type="checkbox"
      {...rest}
      {...(hideLabel ? { 'aria-label': label } : {})}
      ref={(input) => {
        if (input) input.indeterminate = indeterminate;
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
  return hideLabel ? (
    box
  ) : (
    <label className="check">
      {box}
      <span>{label}</span>
    </label>
  );
}

export interface RadioOption {
  readonly value: string;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

export interface RadioGroupProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly options: readonly RadioOption[];
  readonly onChange: (value: string) => void;
}

/** One of several, all in sight. */
export function RadioGroup({ label, hideLabel, value, options, onChange }: RadioGroupProps) {
  const id = useId();
  return (
    <div
      role="radiogroup"
      className="radios"
      {...(hideLabel ? { 'aria-label': label } : { 'aria-labelledby': id })}
    >
      {hideLabel ? null : (
        <div className="radios-label" id={id}>
          {label}
        </div>
      )}
      {options.map((option) => (
        <label className="check" key={option.value}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
