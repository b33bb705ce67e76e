import type { TicketLinks } from '../../../contract/relations.ts'
import { call } from '../../kernel/call.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { keyOf, queries, renew, useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { putTicket, ticketKey } from '../tickets/edit.ts'
import { refreshRows } from '../tickets/refresh-lists.ts'
import { relationTexts } from './texts.ts'

const linksKey = (id: string) => keyOf('GET /api/tickets/:id/links', { params: { id } })
export function putLinks(id: string, links: TicketLinks): void {
  queries.setQueryData(linksKey(id), links)
  renew('GET /api/tickets/:id/timeline')
}

/** After something that moved messages about: both tickets, what hangs on them, and the lists. */
export function renewBoth(...ids: string[]): void {
  for (const id of ids) void queries.invalidateQueries({ queryKey: ticketKey(id) })
  renew(
    'GET /api/tickets/:id/timeline',
    'GET /api/tickets/:id/links',
    'GET /api/tickets/:id/tasks',
    'GET /api/tickets/:id/time',
    'GET /api/tickets/views',
  )
  refreshRows(ids)
}

export async function undoMerge(mergeId: string, from: { id: string; number: number }, intoId: string): Promise<void> {
  try {
    putTicket(await call('POST /api/merges/:id/undo', { params: { id: mergeId } }))
    renewBoth(from.id, intoId)
    toast(sayIn(relationTexts)('mergeUndone', { number: from.number }))
  } catch (cause) {
    toastProblem(cause)
  }
}

export async function unlink(ticketId: string, linkId: string): Promise<void> {
  try {
    putLinks(ticketId, await call('DELETE /api/tickets/:id/links/:linkId', { params: { id: ticketId, linkId } }))
    toast(sayIn(relationTexts)('unlinked'))
  } catch (cause) {
    toastProblem(cause)
  }
}

/** Tickets by number or by words. */
export function useTickets(typed: string): { options: Option[]; searching: boolean } {
  const q = typed.trim()
  const found = useCall('GET /api/search', { query: { q, kind: 'ticket', limit: 12 } }, { enabled: q.length > 0, keep: true })
  const options = (found.data?.items ?? [])
    .filter((hit) => hit.kind === 'ticket')
    .map((hit) => ({ value: hit.id, label: `#${hit.id} ${hit.title}` }))
  return { options: q === '' ? [] : options, searching: found.isFetching }
}
