import { automation } from '../../../contract/automation.ts'
import { routes } from '../../kernel/routes.ts'
import { accessFailedRun, accessRule, listRules, listRuns, readRule, readRun } from './access.ts'
import { dryRun } from './access-dry-run.ts'
import { addRule, changeRule, orderRules, removeRule } from './actions.ts'
import { refuseRule } from './actions-checks.ts'
import { queueRetry } from './actions-timed.ts'

export const automationRoutes = routes(automation, {
  'GET /api/automation/rules': async (context) => ({ items: await listRules(context) }),
  'GET /api/automation/rules/:id': (context, { params }) => readRule(context, params.id),
  'POST /api/automation/rules': async (context, { body }) => readRule(context, await addRule(context, body)),
  'PATCH /api/automation/rules/:id': async (context, { params, body, version }) => {
    await changeRule(context, await accessRule(context, params.id), version, body)
    return readRule(context, params.id)
  },
  'DELETE /api/automation/rules/:id': async (context, { params }) => removeRule(context, await accessRule(context, params.id)),
  'PUT /api/automation/order': (context, { body }) => orderRules(context, body.ids),
  'POST /api/automation/dry-run': async (context, { body }) => {
    await refuseRule(context, body)
    return dryRun(context, body)
  },
  'GET /api/automation/rules/:id/runs': (context, { params, query }) => listRuns(context, params.id, query),
  'POST /api/automation/runs/:id/retry': async (context, { params }) => {
    await queueRetry(context, await accessFailedRun(context, params.id))
    return readRun(context, params.id)
  },
})
