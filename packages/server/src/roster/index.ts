export { loadRoster, type RosterPerson } from './store.ts';
