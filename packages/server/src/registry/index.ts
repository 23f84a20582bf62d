export { agencies, agencyNames, insurancesOf } from './agency.ts';
export { deliverCommand } from './deliver.ts';
export { DeliveryContent, readDelivery } from './delivery-file.ts';
export {
  findByIdentity,
  identityNumbers,
  maskIdentity,
  type PersonDocument,
  personDocuments,
  personNumber,
  resolveIdentities,
} from './identity.ts';
export {
  activePeople,
  lockRegistry,
  personRows,
  type RegistryPerson,
  takeOverRegistry,
} from './people.ts';
export { registryRoutes } from './routes.ts';
export {
  insuranceByCode,
  type Spell,
} from './spells.ts';
