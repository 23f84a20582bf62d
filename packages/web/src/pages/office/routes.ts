import { office as t } from '../../messages/office.ts';
import { refundWords } from '../../messages/refund.ts';
import { transferWords } from '../../messages/transfer.ts';
import type { PageDefinition } from '../../shell/pages.ts';

const { business, control } = t.groups;

/** Where an officer lands after signing in. */
export const officeHomePath: string = '/office/home';

/** Pages inside the office frame, after signing in. */
export const officePages: readonly PageDefinition[] = [
  { path: officeHomePath, title: t.home, group: null, load: () => import('./HomePage.tsx') },
  {
    path: '/office/taxpayers',
    title: t.taxpayers,
    group: business,
    roles: ['register', 'review', 'counter', 'reconcile', 'auditor'],
    load: () => import('./TaxpayersPage.tsx'),
  },
  {
    path: '/office/deliveries',
    title: t.deliveries,
    group: business,
    roles: ['register', 'review', 'auditor'],
    load: () => import('./DeliveriesPage.tsx'),
  },
  {
    path: '/office/agreements',
    title: t.agreements,
    group: business,
    roles: ['register', 'review', 'reconcile', 'counter', 'auditor'],
    load: () => import('./AgreementsPage.tsx'),
  },
  {
    path: '/office/transfers',
    title: transferWords.title,
    group: business,
    roles: ['counter', 'review', 'reconcile', 'auditor'],
    load: () => import('./TransfersPage.tsx'),
  },
  {
    path: '/office/treasury',
    title: t.treasury,
    group: business,
    roles: ['reconcile', 'review', 'auditor'],
    load: () => import('./TreasuryPage.tsx'),
  },
  {
    path: '/office/batches',
    title: t.batches,
    group: business,
    roles: ['reconcile', 'review', 'auditor'],
    load: () => import('./BatchesPage.tsx'),
  },
  {
    path: '/office/cases',
    title: t.cases,
    group: business,
    roles: ['reconcile', 'review', 'auditor'],
    load: () => import('./CasesPage.tsx'),
  },
  {
    path: '/office/refunds',
    title: refundWords.title,
    group: business,
    roles: ['refund', 'review', 'reconcile', 'auditor'],
    load: () => import('./RefundsPage.tsx'),
  },
  {
    path: '/office/policies',
    title: t.policies,
    group: control,
    roles: ['policy', 'review', 'register', 'auditor'],
    load: () => import('./PoliciesPage.tsx'),
  },
  {
    path: '/office/officers',
    title: t.officers,
    group: control,
    roles: ['securityAdmin', 'review'],
    load: () => import('./OfficersPage.tsx'),
  },
  {
    path: '/office/audit',
    title: t.audit,
    group: control,
    roles: ['auditor', 'review'],
    load: () => import('./AuditPage.tsx'),
  },
];

/** Pages without a session. */
export const officePublicPages: readonly PageDefinition[] = [
  {
    path: '/office',
    title: t.signInTitle,
    group: null,
    load: () => import('./SignInPage.tsx'),
  },
  {
    path: '/office/setup',
    title: t.setupTitle,
    group: null,
    load: () => import('./SetupPage.tsx'),
  },
];
