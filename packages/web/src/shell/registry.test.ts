import { expect, test } from 'vitest';
import { employerPages, officePages } from './registry.ts';

const sources = import.meta.glob('../**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

test('every address that a page links to is the address of a page', () => {
  const paths = new Set(['/', ...[...employerPages, ...officePages].map((page) => page.path)]);
  const links = Object.entries(sources).flatMap(([file, source]) =>
    [...String(source).matchAll(/\b(?:to|todo|look)(?:=|: )["'](\/[^"']*)["']/g)].map(
      (match) => [file, match[1] ?? ''] as const,
    ),
  );
  expect(links.length).toBeGreaterThan(8);
  const known = (path: string) => paths.has(path) || path.startsWith('/office');
  expect(links.filter(([, path]) => !known(path))).toEqual([]);
});

test('no two pages share an address, and no list of the menu holds a name twice', () => {
  const all = [...employerPages, ...officePages];
  expect(new Set(all.map((page) => page.path)).size).toBe(all.length);
  const names = all.map((page) => `${page.group ?? page.path}:${page.title}`);
  expect(new Set(names).size).toBe(all.length);
});
