import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import { common as t } from '../messages/common.ts';
import { asApiError } from './client.ts';
import { Icon } from './Icon.tsx';
import { Store, useStore, useTopLayer } from './layers.ts';

interface Notice {
  readonly key: number;
  readonly kind: 'status' | 'alert';
  readonly text: string;
  readonly nextStep: string;
}

const notice = new Store<Notice | null>(null);
const statusMs = 6000;
let count = 0;

function show(kind: Notice['kind'], text: string, nextStep: string): void {
  count += 1;
  notice.set({ key: count, kind, text, nextStep });
}

/** Short messages above the page: one at a time. */
export const notify = {
  /** Something went well: closes itself. */
  status: (text: string): void => show('status', text, ''),
  /** A refusal: stays until it is closed or the next one comes. */
  refusal: (error: unknown): void => {
    if (typeof error === 'string') show('alert', error, '');
    else {
      const refusal = asApiError(error);
      show('alert', refusal.message, refusal.nextStep);
    }
  },
  clear: (): void => notice.set(null),
};

/** Where the messages appear; once, in the shell. Above a modal dialog they stand inside it. */
export function Notices() {
  const current = useStore(notice);
  const layer = useTopLayer();
  useEffect(() => {
    if (current?.kind !== 'status') return;
    const timer = setTimeout(() => {
      if (notice.get() === current) notice.set(null);
    }, statusMs);
    return () => clearTimeout(timer);
  }, [current]);
  if (!current) return null;
  return createPortal(
    <div className={`notice notice-${current.kind}`} key={current.key}>
      <Icon name={current.kind === 'status' ? 'check' : 'error'} />
      <div>
        <div role={current.kind}>{current.text}</div>
        {current.nextStep ? <div className="notice-next">{current.nextStep}</div> : null}
      </div>
      <button type="button" aria-label={t.closeNotice} onClick={notify.clear}>
        <Icon name="close" />
      </button>
    </div>,
    layer,
  );
}
