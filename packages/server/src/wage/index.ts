export { countMissing } from './candidates.ts';
export { type WagedPerson, leadingInsurance, loadWagedPeople, wagePolicyOf } from './people.ts';
export { submitWages } from './commands.ts';
export { readWageLines, wageRoutes } from './routes.ts';
export { loadWages, type StoredWage, takeOverWages } from './store.ts';
export { wageTasks } from './tasks.ts';
export { judgeWages, missingMonths, type WageLine, type WageVerdict } from './wage.ts';
