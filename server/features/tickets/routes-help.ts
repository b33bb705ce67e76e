import { helps } from '../../../contract/help.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from './access.ts'
import { accessHelp, helpersFor, helpOf, listHelp, readHelp } from './access-help.ts'
import { acceptHelp, answerHelp, askForHelp, settleHelp } from './actions-help.ts'

export const helpRoutes = routes(helps, {
  'GET /api/help': (context, { query }) => listHelp(context, query),
  'GET /api/tickets/:id/help': async (context, { params }) => ({ items: await helpOf(context, params.id) }),
  'GET /api/tickets/:id/help/candidates': async (context, { params, query }) => ({ items: await helpersFor(context, params.id, query) }),
  'POST /api/tickets/:id/help': async (context, { params, body }) =>
    readHelp(context, await askForHelp(context, await accessTicket(context, params.id, 'ticket.note'), body)),
  'POST /api/help/:id/accept': async (context, { params }) => {
    await acceptHelp(context, await accessHelp(context, params.id))
    return readHelp(context, params.id)
  },
  'POST /api/help/:id/notes': async (context, { params, body }) => {
    await answerHelp(context, await accessHelp(context, params.id), body.body)
    return readHelp(context, params.id)
  },
  'POST /api/help/:id/done': async (context, { params }) => {
    await settleHelp(context, await accessHelp(context, params.id), 'done')
    return readHelp(context, params.id)
  },
  'POST /api/help/:id/withdraw': async (context, { params }) => {
    await settleHelp(context, await accessHelp(context, params.id), 'withdrawn')
    return readHelp(context, params.id)
  },
})
