import { radar } from '../../../contract/radar.ts'
import { routes } from '../../kernel/routes.ts'
import { accessIssue, listIssues, readIssue, ticketsOfIssue } from './access.ts'
import { settleIssue } from './actions.ts'

export const radarRoutes = routes(radar, {
  'GET /api/radar': (context, { query }) => listIssues(context, query),
  'GET /api/radar/:id': (context, { params }) => readIssue(context, params.id),
  'GET /api/radar/:id/tickets': (context, { params, query }) => ticketsOfIssue(context, params.id, query),
  'PATCH /api/radar/:id': async (context, { params, body, version }) => {
    await settleIssue(context, await accessIssue(context, params.id), version, body)
    return readIssue(context, params.id)
  },
})
