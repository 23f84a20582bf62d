import { verify as t } from '../../messages/verify.ts';
import type { PageDefinition } from '../../shell/pages.ts';

const page = { title: t.title, group: null, load: () => import('./VerifyPage.tsx') } as const;

/** The public check of certificates, typed in or from the address behind the QR code. */
export const verifyPages: readonly PageDefinition[] = [
  { ...page, path: '/verify' },
  { ...page, path: '/v/$number' },
];
