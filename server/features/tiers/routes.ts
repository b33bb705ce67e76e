import { tiers } from '../../../contract/tiers.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessEscalation, escalationsOf, readEscalation } from './access.ts'
import { accessDuties, listAsking, readDuties } from './access-duties.ts'
import { nextTeams } from './access-next.ts'
import { settleEscalation, tellLeads } from './actions.ts'
import { setDuties } from './actions-duties.ts'

export const tierRoutes = routes(tiers, {
  'GET /api/teams/:id/duties': (context, { params }) => readDuties(context, params.id),
  'PUT /api/teams/:id/duties': async (context, { params, body, version }) => {
    await setDuties(context, await accessDuties(context, params.id, 'team.edit'), version, body)
    return readDuties(context, params.id)
  },
  'GET /api/tickets/:id/next-teams': async (context, { params }) => ({
    items: await nextTeams(context, (await accessTicketAsStaff(context, params.id)).id),
  }),
  'GET /api/handoff-parts': async (context) => ({ items: await listAsking(context) }),
  'GET /api/tickets/:id/escalations': async (context, { params }) => ({
    items: await escalationsOf(context, await accessTicketAsStaff(context, params.id)),
  }),
  'POST /api/tickets/:id/tell-manager': async (context, { params, body }) =>
    readEscalation(context, await tellLeads(context, await accessTicket(context, params.id, 'ticket.edit'), body.why)),
  'POST /api/escalations/:id/settle': async (context, { params }) => {
    await settleEscalation(context, await accessEscalation(context, params.id))
    return readEscalation(context, params.id)
  },
})
