import { useSyncExternalStore } from 'react';

/** A value outside React that components follow. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly set = (value: T): void => {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Follows a store in a component. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

const openDialogs = new Store<readonly HTMLDialogElement[]>([]);

/** Notes a modal dialog as the topmost layer; call the answer when it closes. */
export function enterDialog(dialog: HTMLDialogElement): () => void {
  openDialogs.set([...openDialogs.get(), dialog]);
  return () => openDialogs.set(openDialogs.get().filter((other) => other !== dialog));
}

/** Where notices go: everything outside the topmost modal dialog is inert. */
export function useTopLayer(): HTMLElement {
  return useStore(openDialogs).at(-1) ?? document.body;
}
