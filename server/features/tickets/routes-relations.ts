import { ticketRelations } from '../../../contract/relations.ts'
import type { Context } from '../../kernel/context.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from './access.ts'
import { mergePreview } from './access-merge.ts'
import { readTicket } from './access-reading.ts'
import { accessAsStaff, readLinks } from './access-relations.ts'
import { answerChildren, handStatusDown, makeChildren, resolveChildren } from './actions-children.ts'
import { refuseStale } from './actions-life.ts'
import { mergeTickets, undoMerge } from './actions-merge.ts'
import { addLink, convertTicket, openLinked, removeLink } from './actions-relations.ts'
import { splitTicket } from './actions-split.ts'

const editable = (context: Context, id: string) => accessTicket(context, id, 'ticket.edit')

export const relationRoutes = routes(ticketRelations, {
  'GET /api/tickets/:id/links': async (context, { params }) => readLinks(context, await accessAsStaff(context, params.id)),
  'POST /api/tickets/:id/links': async (context, { params, body }) => {
    const ticket = await editable(context, params.id)
    await addLink(context, ticket, body)
    return readLinks(context, ticket)
  },
  'DELETE /api/tickets/:id/links/:linkId': async (context, { params }) => {
    const ticket = await editable(context, params.id)
    await removeLink(context, ticket, params.linkId)
    return readLinks(context, ticket)
  },
  'POST /api/tickets/:id/linked-tickets': async (context, { params, body }) =>
    readTicket(context, await openLinked(context, await editable(context, params.id), body)),
  'POST /api/tickets/:id/children': async (context, { params, body }) =>
    makeChildren(context, await editable(context, params.id), body.ticketIds),
  'POST /api/tickets/:id/children/answer': async (context, { params, body }) =>
    answerChildren(context, await editable(context, params.id), body.text),
  'POST /api/tickets/:id/children/resolve': async (context, { params, body }) =>
    resolveChildren(context, await editable(context, params.id), body),
  'POST /api/tickets/:id/children/status': async (context, { params }) => handStatusDown(context, await editable(context, params.id)),
  'GET /api/tickets/:id/merge-preview': (context, { params, query }) => mergePreview(context, params.id, query.intoId),
  'POST /api/tickets/:id/merge': async (context, { params, body }) => {
    const mergeId = await mergeTickets(context, params.id, body)
    return { mergeId, ticket: await readTicket(context, body.intoId) }
  },
  'POST /api/merges/:id/undo': async (context, { params }) => readTicket(context, await undoMerge(context, params.id)),
  'POST /api/tickets/:id/split': async (context, { params, body }) =>
    readTicket(context, await splitTicket(context, await editable(context, params.id), body)),
  'POST /api/tickets/:id/convert': async (context, { params, body, version }) => {
    const ticket = await editable(context, params.id)
    await refuseStale(ticket, version, () => readTicket(context, params.id))
    await convertTicket(context, ticket, body)
    return readTicket(context, params.id)
  },
})
