export { startUpdate, updateUnit } from './commands.ts';
export { rosterRoutes } from './routes.ts';
export { peopleMatching } from './search.ts';
export {
  hasAtMost,
  loadRoster,
  type RosterPerson,
  rosterUpdatedAt,
  takeOverRoster,
} from './store.ts';
export { updateTask } from './tasks.ts';
export { findUpdate } from './updates.ts';
