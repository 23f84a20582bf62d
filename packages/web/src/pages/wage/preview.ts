import { policyPack, type SessionInfo } from '@shebao/contract';
import { type Fen, parseMonth } from '@shebao/kernel';
import { baseFor, definePolicy, type Insurance, type PackData, type Policy } from '@shebao/levy';
import { useQuery } from '@tanstack/react-query';
import { api, isRecord } from '../../shared/index.ts';

type Unit = SessionInfo['units'][number];

const isPack = (value: unknown): value is PackData =>
  isRecord(value) && Array.isArray(value['bounds']);

/** The packs in what the service gives: one, or one per level of the region. */
function packsOf(pack: unknown): readonly PackData[] {
  if (isPack(pack)) return [pack];
  const list = isRecord(pack) ? pack['packs'] : pack;
  return Array.isArray(list) ? list.filter(isPack) : [];
}

/** The rules of the unit's region in the service's version, for the engine in the browser; undefined until they are here. */
export function usePolicy(region: string, version: string | undefined): Policy | undefined {
  return useQuery({
    queryKey: [policyPack.name, region, version],
    enabled: version !== undefined,
    queryFn: async () => {
      const answer = await api(policyPack, { params: { region } });
      const packs = packsOf(answer.pack);
      return packs.length > 0 ? definePolicy(packs) : null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    select: (policy) => policy ?? undefined,
  }).data;
}

export interface BasePreview {
  readonly baseFen: Fen;
  readonly clamped: 'floor' | 'cap' | null;
}

/** The insurance whose base stands for the row. */
const leadingInsurance = (unit: Unit): Insurance =>
  unit.unitKind === 'institution' || unit.unitKind === 'government'
    ? 'institutionPension'
    : 'enterprisePension';

/** 缴费基数 of a wage in a month by the same engine that the service uses; undefined where it has no rule. */
export function previewBase(
  policy: Policy,
  unit: Unit,
  month: string,
  wage: Fen,
  asOf: string,
): BasePreview | undefined {
  const period = parseMonth(month);
  if (!period.ok) return undefined;
  const found = baseFor(policy, unit.region, leadingInsurance(unit), period.value, wage, asOf);
  return found.ok ? { baseFen: found.value.baseFen, clamped: found.value.clamped } : undefined;
}
