import type { FastifyInstance } from 'fastify';
import { type Access, accessRoutes, createAccess, signInStates } from './access/index.ts';
import { auditRoutes, startSealing } from './audit/index.ts';
import { certificateRoutes, certificateTasks, receiptRoutes } from './certificate/index.ts';
import { declarationRoutes, declarationTasks } from './declaration/index.ts';
import { openPress } from './document/index.ts';
import { employerRoutes, taxpayerByNo, unitsOfTaxpayer } from './employer/index.ts';
import { feedRoutes, feedTasks, playAgencies } from './feed/index.ts';
import { openPayments, paymentRoutes } from './payment/index.ts';
import type { BoundRoute, Services, TaskHandler } from './platform/index.ts';
import { policyRoutes } from './policy/index.ts';
import { refundApplicationRoutes, refundOfficeRoutes, refundTasks } from './refund/index.ts';
import { activePeople, registryRoutes } from './registry/index.ts';
import { rosterRoutes, updateTask } from './roster/index.ts';
import { loadWages, wageRoutes, wageTasks } from './wage/index.ts';

/** Something that runs as long as the service does. */
export interface Running {
  stop(): Promise<void>;
}

/** Everything the service can do: each capability adds its line here and nowhere else. */
export interface Capabilities {
  readonly access: Access;
  readonly routes: readonly BoundRoute[];
  readonly tasks: readonly TaskHandler[];
  /** Adds endpoints that are no routes of the contract. */
  extend(app: FastifyInstance): void;
  /** Starts what runs by itself (pollers, connections); stopped in reverse order. */
  start(): Promise<readonly Running[]>;
}

export async function openCapabilities(services: Services): Promise<Capabilities> {
  const { q } = services.db;
  const access = createAccess(services, {
    taxpayer: (taxpayerId) => taxpayerByNo(q, taxpayerId),
    units: (taxpayerId) => unitsOfTaxpayer(q, taxpayerId),
  });
  const press = openPress(
    services,
    services.config.demo ? '国家税务总局杭州市示例税务局' : '社会保险费征收机关',
  );
  const payments = await openPayments(services);
  return {
    access,
    routes: [
      ...accessRoutes(access),
      ...auditRoutes,
      ...employerRoutes({ signInStates, activePeople }),
      ...registryRoutes,
      ...rosterRoutes({ wagesInForce }),
      ...wageRoutes,
      ...declarationRoutes,
      ...policyRoutes,
      ...certificateRoutes(press),
      ...receiptRoutes(press),
      ...feedRoutes,
      ...paymentRoutes(payments, press),
      ...refundApplicationRoutes(payments, press),
      ...refundOfficeRoutes(payments),
    ],
    tasks: [
      updateTask as TaskHandler,
      ...wageTasks,
      ...declarationTasks,
      ...certificateTasks,
      ...feedTasks,
      ...refundTasks,
      ...payments.tasks,
    ],
    extend: (app) => payments.endpoints(app),
    start: async () => [
      startSealing(services),
      await payments.start(),
      ...(services.config.demo ? [playAgencies(services)] : []),
    ],
  };
}

/** The latest wage of each person: effective months come in ascending order. */
async function wagesInForce(...[q, unitId, personIds]: Parameters<typeof loadWages>) {
  const wages = await loadWages(q, unitId, personIds);
  return new Map(wages.map((wage) => [wage.personId, wage.wageFen]));
}
