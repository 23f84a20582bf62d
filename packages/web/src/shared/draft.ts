import { useCallback, useEffect, useRef, useState } from 'react';
import { readStored, writeStored } from './stored.ts';

const saveAfterMs = 250;

/**
 * What somebody has begun, kept in this browser until it is sent: survives reload, sign-out and a closed window.
 * Setting undefined removes it.
 */
export function useDraft<T>(
  name: string,
  isValid: (value: unknown) => boolean,
): [T | undefined, (next: T | undefined) => void] {
  const key = `draft.${name}`;
  const read = () => readStored<T | undefined>(key, undefined, isValid);
  const [state, setState] = useState(() => ({ key, value: read() }));
  const pending = useRef<{ key: string; value: T | undefined } | null>(null);
  const save = useCallback(() => {
    if (pending.current) writeStored(pending.current.key, pending.current.value);
    pending.current = null;
  }, []);
  useEffect(() => {
    window.addEventListener('pagehide', save);
    document.addEventListener('visibilitychange', save);
    return () => {
      save();
      window.removeEventListener('pagehide', save);
      document.removeEventListener('visibilitychange', save);
    };
  }, [save]);
  let current = state;
  if (state.key !== key) {
    save();
    current = { key, value: read() };
    setState(current);
  }
  const set = useCallback(
    (value: T | undefined) => {
      setState({ key, value });
      if (pending.current === null) setTimeout(save, saveAfterMs);
      pending.current = { key, value };
    },
    [key, save],
  );
  return [current.value, set];
}
