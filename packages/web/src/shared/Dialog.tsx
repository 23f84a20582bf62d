import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import { flushSync } from 'react-dom';
import { enterDialog } from './layers.ts';

export interface DialogProps {
  /** The dialog's whole accessible name. */
  readonly title: string;
  readonly size?: 'small' | 'medium' | 'wide';
  readonly role?: 'dialog' | 'alertdialog';
  /** Escape, and the button 「取消」 or 「关闭」 of the footer. */
  readonly onClose: () => void;
  /** Enter in a field, and the footer's button of type submit. */
  readonly onSubmit?: () => void;
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

const isOpenPicker = (target: EventTarget): boolean => {
  try {
    return target instanceof HTMLElement && target.matches('select:open');
  } catch {
    return false;
  }
};

/** Lets the keyboard scroll what is longer than the window, also where nothing in it takes the focus. */
function keepScrollable(dialog: HTMLDialogElement): () => void {
  const body = dialog.querySelector<HTMLElement>('.dialog-body');
  if (!body) return () => undefined;
  const observer = new ResizeObserver(() => {
    if (body.scrollHeight > body.clientHeight) body.tabIndex = 0;
    else body.removeAttribute('tabindex');
  });
  observer.observe(body);
  return () => observer.disconnect();
}

/**
 * A modal window over the page: the browser keeps focus inside. It gives focus to what carries
 * `data-autofocus`, else to the first field; at the end to where it was, else to the page's heading.
 */
export function Dialog({ title, size = 'medium', role = 'dialog', ...props }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { onClose, onSubmit, footer, children } = props;
  useLayoutEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    // In a styled picker the option has the focus while its choice is being made.
    const active = document.activeElement;
    const opener = active?.closest('select') ?? active;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    const leave = enterDialog(dialog);
    const unwatch = keepScrollable(dialog);
    return () => {
      unwatch();
      leave();
      dialog.close();
      const goes = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      const target = goes ? opener : document.querySelector<HTMLElement>('main h1');
      target?.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isOpenPicker(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  return (
    <dialog
      ref={element}
      className={`dialog dialog-${size}`}
      aria-labelledby={id}
      aria-modal="true"
      {...(role === 'dialog' ? {} : { role })}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        if (event.target === element.current) flushSync(onClose);
      }}
    >
      <form className="dialog-frame" onSubmit={submit} noValidate>
        <h2 id={id} className="dialog-title">
          {title}
        </h2>
        {children ? <div className="dialog-body">{children}</div> : null}
        {footer ? <div className="dialog-footer">{footer}</div> : null}
      </form>
    </dialog>
  );
}
