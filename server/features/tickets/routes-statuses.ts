import { statuses } from '../../../contract/statuses.ts'
import type { Kind } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { fieldsOfTicket } from '../fields/access.ts'
import { accessTicket } from './access.ts'
import { accessStatus, allStatuses, statusMoves, statusUse } from './access-statuses.ts'
import { snoozeTicket } from './actions-snooze.ts'
import { addStatus, archiveStatus, orderStatuses, renameStatus, restoreStatus, setMoves } from './actions-statuses.ts'

const oneStatus = async (context: Context, id: string) => {
  const found = (await allStatuses(context)).find((one) => one.id === id)
  if (!found) throw notFound()
  return found
}

export const statusRoutes = routes(statuses, {
  'GET /api/statuses': async (context, { query }) => ({ items: await allStatuses(context, query.archived) }),
  'POST /api/statuses': async (context, { body }) => oneStatus(context, await addStatus(context, body)),
  'PATCH /api/statuses/:id': async (context, { params, body, version }) => {
    await renameStatus(context, await accessStatus(context, params.id), version, body.name)
    return oneStatus(context, params.id)
  },
  'PUT /api/statuses/order': async (context, { body }) => {
    await orderStatuses(context, body.ids)
    return { items: await allStatuses(context) }
  },
  'GET /api/statuses/:id/use': async (context, { params }) => statusUse(context, await accessStatus(context, params.id)),
  'POST /api/statuses/:id/archive': async (context, { params, body }) => {
    await archiveStatus(context, await accessStatus(context, params.id), body.replacementId)
    return { items: await allStatuses(context) }
  },
  'POST /api/statuses/:id/restore': async (context, { params }) => {
    await restoreStatus(context, await accessStatus(context, params.id, true))
    return { items: await allStatuses(context) }
  },
  'GET /api/status-moves': async (context) => ({ moves: await statusMoves(context) }),
  'PUT /api/status-moves': async (context, { body }) => {
    await setMoves(context, body.moves)
    return { moves: await statusMoves(context) }
  },
  'GET /api/tickets/:id/fields': async (context, { params }) => {
    const ticket = await accessTicket(context, params.id, 'ticket.see')
    const { kind, category_id: categoryId, fields: values, as_staff: asStaff } = ticket
    return { items: await fieldsOfTicket(context, { kind: kind as Kind, categoryId, values, asStaff }) }
  },
  'PUT /api/tickets/:id/snooze': async (context, { params, body }) =>
    snoozeTicket(context, await accessTicket(context, params.id, 'ticket.note'), body.until),
})
