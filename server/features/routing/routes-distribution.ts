import { distributions } from '../../../contract/distribution.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { takeTicket } from '../tickets/actions-edit.ts'
import { accessCategory } from './access.ts'
import { accessDistribution, listCategorySkills, readDistribution } from './access-distribution.ts'
import { holdingsOfTicket } from './access-holdings.ts'
import { listQueues, nextTicketFor } from './access-queue.ts'
import { setCategorySkills, setDistribution } from './actions-distribution.ts'
import { tryDistribution } from './actions-give.ts'

export const distributionRoutes = routes(distributions, {
  'GET /api/teams/:id/distribution': (context, { params }) => readDistribution(context, params.id),
  'PUT /api/teams/:id/distribution': async (context, { params, body, version }) => {
    await setDistribution(context, await accessDistribution(context, params.id, 'routing.edit'), version, body)
    return readDistribution(context, params.id)
  },
  'POST /api/teams/:id/distribution/try': (context, { params, body }) => tryDistribution(context, params.id, body),
  'GET /api/category-skills': async (context) => ({ items: await listCategorySkills(context) }),
  'PUT /api/categories/:id/skills': async (context, { params, body }) =>
    setCategorySkills(context, await accessCategory(context, params.id, 'category.edit'), body.skillIds),
  'GET /api/queues': async (context) => ({ items: await listQueues(context) }),
  'POST /api/next-ticket': async (context, { body }) => {
    const id = await nextTicketFor(context, body.teamId)
    if (id !== null) await takeTicket(context, await accessTicket(context, id, 'ticket.edit'))
    return { id }
  },
  'GET /api/tickets/:id/holdings': async (context, { params }) =>
    holdingsOfTicket(context, await accessTicket(context, params.id, 'ticket.see')),
})
