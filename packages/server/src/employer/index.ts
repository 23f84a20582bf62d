export {
  creditCodeWarnings,
  registerTaxpayer,
  registerUnit,
  type TaxpayerRegistration,
  type UnitRegistration,
} from './commands.ts';
export {
  type FundingType,
  type Taxpayer,
  taxOrgCodeOf,
  type Unit,
  type UnitKind,
  type UnitSize,
} from './employer.ts';
export {
  allUnits,
  searchTaxpayers,
  taxpayerByNo,
  unitById,
  unitByNo,
  unitsByNo,
  unitsOfTaxpayer,
} from './store.ts';
