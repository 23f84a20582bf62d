import { declaration as t } from '../../messages/declaration.ts';
import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

/** 社保费申报 「申报记录」: where a submission leads. */
export const declarationRecordsPath: string = '/declarations';

const page = { group: shell.groups.declaration, does: 'declare' } as const;

export const declarationPages: readonly PageDefinition[] = [
  { ...page, path: '/dues/daily', title: t.daily, load: () => import('./DailyPage.tsx') },
  { ...page, path: '/dues/special', title: t.special, load: () => import('./SpecialPage.tsx') },
  {
    ...page,
    path: declarationRecordsPath,
    title: t.records,
    load: () => import('./RecordsPage.tsx'),
  },
];
