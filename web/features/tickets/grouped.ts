import { useMemo, useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping, SavedView } from '../../../contract/views.ts'
import { useCall } from '../../kernel/query.ts'
import type { TicketSearch } from './list.ts'

/**
 * A list with headings is the board of its view read downwards: the groups in their order, each with its count and its
 * first 50; all of one group are a list of their own, by pages as ever.
 */
export type Group = { key: string; name: string; count: number }
export type Groups = { by: Grouping; of: readonly Group[]; more: boolean; closed: ReadonlySet<string>; turn: (key: string) => void }
export type Line =
  | { is: 'row'; key: string; row: TicketRow }
  | { is: 'head'; key: string; group: Group; closed: boolean }
  | { is: 'rest'; key: string; group: Group }
  | { is: 'cut'; key: string }

export const heightOf: Record<Line['is'], number> = { row: 78, head: 34, rest: 40, cut: 40 }

export function groupOf(row: TicketRow, by: Grouping): { key: string; name: string } {
  const some = (one: { id: string; name: string } | null) => (one ? { key: one.id, name: one.name } : { key: 'none', name: '' })
  switch (by) {
    case 'status':
      return some(row.status)
    case 'meaning':
      return { key: row.status.meaning, name: row.status.meaning }
    case 'priority':
      return { key: String(row.priority), name: String(row.priority) }
    default:
      return some(row[by])
  }
}

/** Of these rows, which a list that is held still may have from before, each under the head of its group. */
export function linesOf(rows: readonly TicketRow[], groups: Groups | undefined): Line[] {
  const lineOf = (row: TicketRow): Line => ({ is: 'row', key: row.id, row })
  if (!groups) return rows.map(lineOf)
  const inGroup = Map.groupBy(rows, (row) => groupOf(row, groups.by).key)
  const gone = [...inGroup.keys()].filter((key) => !groups.of.some((one) => one.key === key))
  const all = [...groups.of, ...gone.map((key) => ({ key, name: groupOf(inGroup.get(key)![0]!, groups.by).name, count: 0 }))]
  const lines = all.flatMap((group): Line[] => {
    const own = inGroup.get(group.key) ?? []
    if (own.length === 0) return []
    const closed = groups.closed.has(group.key)
    const head: Line = { is: 'head', key: `head:${group.key}`, group, closed }
    if (closed) return [head]
    const rest: Line[] = groups.more || group.count > own.length ? [{ is: 'rest', key: `rest:${group.key}`, group }] : []
    return [head, ...own.map(lineOf), ...rest]
  })
  return groups.more ? [...lines, { is: 'cut', key: 'cut' }] : lines
}

/** Where each line begins. */
export function startsOf(lines: readonly Line[]): Map<string, number> {
  let at = 0
  const starts = new Map<string, number>()
  for (const line of lines) {
    starts.set(line.key, at)
    at += heightOf[line.is]
  }
  return starts
}

/** The view as groups, when it is kept so and not one group alone is looked at. */
export function useGrouped(view: SavedView | undefined, search: TicketSearch) {
  const by = search.group ? null : (view?.grouping ?? null)
  const found = useCall(
    'GET /api/views/:id/board',
    { params: { id: view?.id ?? '0' }, query: { by: by ?? 'status', ...(search.sort ? { sort: search.sort } : {}) } },
    { keep: true, enabled: by !== null },
  )
  const [turned, setTurned] = useState<{ of: string | undefined; closed: ReadonlySet<string> }>({ of: undefined, closed: new Set() })
  const of = view?.id
  return useMemo(() => {
    if (by === null) return undefined
    const closed = turned.of === of ? turned.closed : new Set<string>()
    const turn = (key: string) =>
      setTurned({ of, closed: closed.has(key) ? new Set([...closed].filter((k) => k !== key)) : new Set([...closed, key]) })
    const board = found.data
    return {
      items: board?.groups.flatMap((group) => group.items),
      groups: board && { by, of: board.groups.filter((group) => group.count > 0), more: board.more, closed, turn },
      hasNextPage: false,
      isFetchingNextPage: false,
      more: () => {},
      error: found.error,
      refetch: found.refetch,
    }
  }, [by, of, turned, found.data, found.error, found.refetch])
}
