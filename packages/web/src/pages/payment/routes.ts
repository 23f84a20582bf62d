import { payment as t } from '../../messages/payment.ts';
import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

const page = { group: shell.groups.payment, does: 'pay' } as const;

export const paymentPages: readonly PageDefinition[] = [
  { ...page, path: '/bills', title: t.pay, load: () => import('./PaymentPage.tsx') },
  { ...page, path: '/payments', title: t.records, load: () => import('./RecordsPage.tsx') },
  { ...page, path: '/agreements', title: t.agreements, load: () => import('./AgreementsPage.tsx') },
  { ...page, path: '/vouchers', title: t.vouchers, load: () => import('./VouchersPage.tsx') },
];
