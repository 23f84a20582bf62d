export { policyFor } from './packs.ts';
export {
  baseYearStart,
  collectedOn,
  currentPeriod,
  dueDateOf,
  effectiveMonths,
  lateFeeOn,
  policyRefusal,
} from './policy.ts';
export { policyRoutes } from './routes.ts';
