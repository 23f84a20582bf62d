import { openPools } from '../../packages/server/src/platform/database.ts';

/** One statement in a database, from outside the product. */
export async function inDatabase(
  url: string,
  statement: string,
): Promise<readonly Record<string, unknown>[]> {
  const pools = openPools(url, { write: 1, pipelined: 1, read: 1 }, () => undefined);
  try {
    return (await pools.write.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await pools.end();
  }
}
