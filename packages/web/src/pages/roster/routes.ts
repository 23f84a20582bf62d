import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

export const rosterPages: readonly PageDefinition[] = [
  {
    path: '/roster',
    title: '职工参保信息管理',
    group: shell.groups.month,
    does: 'roster',
    load: () => import('./RosterPage.tsx'),
  },
  {
    path: '/roster/updates/$id',
    title: '更新数据明细',
    group: null,
    does: 'roster',
    load: () => import('./ChangesPage.tsx'),
  },
];
