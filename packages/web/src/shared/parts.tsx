import type { DeclarationStatus, PaymentStatus } from '@shebao/contract';
import { type ReactNode, useEffect, useRef } from 'react';
import { common as t } from '../messages/common.ts';
import { Button } from './Button.tsx';
import { asApiError } from './client.ts';
import { formatAmount } from './format.ts';
import { Icon, type IconName } from './Icon.tsx';

export type Tone = 'good' | 'bad' | 'wait' | 'warn' | 'calm';

const toneIcons: Record<Tone, IconName> = {
  good: 'check',
  bad: 'error',
  wait: 'clock',
  warn: 'warning',
  calm: 'minus',
};

/** A state as text, sign and colour. */
export function Tag({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`tag tag-${tone}`}>
      <Icon name={toneIcons[tone]} />
      {children}
    </span>
  );
}

const statusTones: Record<DeclarationStatus | PaymentStatus | '申报成功' | '申报失败', Tone> = {
  待反馈: 'wait',
  全部申报成功: 'good',
  部分申报成功: 'warn',
  全部申报失败: 'bad',
  作废中: 'wait',
  已作废: 'calm',
  未缴费: 'calm',
  扣款中: 'wait',
  待核实: 'warn',
  已缴款未入库: 'good',
  已入库: 'good',
  已退费: 'calm',
  申报成功: 'good',
  申报失败: 'bad',
};

/** The state of a declaration, a payment or a person's result. */
export function StatusTag({ status }: { readonly status: keyof typeof statusTones }) {
  return <Tag tone={statusTones[status]}>{status}</Tag>;
}

/** An amount with separators and tabular figures. */
export function Amount({ yuan }: { readonly yuan: string | null }) {
  return <span className="amount">{yuan === null ? '' : formatAmount(yuan)}</span>;
}

export interface AlertProps {
  readonly kind: 'error' | 'warning' | 'info' | 'success';
  /** What is announced, and nothing else. */
  readonly text: string;
  /** What to do next, and links; beside the announced text. */
  readonly children?: ReactNode;
}

const alertIcons = { error: 'error', warning: 'warning', info: 'info', success: 'check' } as const;

/** A message in its place: an error is an alert, all others a status. */
export function Alert({ kind, text, children }: AlertProps) {
  return (
    <div className={`alert alert-${kind}`}>
      <Icon name={alertIcons[kind]} />
      <div>
        <div role={kind === 'error' ? 'alert' : 'status'}>{text}</div>
        {children ? <div className="alert-more">{children}</div> : null}
      </div>
    </div>
  );
}

/** A refusal of the service in its place, with the next step. */
export function Refusal({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: () => void;
}) {
  const refusal = asApiError(error);
  return (
    <Alert kind="error" text={refusal.message}>
      {refusal.nextStep}
      {retry ? (
        <Button kind="link" onClick={retry}>
          {t.retry}
        </Button>
      ) : null}
    </Alert>
  );
}

export interface PageProps {
  /** The level-1 heading, named like the link. */
  readonly title: string;
  /** Buttons at the heading's side. */
  readonly actions?: ReactNode;
  /** A line below the heading. */
  readonly intro?: ReactNode;
  readonly busy?: boolean;
  /** The page's data could not be read. */
  readonly error?: unknown;
  readonly retry?: () => void;
  readonly children?: ReactNode;
}

let pagesShown = 0;

/** A page without the common frame counts as well: the next one takes the focus. */
export function notePageShown(): void {
  pagesShown += 1;
}

/**
 * The frame of every page: one `main`, busy while it loads. A page that follows another takes the focus
 * to its heading, where people who don't see the change hear it; the first page leaves it at the top.
 */
export function Page({ title, actions, intro, busy = false, error, retry, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - ${t.product}`;
  }, [title]);
  useEffect(() => {
    notePageShown();
    if (pagesShown === 1 || document.querySelector('dialog[open]')) return;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main id="main" aria-busy={busy}>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </div>
      {intro ? <div className="page-intro">{intro}</div> : null}
      {error ? <Refusal error={error} {...(retry ? { retry } : {})} /> : null}
      {children}
    </main>
  );
}

/** Nothing to show, and why. */
export function Empty({ text = t.noData }: { readonly text?: string }) {
  return (
    <div className="empty">
      <Icon name="info" />
      <span role="status">{text}</span>
    </div>
  );
}

/** Pairs of a name and a value, for check answers. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
