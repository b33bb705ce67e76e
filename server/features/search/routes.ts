import { search as contract } from '../../../contract/desk.ts'
import { similar } from '../../../contract/similar.ts'
import { routes } from '../../kernel/routes.ts'
import { issuesOf } from '../radar/access.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { search } from './access.ts'
import { similarTickets, similarTo } from './access-similar.ts'

export const searchRoutes = routes(contract, {
  'GET /api/search': (context, { query }) => search(context, query),
})

export const similarRoutes = routes(similar, {
  'GET /api/tickets/:id/similar': async (context, { params }) => {
    const ticket = await accessTicketAsStaff(context, params.id)
    return { ...(await similarTickets(context, ticket)), repeated: await issuesOf(context, ticket.id) }
  },
  'POST /api/similar': (context, { body }) => similarTo(context, { ...body, exceptId: null, organisationId: null, siteId: null }),
})
