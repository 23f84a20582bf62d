export {
  creditCodeWarnings,
  registerTaxpayer,
  registerUnit,
  type TaxpayerRegistration,
  type UnitRegistration,
} from './commands.ts';
export {
  type Taxpayer,
  taxOrgCodeOf,
  type Unit,
} from './employer.ts';
export { type EmployerPorts, employerRoutes, type SignInState } from './routes.ts';
export {
  allUnits,
  searchTaxpayers,
  taxpayerByNo,
  unitById,
  unitByNo,
  unitsByNo,
  unitsOfTaxpayer,
} from './store.ts';
