import {
  listTaxpayers,
  registerTaxpayer as registerTaxpayerRoute,
  registerUnit as registerUnitRoute,
} from '@shebao/contract';
import { checkCreditCode, ok } from '@shebao/kernel';
import type { Kysely } from 'kysely';
import { type BoundRoute, handle } from '../platform/index.ts';
import { registerTaxpayer, registerUnit } from './commands.ts';
import { searchTaxpayers, unitsOfTaxpayers } from './store.ts';

export type SignInState = 'none' | 'initial' | 'active';

/** What the list of taxpayers needs from capabilities that build on employers. */
export interface EmployerPorts {
  /** Whether a taxpayer's administrator ever signed in, by 纳税人识别号; absent: none. */
  signInStates(
    q: Kysely<unknown>,
    taxpayerIds: readonly string[],
  ): Promise<ReadonlyMap<string, SignInState>>;
  /** How many people are insured on, by unit id. */
  activePeople(
    q: Kysely<unknown>,
    unitIds: readonly number[],
  ): Promise<ReadonlyMap<number, number>>;
}

/** The office's 登记管理. */
export function employerRoutes(ports: EmployerPorts): BoundRoute[] {
  return [
    handle(listTaxpayers, async ({ query, services }) => {
      const { q } = services.db;
      const found = await searchTaxpayers(q, query);
      const ids = found.taxpayers.map((taxpayer) => taxpayer.taxpayerId);
      const units = await unitsOfTaxpayers(q, ids);
      const states = await ports.signInStates(q, ids);
      const people = await ports.activePeople(
        q,
        units.map((unit) => unit.id),
      );
      const taxpayers = found.taxpayers.map(({ taxpayerId, name, registeredAt }) => ({
        taxpayerId,
        name,
        registeredAt,
        creditCodeValid: checkCreditCode(taxpayerId).ok,
        signInState: states.get(taxpayerId) ?? ('none' as const),
        units: units
          .filter((unit) => unit.taxpayerId === taxpayerId)
          .map((unit) => ({
            unitNo: unit.unitNo,
            name: unit.name,
            region: unit.region,
            unitKind: unit.unitKind,
            fundingType: unit.fundingType,
            unitSize: unit.unitSize,
            riskClass: unit.riskClass,
            floatFactor: unit.floatFactor,
            insurances: [...unit.insurances],
            people: people.get(unit.id) ?? 0,
          })),
      }));
      return ok({ total: found.total, taxpayers });
    }),
    handle(registerTaxpayerRoute, (call) => call.execute(registerTaxpayer, call.body)),
    handle(registerUnitRoute, (call) =>
      call.execute(registerUnit, { ...call.body, taxpayerId: call.params.taxpayerId }),
    ),
  ];
}
