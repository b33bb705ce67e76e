import {
  hashKey,
  infiniteQueryOptions,
  keepPreviousData,
  type Query,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { type Answer, type CallName, type CallOptions, call, type Needed, problemIn } from './call.ts'
import { forgetQuery, noteQuery } from './live-position.ts'

/** Answers are kept by call name and options: `['GET /api/tickets/:id', { params: { id } }]`. The live stream says when to look anew. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (count, cause) => count < 2 && [0, 429, 502, 503, 504].includes(problemIn(cause)?.status ?? 500),
      retryDelay: (count) => 800 * 2 ** count,
    },
    mutations: { retry: false },
  },
})

queries.getQueryCache().subscribe(({ type, query }) => type === 'removed' && forgetQuery(query.queryHash))

const idOf = (options: unknown) => {
  const { params, query } = (options ?? {}) as { params?: unknown; query?: unknown }
  return { ...(params ? { params } : {}), ...(query ? { query } : {}) }
}
export const keyOf = <N extends CallName>(name: N, options?: Partial<CallOptions<N>>) => [name, idOf(options)] as const

/** Once the query has taken its answer in. */
const renewSoon = (queryKey: readonly unknown[]) => setTimeout(() => void queries.invalidateQueries({ queryKey, exact: true }))

/** Its first answer may be from before a change that is told now: nothing is kept yet that could be marked as old. */
export const isFirstOnItsWay = ({ state }: Query): boolean => state.data === undefined && state.fetchStatus === 'fetching'
export const lookAgain = (query: Query): void =>
  void query.promise?.catch(() => undefined).then(() => queries.invalidateQueries({ queryKey: query.queryKey, exact: true }))

/** For loaders and prefetching: `queries.ensureQueryData(queryOf('GET /api/me'))`. */
export const queryOf = <N extends CallName>(name: N, ...[options]: Needed<N>) =>
  queryOptions<Answer<N>>({
    queryKey: keyOf(name, options as Partial<CallOptions<N>> | undefined),
    queryFn: async ({ signal, queryKey }) => {
      const answer = await call(name, ...([{ ...options, signal }] as unknown as Needed<N>))
      if (noteQuery(hashKey(queryKey), answer, false)) renewSoon(queryKey)
      return answer
    },
  })

type Extra = { enabled?: boolean; keep?: boolean; staleTime?: number; refetchInterval?: number | false }

/** Reads: `const { data } = useCall('GET /api/tickets/:id', { params: { id } })`. `keep` shows the old answer while another is on its way. */
export function useCall<N extends CallName>(name: N, options?: CallOptions<N>, { keep, ...extra }: Extra = {}) {
  return useQuery({
    ...queryOf(name, ...([options] as Needed<N>)),
    ...extra,
    ...(keep ? { placeholderData: keepPreviousData as never } : {}),
  })
}

type Paged<N extends CallName> = Answer<N> extends { items: (infer T)[]; next: string | null } ? T : never
export const endlessOf = <N extends CallName>(name: N, options?: CallOptions<N>) =>
  infiniteQueryOptions({
    queryKey: [name, idOf(options), 'endless'] as const,
    queryFn: async ({ pageParam, signal, queryKey }) => {
      const { query } = (options ?? {}) as { query?: Record<string, unknown> }
      const answer = await call(name, ...([{ ...options, query: { ...query, after: pageParam }, signal }] as unknown as Needed<N>))
      if (noteQuery(hashKey(queryKey), answer, pageParam !== undefined)) renewSoon(queryKey)
      return answer as { items: Paged<N>[]; next: string | null } & Answer<N>
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

/** Keyset lists: `items` so far, `more()` when the end comes into sight. */
export function useEndless<N extends CallName>(name: N, options?: CallOptions<N>, { keep, ...extra }: Extra = {}) {
  const found = useInfiniteQuery({ ...endlessOf(name, options), ...extra, ...(keep ? { placeholderData: keepPreviousData as never } : {}) })
  const items = found.data?.pages.flatMap((page) => page.items as Paged<N>[])
  const more = () => {
    if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage()
  }
  return { ...found, items, more }
}

type SendExtra<N extends CallName> = {
  /** Calls whose kept answers are now old. */
  renews?: readonly CallName[]
  onDone?: (answer: Answer<N>, options: CallOptions<N>) => void
  onProblem?: (cause: unknown, options: CallOptions<N>) => void
}

/** Writes: `const save = useSend('PATCH /api/people/:id', { renews: ['GET /api/people'] }); save.mutate({ params, body, ifMatch })`. */
export function useSend<N extends CallName>(name: N, { renews = [], onDone, onProblem }: SendExtra<N> = {}) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (options: CallOptions<N>) => call(name, ...([options] as Needed<N>)),
    onSuccess: (answer, options) => {
      for (const renewed of renews) void client.invalidateQueries({ queryKey: [renewed] })
      onDone?.(answer, options)
    },
    onError: (cause, options) => onProblem?.(cause, options),
  })
}

export const renew = (...names: CallName[]) => {
  for (const name of names) void queries.invalidateQueries({ queryKey: [name] })
}
