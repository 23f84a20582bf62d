export {
  registerTaxpayer,
  registerUnit,
  type UnitRegistration,
} from './commands.ts';
export { type Unit } from './employer.ts';
export { employerRoutes } from './routes.ts';
export {
  allUnits,
  taxpayerByNo,
  unitById,
  unitByNo,
  unitsByNo,
  unitsOfTaxpayer,
} from './store.ts';
