export { checkLevied } from './check.ts';
export { claimOverpaid, leviedFor, openOverpayments } from './overpaid.ts';
export {
  type PaidPersonRow,
  type PaidUnitRow,
  paidPersonRows,
  paidUnitRows,
} from './paid.ts';
export { type Identified, identify } from './people.ts';
export { personShares, personTotals } from './person-shares.ts';
export { type DeclaredReceipt, declaredReceipt } from './receipt.ts';
export { declarationRoutes } from './routes.ts';
export { type LeviedSpan, takeOverLevied } from './takeover.ts';
export { declarationTasks } from './tasks.ts';
