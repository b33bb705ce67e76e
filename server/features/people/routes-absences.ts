import { absences } from '../../../contract/absences.ts'
import { routes } from '../../kernel/routes.ts'
import { accessAbsence, listAbsences } from './access-absences.ts'
import { addAbsence, changeAbsence, removeAbsence } from './actions-absences.ts'

export const absenceRoutes = routes(absences, {
  'GET /api/absences': async (context, { query }) => ({ items: await listAbsences(context, query) }),
  'POST /api/absences': async (context, { body }) => (await listAbsences(context, { id: await addAbsence(context, body) }))[0]!,
  'PATCH /api/absences/:id': async (context, { params, body, version }) => {
    await changeAbsence(context, await accessAbsence(context, params.id), version, body)
    return (await listAbsences(context, { id: params.id }))[0]!
  },
  'DELETE /api/absences/:id': async (context, { params }) => removeAbsence(context, await accessAbsence(context, params.id)),
})
