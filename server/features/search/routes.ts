import { search as contract } from '../../../contract/desk.ts'
import { routes } from '../../kernel/routes.ts'
import { search } from './access.ts'

export const searchRoutes = routes(contract, {
  'GET /api/search': (context, { query }) => search(context, query),
})
