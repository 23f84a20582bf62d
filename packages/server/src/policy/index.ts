export { policyFor } from './packs.ts';
export {
  baseYearStart,
  collectedOn,
  currentPeriod,
  dueDateOf,
  effectiveMonths,
  policyRefusal,
} from './policy.ts';
export { policyRoutes } from './routes.ts';
