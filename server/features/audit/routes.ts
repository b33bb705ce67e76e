import { audit } from '../../../contract/audit.ts'
import { routes } from '../../kernel/routes.ts'
import { readAudit } from './access.ts'

export const auditRoutes = routes(audit, { 'GET /api/audit': (context, { query }) => readAudit(context, query) })
