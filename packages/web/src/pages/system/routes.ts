import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

export const systemPages: readonly PageDefinition[] = [
  {
    path: '/statistics',
    title: '查询统计',
    group: shell.groups.query,
    does: 'query',
    load: () => import('./StatisticsPage.tsx'),
  },
  {
    path: '/users',
    title: '用户管理',
    group: shell.groups.system,
    does: 'administer',
    load: () => import('./UsersPage.tsx'),
  },
  {
    path: '/settings',
    title: '系统设置',
    group: shell.groups.system,
    load: () => import('./SettingsPage.tsx'),
  },
];
