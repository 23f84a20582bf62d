export { feedRoutes } from './routes.ts';
export { checkFeed } from './store.ts';
export { feedTasks, playAgencies } from './tasks.ts';
