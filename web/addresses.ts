import type { TicketSearch } from './features/tickets/list.ts'

/** What the address of a screen may carry behind its path; whatever else stands there is dropped. */
export type Searched = Record<string, unknown>

export const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
/** Where to go after signing in: a path of ours, never another site. */
export const next = (search: Searched): { next?: string } => {
  const to = text(search['next'])
  return to && /^\/(?![/\\])/.test(to) ? { next: to } : {}
}

export const keep = <K extends string>(search: Searched, ...names: K[]): { [N in K]?: string } =>
  Object.fromEntries(names.flatMap((name) => (text(search[name]) ? [[name, text(search[name])]] : []))) as { [N in K]?: string }
export const archived = (search: Searched): { archived?: true } => (search['archived'] === true ? { archived: true } : {})
export const who = (search: Searched): { who?: 'staff' | 'requesters' } =>
  search['who'] === 'staff' || search['who'] === 'requesters' ? { who: search['who'] } : {}

export const ticketSearch = (search: Searched): TicketSearch => {
  const kept = Object.fromEntries(
    ['view', 'team', 'organisation', 'requester', 'tag', 'by', 'group'].flatMap((name) =>
      text(search[name]) ? [[name, text(search[name])]] : [],
    ),
  )
  const sort = text(search['sort'])
  return { ...kept, ...(sort === 'newest' || sort === 'changed' || sort === 'waiting' ? { sort } : {}) }
}
