export { auditRoutes } from './routes.ts';
export { startSealing } from './seal.ts';
export { verifyAuditLog } from './verify.ts';
