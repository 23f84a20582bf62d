import { certificate as t } from '../../messages/certificate.ts';
import { shell } from '../../messages/shell.ts';
import type { PageDefinition } from '../../shell/pages.ts';

const page = { group: shell.groups.certificate, does: 'certificate' } as const;

export const certificatePages: readonly PageDefinition[] = [
  {
    ...page,
    path: '/certificates/unit',
    title: t.unit,
    load: () => import('./UnitCertificatePage.tsx'),
  },
  {
    ...page,
    path: '/certificates/person',
    title: t.person,
    load: () => import('./PersonCertificatePage.tsx'),
  },
];
