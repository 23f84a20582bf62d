import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** A filter that lives in the address; '' removes it. */
export function useSearchParam(name: string): [string, (value: string) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = search[name];
  const set = useCallback(
    (next: string) => {
      void navigate({
        to: '.',
        replace: true,
        search: (former: Record<string, unknown>) => ({ ...former, [name]: next || undefined }),
      });
    },
    [name, navigate],
  );
  return [typeof value === 'string' || typeof value === 'number' ? String(value) : '', set];
}
