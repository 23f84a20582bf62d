export { receiptRoutes } from './receipt-issue.ts';
export { certificateRoutes } from './routes.ts';
export { certificateTasks } from './tasks.ts';
