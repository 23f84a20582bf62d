import { Store } from './layers.ts';
import { readStored, writeStored } from './stored.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const isTheme = (value: unknown): boolean => themes.some((theme) => theme === value);
export const themeStore = new Store<Theme>(readStored<Theme>('theme', 'system', isTheme));

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

/** Chooses light, dark, or what the system says; remembered in this browser. */
export function setTheme(theme: Theme): void {
  writeStored('theme', theme);
  apply(theme);
  themeStore.set(theme);
}

apply(themeStore.get());
