export { actorName, chainHash, genesisHash } from './audit-chain.ts';
export { momentAt } from './clock.ts';
export type { Config } from './config.ts';
export { ConfigError } from './config.ts';
export type {
  BoundRoute,
  Caller,
  FileAnswer,
  Handler,
  RouteCall,
  Upload,
} from './http/binding.ts';
export { handle } from './http/binding.ts';
export { isUniqueViolation } from './pg-errors.ts';
export { uuidFrom } from './tx.ts';
export type * from './types.ts';
export type { Authenticator, SessionCookies } from './http/dispatch.ts';
