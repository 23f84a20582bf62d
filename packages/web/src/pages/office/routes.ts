import type { PageDefinition } from '../../shell/pages.ts';

/** Pages inside the office frame, after signing in: paths begin with `/office/`. */
export const officePages: readonly PageDefinition[] = [];

/** Pages without a session: `/office` (sign in), `/office/setup`. */
export const officePublicPages: readonly PageDefinition[] = [];
