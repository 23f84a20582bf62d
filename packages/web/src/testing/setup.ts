import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

/** What jsdom leaves out of the dialog element: opening, closing, and the focus of the browser. */
const dialog = HTMLDialogElement.prototype as Partial<HTMLDialogElement>;
dialog.showModal ??= function showModal(this: HTMLDialogElement) {
  this.setAttribute('open', '');
  this.querySelector<HTMLElement>('input,select,button')?.focus();
};
dialog.close ??= function close(this: HTMLDialogElement) {
  this.removeAttribute('open');
};

window.scrollTo = () => undefined;

globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

// What is waited for comes or does not; how fast is no question of these tests.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
