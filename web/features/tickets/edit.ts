import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { type Body, call, problemIn } from '../../kernel/call.ts'
import { keyOf, queries, renew } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'
import { patchRow } from './list.ts'
import { refreshRows } from './refresh-lists.ts'

/**
 * Editing a ticket: shown at once, sent with the version that was seen, taken back when refused. When somebody else
 * changed it meanwhile but not the same field, it is sent again by itself; when it is the same field, the reader
 * decides (ConflictDialog). Edits of one ticket go one after the other, so that the second knows the first's version.
 */
export type Edit = Body<'PATCH /api/tickets/:id'>
export type Conflict = { edit: Edit; shown: Partial<Ticket>; theirs: Ticket; base: Ticket }
export const ticketKey = (id: string) => keyOf('GET /api/tickets/:id', { params: { id } })
export const keptTicket = (id: string) => queries.getQueryData<Ticket>(ticketKey(id))

export function putTicket(ticket: Ticket): void {
  queries.setQueryData<Ticket>(ticketKey(ticket.id), ticket)
  patchRow(ticket.id, (row) => ({
    ...row,
    version: ticket.version,
    subject: ticket.subject,
    status: ticket.status,
    priority: ticket.priority,
    team: ticket.team && { id: ticket.team.id, name: ticket.team.name },
    assignee: ticket.assignee,
    tags: ticket.tags,
    waitingSince: ticket.waitingSince,
    restricted: ticket.restricted !== null,
  }))
}

/** Which fields of a ticket an edit touches, to tell whether two changes meet. */
const seen: Record<keyof Edit, (t: Ticket) => unknown> = {
  subject: (t) => t.subject,
  kind: (t) => t.kind,
  statusId: (t) => t.status.id,
  impact: (t) => t.impact,
  urgency: (t) => t.urgency,
  priority: (t) => t.priority,
  priorityReason: () => null,
  categoryId: (t) => t.category?.id ?? null,
  fields: (t) => JSON.stringify(t.fields),
  requesterId: (t) => t.requester.id,
  onBehalfOfId: (t) => t.onBehalfOf?.id ?? null,
  siteId: (t) => t.site?.id ?? null,
  teamId: (t) => t.team?.id ?? null,
  assigneeId: (t) => t.assignee?.id ?? null,
  tags: (t) => t.tags.join('\n'),
  language: (t) => t.language,
  revisitAt: (t) => t.revisitAt,
  waitingReason: () => null,
}
export const meets = (edit: Edit, base: Ticket, theirs: Ticket): boolean =>
  (Object.keys(edit) as (keyof Edit)[]).some((field) => seen[field](base) !== seen[field](theirs))

const queue = new Map<string, Promise<unknown>>()
function inTurn<T>(id: string, run: () => Promise<T>): Promise<T> {
  const turn = (queue.get(id) ?? Promise.resolve()).then(run, run)
  queue.set(id, turn)
  return turn
}

/** A status that needs own fields first: the move waits until they are filled in. */
export type Needing = { edit: Edit; status: string }
const needsFields = (cause: unknown) => problemIn(cause)?.issues.some((issue) => issue.path.startsWith('fields.')) ?? false

export function useTicketEdit(id: string) {
  const [conflict, setConflict] = useState<Conflict>()
  const [needing, setNeeding] = useState<Needing>()
  const send = async (edit: Edit, shown: Partial<Ticket>, base: Ticket, version: number): Promise<void> => {
    try {
      putTicket(await call('PATCH /api/tickets/:id', { params: { id }, ifMatch: version, body: edit }))
      renew('GET /api/tickets/:id/timeline', 'GET /api/tickets/views')
    } catch (cause) {
      const theirs = problemIn(cause)?.code === 'version_stale' ? await call('GET /api/tickets/:id', { params: { id } }) : undefined
      if (theirs && !meets(edit, base, theirs)) return send(edit, shown, theirs, theirs.version)
      putTicket(theirs ?? base)
      if (theirs) setConflict({ edit, shown, theirs, base })
      else if (edit.statusId && needsFields(cause)) setNeeding({ edit, status: shown.status?.name ?? '' })
      else toastProblem(cause)
    }
  }
  const edit = (change: Edit, shown: Partial<Ticket> = {}): Promise<void> => {
    const base = keptTicket(id)
    if (!base) return Promise.resolve()
    putTicket({ ...base, ...shown })
    return inTurn(id, () => send(change, shown, base, keptTicket(id)?.version ?? base.version))
  }
  return {
    edit,
    conflict,
    needing,
    needless: () => setNeeding(undefined),
    keepTheirs: () => setConflict(undefined),
    keepMine: () => {
      setConflict(undefined)
      if (conflict) void edit(conflict.edit, conflict.shown)
    },
  }
}
export type TicketEditing = ReturnType<typeof useTicketEdit>

/** A verb of the ticket: sends it, shows the answer, says what was refused. */
export async function act(run: () => Promise<Ticket>): Promise<boolean> {
  try {
    const ticket = await run()
    putTicket(ticket)
    renew('GET /api/tickets/:id/timeline', 'GET /api/tickets/views')
    refreshRows([ticket.id])
    return true
  } catch (cause) {
    toastProblem(cause)
    return false
  }
}
