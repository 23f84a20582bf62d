import { common } from '../../messages/common.ts';
import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

export const homePages: readonly PageDefinition[] = [
  {
    path: '/home',
    title: common.home,
    group: shell.groups.month,
    load: () => import('./HomePage.tsx'),
  },
];
