import { createContext, useContext } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping } from '../../../contract/views.ts'
import { endlessOf, queries } from '../../kernel/query.ts'

/** What the address says of the list. */
export type TicketSearch = {
  view?: string
  sort?: 'newest' | 'changed' | 'waiting'
  team?: string
  organisation?: string
  requester?: string
  tag?: string
  /** One group of a saved view alone. */
  by?: Grouping
  group?: string
}

/** The list that the address names; TicketsScreen shows it, the conversation steps through it. */
export const viewKeys = ['mine', 'team', 'unassigned', 'waiting', 'all-open', 'snoozed', 'resolved', 'deleted'] as const
export type ViewKey = (typeof viewKeys)[number]
export const defaultView: ViewKey = 'all-open'
export const viewOf = (search: TicketSearch): ViewKey =>
  (viewKeys as readonly string[]).includes(search.view ?? '') ? (search.view as ViewKey) : defaultView

/** A saved view stands in the address by its id. */
export const savedOf = (search: TicketSearch): string | undefined => (/^\d{1,19}$/.test(search.view ?? '') ? search.view : undefined)

export function listQuery(search: TicketSearch) {
  const view = viewOf(search)
  const { team, organisation, requester, tag } = search
  return {
    query: {
      view,
      sort: search.sort ?? (view === 'waiting' ? ('waiting' as const) : ('newest' as const)),
      limit: 50,
      ...(team ? { teamId: team } : {}),
      ...(organisation ? { organisationId: organisation } : {}),
      ...(requester ? { requesterId: requester } : {}),
      ...(tag ? { tag } : {}),
    },
  }
}
export const savedQuery = (search: TicketSearch) => ({
  params: { id: savedOf(search) ?? '0' },
  query: {
    limit: 50,
    ...(search.sort ? { sort: search.sort } : {}),
    ...(search.by && search.group ? { by: search.by, group: search.group } : {}),
  },
})
export const warmList = (search: TicketSearch): void =>
  savedOf(search)
    ? void queries.prefetchInfiniteQuery(endlessOf('GET /api/views/:id/tickets', savedQuery(search)))
    : void queries.prefetchInfiniteQuery(endlessOf('GET /api/tickets', listQuery(search)))

/** Neighbours of the open ticket, for [ and ]. */
export type Neighbours = { previous: string | undefined; next: string | undefined; step: (by: 1 | -1) => void }
export const NeighboursContext = createContext<Neighbours>({ previous: undefined, next: undefined, step: () => {} })
export const useNeighbours = (): Neighbours => useContext(NeighboursContext)

type Pages = { pages: { items: TicketRow[]; next: string | null }[] }
/** Changes a row wherever a list shows it, at once; the live stream brings the truth after it. */
export function patchRow(id: string, change: (row: TicketRow) => TicketRow): void {
  queries.setQueriesData<Pages>(
    { queryKey: ['GET /api/tickets'], predicate: (q) => q.queryKey[2] === 'endless' },
    (kept) =>
      kept && {
        ...kept,
        pages: kept.pages.map((page) => ({ ...page, items: page.items.map((row) => (row.id === id ? change(row) : row)) })),
      },
  )
}
