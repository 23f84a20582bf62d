import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

const group = shell.groups.wage;
const does = 'wage';

export const wagePages: readonly PageDefinition[] = [
  {
    path: '/wages/daily',
    title: '日常缴费工资申报',
    group,
    does,
    load: () => import('./DailyWagePage.tsx'),
  },
  {
    path: '/wages/annual',
    title: '年度缴费工资申报',
    group,
    does,
    load: () => import('./AnnualWagePage.tsx'),
  },
  {
    path: '/wages/records',
    title: '申报记录',
    group,
    does,
    load: () => import('./WageRecordsPage.tsx'),
  },
];
