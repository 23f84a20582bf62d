import { definePolicy, type PackData, type Policy } from '@shebao/levy';
import { allPacks, nation } from '@shebao/levy/packs';

const policies = new Map<string, Policy>();

/** The packs whose rules reach a region (GB/T 2260 code), as plain data: nation, then province. */
export function packsFor(region: string): readonly PackData[] {
  const province = region.slice(0, 2);
  const own = allPacks.filter((pack) => pack !== nation && pack.region.startsWith(province));
  return [nation, ...own];
}

/** The rules that hold in a region, compiled once for each province. */
export function policyFor(region: string): Policy {
  const province = region.slice(0, 2);
  let policy = policies.get(province);
  if (!policy) {
    policy = definePolicy(packsFor(region));
    policies.set(province, policy);
  }
  return policy;
}
