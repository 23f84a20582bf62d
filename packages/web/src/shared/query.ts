import { type AnswerOf, ApiError, type Call, type Route } from '@shebao/contract';
import {
  keepPreviousData,
  QueryClient,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query';
import { api } from './client.ts';

const isPassing = (error: Error): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 503);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => isPassing(error) && count < 2,
      retryDelay: (count) => 500 * 2 ** count,
      staleTime: 2000,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

export interface ApiOptions {
  readonly enabled?: boolean;
  /** Asks again after this many milliseconds. */
  readonly refetchMs?: number | false;
  /** Shows the former answer while another call is under way (filters, pages). */
  readonly keepPrevious?: boolean;
}

/** Reads one route; kept fresh by `invalidate` and by the service's events. */
export function useApi<R extends Route>(
  route: R,
  call: Call<R> = {},
  options: ApiOptions = {},
): UseQueryResult<AnswerOf<R>, ApiError> {
  return useQuery<AnswerOf<R>, ApiError>({
    queryKey: [route.name, call],
    queryFn: () => api(route, call),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Reads these routes again wherever they are shown. */
export function invalidate(...routes: readonly Route[]): Promise<void> {
  const names = new Set(routes.map((route) => route.name));
  return queryClient.invalidateQueries({
    predicate: (query) => names.has(String(query.queryKey[0])),
  });
}

/** The pages of a long list, fetched one after the other until everything is here. */
export async function fetchAll<R extends Route, Row>(
  route: R,
  call: (offset: number, limit: number) => Call<R>,
  rowsOf: (answer: AnswerOf<R>) => { readonly total: number; readonly rows: readonly Row[] },
): Promise<Row[]> {
  const limit = 5000;
  const all: Row[] = [];
  for (let offset = 0; ; offset += limit) {
    const { total, rows } = rowsOf(await api(route, call(offset, limit)));
    for (const row of rows) all.push(row);
    if (rows.length === 0 || all.length >= total) return all;
  }
}
