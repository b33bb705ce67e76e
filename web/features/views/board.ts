import { useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping } from '../../../contract/views.ts'
import { type Body, call } from '../../kernel/call.ts'
import { renew } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'

type Edit = Body<'PATCH /api/tickets/:id'>

/** What dropping a card into a column says of its ticket. By priority it asks why; by customer or meaning nothing is moved. */
export function editFor(by: Grouping, key: string, reason: string): Edit | undefined {
  const orNobody = key === 'none' ? null : key
  switch (by) {
    case 'status':
      return { statusId: key }
    case 'team':
      return { teamId: orNobody }
    case 'assignee':
      return { assigneeId: orNobody }
    case 'priority':
      return { priority: Number(key), priorityReason: reason }
    default:
      return undefined
  }
}
export const movable = (by: Grouping): boolean => by === 'status' || by === 'team' || by === 'assignee' || by === 'priority'

/** A moved card stands in its new column at once; refused, it is back in the old one. */
export function useMoves(by: Grouping) {
  const [moved, setMoved] = useState<ReadonlyMap<string, string>>(new Map())
  const without = (id: string) => setMoved((now) => new Map([...now].filter(([other]) => other !== id)))
  const move = async (row: TicketRow, key: string, reason = '') => {
    const edit = editFor(by, key, reason)
    if (!edit) return
    setMoved((now) => new Map(now).set(row.id, key))
    try {
      await call('PATCH /api/tickets/:id', { params: { id: row.id }, ifMatch: row.version, body: edit })
    } catch (cause) {
      without(row.id)
      toastProblem(cause)
    }
    renew('GET /api/views/:id/board', 'GET /api/views/counts')
  }
  return { moved, move, settle: () => setMoved((now) => (now.size === 0 ? now : new Map())) }
}
