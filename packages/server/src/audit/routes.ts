import { listAudit, verifyAudit } from '@shebao/contract';
import { ok } from '@shebao/kernel';
import { sql } from 'kysely';
import { type BoundRoute, handle } from '../platform/index.ts';
import { verifyAuditLog } from './verify.ts';

interface Row {
  readonly chain: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly hash: string;
}

/** 审计: reading the log and checking it. */
export const auditRoutes: readonly BoundRoute[] = [
  handle(listAudit, async ({ query, services }) => {
    const { q } = services.db;
    const where = query.chain === undefined ? sql`true` : sql`chain = ${query.chain}`;
    const total = await sql<{ n: number }>`
      select count(*) as n from audit_entry where ${where}`.execute(q);
    const { rows } = await sql<Row>`
      select chain, seq, at, actor, action, subject, payload::jsonb->>'detail' as detail,
        encode(hash, 'hex') as hash
      from audit_entry where ${where}
      order by at desc, chain, seq desc limit ${query.limit} offset ${query.offset}`.execute(q);
    return ok({ total: total.rows[0]?.n ?? 0, entries: rows });
  }),
  handle(verifyAudit, async ({ services }) => {
    const { intact, chains, entries, breaks } = await verifyAuditLog(services.db);
    return ok({ intact, chains, entries, breaks: [...breaks] });
  }),
];
