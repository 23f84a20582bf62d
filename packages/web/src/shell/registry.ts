import { certificatePages } from '../pages/certificate/routes.ts';
import { declarationPages } from '../pages/declaration/routes.ts';
import { homePages } from '../pages/home/routes.ts';
import { officePages } from '../pages/office/routes.ts';
import { paymentPages } from '../pages/payment/routes.ts';
import { refundPages } from '../pages/refund/routes.ts';
import { rosterPages } from '../pages/roster/routes.ts';
import { systemPages } from '../pages/system/routes.ts';
import { wagePages } from '../pages/wage/routes.ts';
import type { PageDefinition } from './pages.ts';

/** Every page of the employer's side, in the order of the menu. */
export const employerPages: readonly PageDefinition[] = [
  ...homePages,
  ...rosterPages,
  ...wagePages,
  ...declarationPages,
  ...paymentPages,
  ...certificatePages,
  ...refundPages,
  ...systemPages,
];

export { officePages };
