import { type AnswerOf, ApiError, type Call, currentSession, type Route } from '@shebao/contract';
import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { api } from './client.ts';

const isPassing = (error: Error): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 503);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => isPassing(error) && count < 2,
      retryDelay: (count) => 500 * 2 ** count,
      staleTime: 2000,
      // Whoever enters a page sees what is true now, never what was there at the last visit.
      gcTime: 0,
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

const sessionMs = 5 * 60_000;
queryClient.setQueryDefaults([currentSession.name], { gcTime: sessionMs });

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

/** Reads one route now, whatever is remembered; what is shown of it is renewed as well. */
export function fetchFresh<R extends Route>(route: R, call: Call<R> = {}): Promise<AnswerOf<R>> {
  return queryClient.fetchQuery({
    queryKey: [route.name, call],
    queryFn: () => api(route, call),
    staleTime: 0,
  });
}

export interface PagesOf<R extends Route, Row> {
  readonly call: (offset: number, limit: number) => Call<R>;
  readonly rowsOf: (answer: AnswerOf<R>) => readonly Row[];
  readonly totalOf: (answer: AnswerOf<R>) => number;
  /** The first page, when it was read before. */
  readonly first?: AnswerOf<R>;
}

export const firstPage = 500;
const laterPage = 5000;

/** A long list for a table: the first rows at once, the rest while they are being looked at. */
export function useAllPages<R extends Route, Row>(
  route: R,
  key: unknown,
  pages: PagesOf<R, Row>,
): {
  readonly rows: readonly Row[];
  readonly first: AnswerOf<R> | undefined;
  readonly total: number;
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly refetch: () => void;
} {
  const page = (answer: AnswerOf<R>) => ({
    answer,
    rows: pages.rowsOf(answer),
    total: pages.totalOf(answer),
  });
  const query = useInfiniteQuery({
    queryKey: [route.name, 'pages', key],
    queryFn: async ({ pageParam }) => {
      const limit = pageParam === 0 ? firstPage : laterPage;
      return page(await api(route, pages.call(pageParam, limit)));
    },
    initialPageParam: 0,
    ...(pages.first ? { initialData: { pages: [page(pages.first)], pageParams: [0] } } : {}),
    getNextPageParam: (last, all) => {
      const here = all.reduce((sum, page) => sum + page.rows.length, 0);
      return last.rows.length > 0 && here < last.total ? here : undefined;
    },
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  return {
    rows,
    first: data?.pages[0]?.answer,
    total: data?.pages.at(-1)?.total ?? 0,
    busy: query.isPending,
    error: query.error instanceof ApiError ? query.error : null,
    refetch: () => void query.refetch(),
  };
}
