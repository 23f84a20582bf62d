import type { EmployerFunction, OfficeRole } from '@shebao/contract';
import type { ComponentType } from 'react';

/** One page: its address, its name, who may open it, and its code. */
export interface PageDefinition {
  /** Path parameters as `$id`. Office pages begin with `/office/`. */
  readonly path: string;
  /** Link in the menu, level-1 heading, table. */
  readonly title: string;
  /** The list of 功能菜单 it stands in; null: reached from another page. */
  readonly group: string | null;
  /** Employer pages: needed for at least one unit. */
  readonly does?: EmployerFunction;
  /** Office pages: one of these. */
  readonly roles?: readonly OfficeRole[];
  readonly load: () => Promise<{ default: ComponentType }>;
}
