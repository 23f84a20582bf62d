import type { BoundRoute } from '../platform/index.ts';
import type { Access } from './access.ts';
import { officeTokenRoutes } from './office-tokens.ts';
import { sessionRoutes } from './session-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Signing in and out, passwords, users, tokens, officers. */
export function accessRoutes(access: Access): readonly BoundRoute[] {
  return [...sessionRoutes(access), ...userRoutes(access), ...officeTokenRoutes(access)];
}
