import { routing } from '../../../contract/desk.ts'
import { routes } from '../../kernel/routes.ts'
import { accessCategory, accessRule, listRules, readRule } from './access.ts'
import { addRule, changeRule, orderRules, removeRule, tryRules } from './actions.ts'
import { addCategory, changeCategory } from './actions-lists.ts'

export const routingRoutes = routes(routing, {
  'GET /api/routing-rules': async (context) => ({ items: await listRules(context) }),
  'POST /api/routing-rules': async (context, { body }) => readRule(context, await addRule(context, body)),
  'PATCH /api/routing-rules/:id': async (context, { params, body, version }) => {
    await changeRule(context, await accessRule(context, params.id, 'routing.edit'), version, body)
    return readRule(context, params.id)
  },
  'DELETE /api/routing-rules/:id': async (context, { params }) => removeRule(context, await accessRule(context, params.id, 'routing.edit')),
  'PUT /api/routing-rules/order': async (context, { body }) => {
    await orderRules(context, body.ids)
    return { items: await listRules(context) }
  },
  'POST /api/routing-rules/try': async (context, { body }) => ({ rule: await tryRules(context, body) }),
  'POST /api/categories': async (context, { body }) => ({ id: await addCategory(context, body) }),
  'PATCH /api/categories/:id': async (context, { params, body }) =>
    changeCategory(context, await accessCategory(context, params.id, 'category.edit'), body),
})
