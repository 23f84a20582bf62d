import { chainHash, type Database, genesisHash } from '../platform/index.ts';
import { type SealedHeads, sealHash } from './seal.ts';

/** What a check of the whole audit log found. */
export interface AuditVerdict {
  readonly intact: boolean;
  readonly chains: number;
  readonly entries: number;
  readonly seals: number;
  /** In Chinese, which entry of which chain does not fit; at most a hundred. */
  readonly breaks: readonly string[];
}

interface EntryRow {
  readonly chain: string;
  readonly seq: number;
  readonly payload: string;
  readonly hash: Buffer;
  readonly matches: boolean;
}

interface HeadRow {
  readonly chain: string;
  readonly seq: number;
  readonly hash: Buffer;
  readonly sealedSeq: number;
}

const mostBreaks = 100;

/** Recomputes every hash: a changed, removed, added or reordered entry shows, also of the heads. */
export async function verifyAuditLog(db: Database): Promise<AuditVerdict> {
  const breaks: string[] = [];
  const report = (text: string): void => {
    if (breaks.length < mostBreaks) breaks.push(text);
  };
  const sealed = await readSeals(db, report);
  const heads = new Map<string, HeadRow>();
  const headRows = db.stream<HeadRow>(
    `select chain, seq, hash, sealed_seq as "sealedSeq" from audit_head order by chain`,
    [],
  );
  for await (const head of headRows) heads.set(head.chain, head);
  const walk = new ChainWalk(heads, sealed.heads, report);
  // The columns that people read must say what the hashed payload says.
  const entries = db.stream<EntryRow>(
    `select chain, seq, payload, hash,
       (payload::jsonb->>'chain' = chain and payload::jsonb->>'actor' = actor
        and payload::jsonb->>'action' = action and payload::jsonb->>'subject' = subject
        and (payload::jsonb->>'at')::timestamptz = at) as matches
     from audit_entry order by chain, seq`,
    [],
  );
  let count = 0;
  for await (const entry of entries) {
    walk.step(entry);
    count += 1;
  }
  walk.finish();
  return {
    intact: breaks.length === 0,
    chains: heads.size,
    entries: count,
    seals: sealed.count,
    breaks,
  };
}

type Report = (text: string) => void;

/** Follows the chains in order and compares each entry with what must come next. */
class ChainWalk {
  readonly #heads: Map<string, HeadRow>;
  readonly #sealed: ReadonlyMap<string, string>;
  readonly #report: Report;
  #chain: string | undefined;
  #seq = 0;
  #hash: Uint8Array = genesisHash;

  constructor(
    heads: ReadonlyMap<string, HeadRow>,
    sealed: ReadonlyMap<string, string>,
    report: Report,
  ) {
    this.#heads = new Map(heads);
    this.#sealed = sealed;
    this.#report = report;
  }

  step(entry: EntryRow): void {
    if (entry.chain !== this.#chain) {
      this.#close();
      this.#chain = entry.chain;
      this.#seq = 0;
      this.#hash = genesisHash;
    }
    const where = `审计链 ${entry.chain} 第 ${entry.seq} 条`;
    if (entry.seq !== this.#seq + 1) {
      this.#report(`${where}：编号不连续，缺少第 ${this.#seq + 1} 条`);
    }
    if (!entry.matches) this.#report(`${where}：显示的内容与存证内容不一致`);
    if (!chainHash(this.#hash, entry.seq, entry.payload).equals(entry.hash)) {
      this.#report(`${where}：内容或前一条已被改动`);
    }
    const sealed = this.#sealed.get(`${entry.seq} ${entry.chain}`);
    if (sealed !== undefined && sealed !== entry.hash.toString('hex')) {
      this.#report(`${where}：与封存的摘要不一致`);
    }
    this.#seq = entry.seq;
    this.#hash = entry.hash;
  }

  finish(): void {
    this.#close();
    for (const head of this.#heads.values()) {
      if (head.seq > 0) this.#report(`审计链 ${head.chain}：${head.seq} 条记录全部缺失`);
    }
  }

  #close(): void {
    if (this.#chain === undefined) return;
    const head = this.#heads.get(this.#chain);
    this.#heads.delete(this.#chain);
    if (!head) {
      this.#report(`审计链 ${this.#chain}：缺少链头`);
    } else if (head.seq !== this.#seq || !head.hash.equals(this.#hash)) {
      this.#report(`审计链 ${this.#chain}：末尾与链头不一致，应有 ${head.seq} 条`);
    }
    if (this.#sealed.has(`beyond ${this.#chain}`)) {
      const least = Number(this.#sealed.get(`beyond ${this.#chain}`));
      if (this.#seq < least) {
        this.#report(`审计链 ${this.#chain}：封存过 ${least} 条，现只有 ${this.#seq} 条`);
      }
    }
  }
}

/** Checks the global chain and answers what it fixed: `seq chain` to hash, `beyond chain` to number. */
async function readSeals(
  db: Database,
  report: Report,
): Promise<{ count: number; heads: ReadonlyMap<string, string> }> {
  const fixed = new Map<string, string>();
  let before: Uint8Array = genesisHash;
  let count = 0;
  const rows = db.stream<{ seq: number; heads: SealedHeads; hash: Buffer }>(
    'select seq, heads, hash from audit_seal order by seq',
    [],
    200,
  );
  for await (const seal of rows) {
    count += 1;
    if (seal.seq !== count) report(`封存链第 ${seal.seq} 条：编号不连续`);
    if (!sealHash(before, seal.seq, seal.heads).equals(seal.hash)) {
      report(`封存链第 ${seal.seq} 条：内容或前一条已被改动`);
    }
    for (const [chain, [seq, hash]] of Object.entries(seal.heads)) {
      fixed.set(`${seq} ${chain}`, hash);
      fixed.set(`beyond ${chain}`, String(seq));
    }
    before = seal.hash;
  }
  return { count, heads: fixed };
}
