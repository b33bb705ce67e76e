import { fields } from '../../../contract/fields.ts'
import { routes } from '../../kernel/routes.ts'
import { accessField, fieldUse, listArchivedFields, listFields, readField } from './access.ts'
import { addField, changeField, orderFields } from './actions.ts'

export const fieldRoutes = routes(fields, {
  'GET /api/fields': async (context, { query }) => ({ items: await (query.archived ? listArchivedFields(context) : listFields(context)) }),
  'POST /api/fields': async (context, { body }) => readField(context, await addField(context, body)),
  'PATCH /api/fields/:id': async (context, { params, body, version }) => {
    await changeField(context, await accessField(context, params.id), version, body)
    return readField(context, params.id)
  },
  'PUT /api/fields/order': async (context, { body }) => {
    await orderFields(context, body.ids)
    return { items: await listFields(context) }
  },
  'GET /api/fields/:id/use': async (context, { params }) => fieldUse(context, await accessField(context, params.id)),
})
