import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualNow, worldVariable } from './furnish.ts';
import { freePort, startServicePart } from './parts.ts';

/** Makes the demo world that later tests begin with; answers how to throw it away. */
export async function prepareWorld(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'shebao-world-'));
  const [port, nobody] = [await freePort(), await freePort()];
  const treasuryUrl = `http://127.0.0.1:${nobody}`;
  const service = await startServicePart({ dataDir: folder, port, treasuryUrl, now: usualNow });
  await service.stop();
  process.env[worldVariable] = folder;
  return () => {
    delete process.env[worldVariable];
    rmSync(folder, { recursive: true, force: true });
  };
}
