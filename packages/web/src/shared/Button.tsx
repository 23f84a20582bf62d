import type { ComponentProps } from 'react';
import { Icon, type IconName } from './Icon.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: 'primary' | 'danger' | 'link' | 'quiet';
  readonly icon?: IconName | undefined;
  /** Under way: disabled for the moment, with a moving sign. */
  readonly busy?: boolean;
}

/** A button whose accessible name is exactly its text. */
export function Button({ kind, icon, busy, className, children, disabled, ...rest }: ButtonProps) {
  const classes = ['button', kind && `button-${kind}`, busy && 'button-busy', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      disabled={disabled === true || busy === true}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}
