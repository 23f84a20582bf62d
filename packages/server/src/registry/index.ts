export { type Delivered, type DeliverInput, deliverCommand } from './deliver.ts';
export { DeliveryContent, deliveryColumns, readDelivery } from './delivery-file.ts';
export {
  type Document,
  documentTypes,
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
  readSpells,
  takeOverRegistry,
} from './people.ts';
export { registryRoutes } from './routes.ts';
export {
  decodeSpells,
  encodeSpells,
  insuranceByCode,
  insuranceCode,
  type Spell,
} from './spells.ts';
