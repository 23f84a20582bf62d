import type { PageDefinition } from '../../shell/pages.ts';

/** The public check of certificates at `/verify`, without a session. */
export const verifyPages: readonly PageDefinition[] = [];
