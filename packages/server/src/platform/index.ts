export { actorName } from './audit-chain.ts';
export { momentAt } from './clock.ts';
export type { Config } from './config.ts';
export { ConfigError } from './config.ts';
export { isUniqueViolation } from './pg-errors.ts';
export type * from './types.ts';
