import { Link, useRouterState } from '@tanstack/react-router';
import { useId } from 'react';
import { common } from '../messages/common.ts';
import { shell as t } from '../messages/shell.ts';
import type { PageDefinition } from './pages.ts';

export interface NavigationProps {
  readonly pages: readonly PageDefinition[];
  /** On narrow screens the menu is hidden until it is asked for. */
  readonly open: boolean;
  /** The link of the page one is on: enters it anew. */
  readonly onEnterAgain: () => void;
}

/** 「功能菜单」: one list per group, named like it. */
export function Navigation({ pages, open, onEnterAgain }: NavigationProps) {
  const inMenu = pages.filter((page) => page.group !== null);
  const groups = Map.groupBy(inMenu, (page) => page.group ?? '');
  return (
    <nav
      id="navigation"
      className={open ? 'navigation open' : 'navigation'}
      aria-label={t.navigation}
    >
      {[...groups].map(([name, members]) => (
        <Group key={name} name={name} pages={members} onEnterAgain={onEnterAgain} />
      ))}
      <p className="navigation-brand">{common.product}</p>
    </nav>
  );
}

interface GroupProps {
  readonly name: string;
  readonly pages: readonly PageDefinition[];
  readonly onEnterAgain: () => void;
}

function Group({ name, pages, onEnterAgain }: GroupProps) {
  const id = useId();
  const here = useRouterState({ select: (state) => state.location.pathname });
  return (
    <section className="navigation-group">
      <p id={id}>{name}</p>
      <ul aria-labelledby={id}>
        {pages.map((page) => (
          <li key={page.path}>
            <Link
              to={page.path}
              activeOptions={{ exact: false, includeSearch: false }}
              onClick={() => {
                if (page.path === here) onEnterAgain();
              }}
            >
              {page.title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
