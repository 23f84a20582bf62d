export { auditRoutes } from './routes.ts';
export { type Sealer, sealCommand, startSealing } from './seal.ts';
export { type AuditVerdict, verifyAuditLog } from './verify.ts';
