export { countMissing } from './candidates.ts';
export { submitWages } from './commands.ts';
export { leadingInsurance, loadWagedPeople, type WagedPerson, wagePolicyOf } from './people.ts';
export { readWageLines, wageRoutes } from './routes.ts';
export { loadWages, type StoredWage, takeOverWages } from './store.ts';
export { wageTasks } from './tasks.ts';
export { judgeWages, type WageLine } from './wage.ts';
