import type { ReactNode } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from './Button.tsx';
import { asApiError } from './client.ts';
import { Dialog } from './Dialog.tsx';
import { Store, useStore } from './layers.ts';
import { newId } from './stored.ts';

interface OpenDialog {
  readonly id: string;
  readonly content: ReactNode;
  /** Closes it as 「取消」 would. */
  readonly leave: () => void;
}

const stack = new Store<readonly OpenDialog[]>([]);

/** Opens a dialog and waits for what it closes with; undefined when it was left. */
export function openDialog<T>(
  render: (close: (value?: T) => void) => ReactNode,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const id = newId();
    const close = (value?: T) => {
      stack.set(stack.get().filter((dialog) => dialog.id !== id));
      resolve(value);
    };
    stack.set([...stack.get(), { id, content: render(close), leave: () => close() }]);
  });
}

/** Leaves every open dialog: the page that asked is gone. */
export function leaveDialogs(): void {
  for (const dialog of stack.get()) dialog.leave();
}

/** Where the dialogs appear; once, in the shell. */
export function DialogHost() {
  return useStore(stack).map((dialog) => <div key={dialog.id}>{dialog.content}</div>);
}

export interface QuestionOptions {
  /** The question: the dialog's whole name. */
  readonly message: string;
  /** Act, people and sum, below it. */
  readonly body?: ReactNode;
  readonly ok?: string;
  readonly cancel?: string;
  readonly size?: 'small' | 'medium' | 'wide';
}

/** Asks; true for 「确定」 (or 「是」), false for 「取消」 (「否」) and Escape. */
export async function confirmDialog(options: QuestionOptions): Promise<boolean> {
  const { message, body, ok = t.confirm, cancel = t.cancel, size = 'small' } = options;
  const answer = await openDialog<boolean>((close) => (
    <Dialog
      title={message}
      size={size}
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={
        <>
          <Button onClick={() => close(false)}>{cancel}</Button>
          <Button kind="primary" type="submit" data-autofocus>
            {ok}
          </Button>
        </>
      }
    >
      {body}
    </Dialog>
  ));
  return answer === true;
}

export interface MessageOptions {
  readonly message: string;
  readonly body?: ReactNode;
  readonly ok?: string;
  readonly role?: 'dialog' | 'alertdialog';
  readonly size?: 'small' | 'medium' | 'wide';
}

/** Tells something that wants to be read: one button. */
export async function messageDialog(options: MessageOptions): Promise<void> {
  const { message, body, ok = t.confirm, role = 'dialog', size = 'small' } = options;
  await openDialog<void>((close) => (
    <Dialog
      title={message}
      size={size}
      role={role}
      onClose={() => close()}
      onSubmit={() => close()}
      footer={
        <Button kind="primary" type="submit" data-autofocus>
          {ok}
        </Button>
      }
    >
      {body}
    </Dialog>
  ));
}

/** A refusal of the service as a dialog of its own: text, next step, and each wrong input. */
export async function refusalDialog(error: unknown): Promise<void> {
  const refusal = asApiError(error);
  await messageDialog({
    message: refusal.message,
    role: 'alertdialog',
    body: (
      <>
        {refusal.nextStep ? <p>{refusal.nextStep}</p> : null}
        {refusal.errors.length > 0 ? (
          <ul className="plain">
            {refusal.errors.slice(0, 20).map((item) => (
              <li key={`${item.path}${item.code}${item.detail}`}>{item.detail}</li>
            ))}
          </ul>
        ) : null}
      </>
    ),
  });
}
