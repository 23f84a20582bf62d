export { startUpdate, updateUnit } from './commands.ts';
export { rosterRoutes } from './routes.ts';
export {
  loadRoster,
  type RosterPerson,
  rosterUpdatedAt,
  searchRoster,
  takeOverRoster,
} from './store.ts';
export { updateTask } from './tasks.ts';
export { findUpdate } from './updates.ts';
