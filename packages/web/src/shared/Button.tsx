import type { ComponentProps } from 'react';
import { Icon, type IconName } from './Icon.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: 'primary' | 'danger' | 'link' | 'quiet';
  readonly icon?: IconName | undefined;
  /** Under way: can't be pressed for the moment, keeps the focus, with a moving sign. */
  readonly busy?: boolean;
}

/** A button whose accessible name is exactly its text. */
export function Button(props: ButtonProps) {
  const { kind, icon, busy, className, children, onClick, ...rest } = props;
  const classes = ['button', kind && `button-${kind}`, busy && 'button-busy', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      {...(busy ? { 'aria-disabled': true } : {})}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}
