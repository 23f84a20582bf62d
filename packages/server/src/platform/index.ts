export { chainHash, genesisHash } from './audit-chain.ts';
export { momentAt } from './clock.ts';
export type {
  BoundRoute,
  Caller,
  RouteCall,
} from './http/binding.ts';
export { handle } from './http/binding.ts';
export type { Authenticator, SessionCookies } from './http/dispatch.ts';
export { uuidFrom } from './tx.ts';
export type * from './types.ts';
export { Stale, UniqueBroken } from './writes.ts';
