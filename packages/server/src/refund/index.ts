export { checkRefunds } from './check.ts';
export { refundOfficeRoutes } from './office-routes.ts';
export { paidBack, personRefunds, type UnitRefund, unitRefunds } from './paid-back.ts';
export { refundApplicationRoutes } from './routes.ts';
export { refundTasks } from './tasks.ts';
