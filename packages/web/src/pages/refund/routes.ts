import { applicationWords as t } from '../../messages/refund-application.ts';
import type { PageDefinition } from '../../shell/pages.ts';

export const refundPages: readonly PageDefinition[] = [
  {
    path: '/refunds',
    title: t.title,
    group: t.group,
    does: 'pay',
    load: () => import('./ApplicationsPage.tsx'),
  },
  {
    path: '/refunds/new',
    title: t.apply,
    group: null,
    does: 'pay',
    load: () => import('./ApplyPage.tsx'),
  },
];
