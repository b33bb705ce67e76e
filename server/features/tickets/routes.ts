import { tickets } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessRemovedTicket, accessTicket, allCategories } from './access.ts'
import { listTickets, viewCounts } from './access-list.ts'
import { messageById, messagesOf } from './access-messages.ts'
import { readTicket } from './access-reading.ts'
import { timelineOf } from './access-timeline.ts'
import { markRead, markUnread, restrictTicket, setCopies, watchTicket } from './actions-care.ts'
import { replyToTicket, withdrawReply } from './actions-converse.ts'
import { createTicket } from './actions-create.ts'
import { editTicket, passTicket, takeTicket } from './actions-edit.ts'
import { bringBackTicket, closeTicket, refuseStale, removeTicket, reopenTicket, resolveTicket } from './actions-life.ts'
import { refuseBlocked } from './actions-relations.ts'

/** Checks the version that the caller saw before anything is changed. */
async function editable(context: Context, id: string, version: number) {
  const ticket = await accessTicket(context, id, 'ticket.edit')
  await refuseStale(ticket, version, () => readTicket(context, id))
  return ticket
}

export const ticketRoutes = routes(tickets, {
  'GET /api/tickets': (context, { query }) => listTickets(context, query),
  'POST /api/tickets': async (context, { body }) => readTicket(context, await createTicket(context, body, 'all')),
  'GET /api/tickets/views': (context) => viewCounts(context),
  'GET /api/tickets/:id': (context, { params }) => readTicket(context, params.id),
  'PATCH /api/tickets/:id': async (context, { params, body, version }) => {
    await editTicket(context, await editable(context, params.id, version), body)
    return readTicket(context, params.id)
  },
  'GET /api/tickets/:id/messages': async (context, { params, query }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.see')
    return messagesOf(context, ticket.id, ticket.as_staff, query.limit, query.before)
  },
  'GET /api/tickets/:id/timeline': async (context, { params }) => ({
    items: await timelineOf(context, await accessTicket(context, params.id, 'ticket.see')),
  }),
  'POST /api/tickets/:id/replies': async (context, { params, body }) => {
    const { messageId, asStaff } = await replyToTicket(context, params.id, body)
    const message = await messageById(context, params.id, messageId, asStaff)
    if (!message) throw notFound()
    return message
  },
  'POST /api/messages/:id/undo': (context, { params }) => withdrawReply(context, params.id),
  'POST /api/tickets/:id/resolve': async (context, { params, body, version }) => {
    const ticket = await editable(context, params.id, version)
    if (!body.despiteBlocks) await refuseBlocked(context, ticket)
    await resolveTicket(context, ticket, body)
    return readTicket(context, params.id)
  },
  'POST /api/tickets/:id/reopen': async (context, { params, body }) => {
    await reopenTicket(context, await accessTicket(context, params.id, 'ticket.reopen'), body.text)
    return readTicket(context, params.id)
  },
  'POST /api/tickets/:id/close': async (context, { params }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.see')
    await closeTicket(context, ticket, ticket.as_staff ? 'staff' : 'requester')
    return readTicket(context, params.id)
  },
  'POST /api/tickets/:id/take': async (context, { params }) => {
    await takeTicket(context, await accessTicket(context, params.id, 'ticket.edit'))
    return readTicket(context, params.id)
  },
  'POST /api/tickets/:id/pass': async (context, { params, body, version }) => {
    await passTicket(context, await editable(context, params.id, version), body)
    return readTicket(context, params.id)
  },
  'PUT /api/tickets/:id/cc': async (context, { params, body }) => {
    await setCopies(context, await accessTicket(context, params.id, 'ticket.edit'), body.emails)
    return readTicket(context, params.id)
  },
  'PUT /api/tickets/:id/watch': async (context, { params, body }) => {
    await watchTicket(context, await accessTicket(context, params.id, 'ticket.note'), body.watching)
    return undefined
  },
  'PUT /api/tickets/:id/restriction': async (context, { params, body }) => {
    await restrictTicket(context, await accessTicket(context, params.id, 'ticket.restrict'), body.to)
    return readTicket(context, params.id)
  },
  'PUT /api/tickets/:id/read': async (context, { params, body }) => {
    await markRead(context, await accessTicket(context, params.id, 'ticket.note'), body.messageId)
    return undefined
  },
  'POST /api/tickets/:id/unread': async (context, { params }) => {
    await markUnread(context, await accessTicket(context, params.id, 'ticket.note'))
    return undefined
  },
  'POST /api/tickets/:id/remove': async (context, { params }) => {
    await removeTicket(context, await accessTicket(context, params.id, 'ticket.remove'))
    return undefined
  },
  'POST /api/tickets/:id/bring-back': async (context, { params }) => {
    await bringBackTicket(context, await accessRemovedTicket(context, params.id))
    return readTicket(context, params.id)
  },
  'GET /api/categories': async (context) => ({ items: await allCategories(context) }),
})
