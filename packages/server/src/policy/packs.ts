import { readFileSync } from 'node:fs';
import { definePolicy, type PackData, type Policy } from '@shebao/levy';

/** The published packs, nation first: more specific ones go before it. */
const files = ['nation.json', 'zhejiang.json'];

function readPack(file: string): PackData {
  const address = new URL(`../../../../policies/${file}`, import.meta.url);
  return JSON.parse(readFileSync(address, 'utf8')) as PackData;
}

/** The packs as plain data, the form that travels to the browser. */
export const packs: readonly PackData[] = files.map(readPack);

const policy = definePolicy(packs);

/** The rules that hold in a region (GB/T 2260 code); all regions share one compiled policy so far. */
export function policyFor(_region: string): Policy {
  return policy;
}
