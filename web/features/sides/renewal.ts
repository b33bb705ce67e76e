import { queries } from '../../kernel/query.ts'
import { refreshRows } from '../tickets/refresh-lists.ts'

/** Its status changed with what was sent. */
export function putTicketStale(ticketId: string): void {
  void queries.invalidateQueries({ queryKey: ['GET /api/tickets/:id', { params: { id: ticketId } }] })
  refreshRows([ticketId])
}
