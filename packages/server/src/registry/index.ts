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
  decodeSpells,
  encodeSpells,
  insuranceByCode,
  insuranceCode,
  type Spell,
} from './spells.ts';
