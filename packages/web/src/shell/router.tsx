import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { common as t } from '../messages/common.ts';
import { officePublicPages } from '../pages/office/routes.ts';
import { StartPage } from '../pages/start/StartPage.tsx';
import { verifyPages } from '../pages/verify/routes.ts';
import { NotFound, PageFailed, PublicLayout, Root } from './layouts.tsx';
import type { PageDefinition } from './pages.ts';
import { employerPages, officePages } from './registry.ts';

const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: PageFailed,
});
const open = createRoute({ getParentRoute: () => root, id: 'open', component: PublicLayout });
const employer = createRoute({
  getParentRoute: () => root,
  id: 'employer',
  component: lazyRouteComponent(() => import('./EmployerFrame.tsx')),
});
const office = createRoute({
  getParentRoute: () => root,
  id: 'office',
  component: lazyRouteComponent(() => import('./OfficeFrame.tsx')),
});
const start = createRoute({ getParentRoute: () => open, path: '/', component: StartPage });

/** Shown while a page's code is on its way. */
function Pending() {
  return (
    <main id="main" aria-busy="true">
      <p className="empty">{t.loading}</p>
    </main>
  );
}

type Layout = typeof open | typeof employer | typeof office;
const routesOf = (parent: Layout, pages: readonly PageDefinition[]) =>
  pages.map((page) =>
    createRoute({
      getParentRoute: () => parent as typeof open,
      path: page.path,
      component: lazyRouteComponent(page.load),
      pendingComponent: Pending,
      errorComponent: PageFailed,
    }),
  );

const tree = root.addChildren([
  open.addChildren([start, ...routesOf(open, [...officePublicPages, ...verifyPages])]),
  employer.addChildren(routesOf(employer, employerPages)),
  office.addChildren(routesOf(office, officePages)),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPendingMs: 0,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
});
