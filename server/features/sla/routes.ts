import { sla } from '../../../contract/sla.ts'
import { routes } from '../../kernel/routes.ts'
import { calendarRef } from '../calendars/access-compiled.ts'
import { accessAgreement, listAgreements, listCauses, readAgreement, readCause, versionsOf } from './access.ts'
import { accessClock, clocksOf } from './access-clocks.ts'
import { addAgreement, addCause, archiveAgreement, changeAgreement, changeCause, orderAgreements, sayCause } from './actions.ts'
import { previewCalendar, previewTerms } from './actions-recount.ts'
import { replayTerms } from './actions-replay.ts'
import { allUsual } from './rules-usual.ts'

export const slaRoutes = routes(sla, {
  'GET /api/agreements': async (context, { query }) => ({ items: await listAgreements(context, query.archived ?? false) }),
  'GET /api/agreements/usual': async () => ({ items: allUsual() }),
  'GET /api/agreements/:id': (context, { params }) => readAgreement(context, params.id),
  'GET /api/agreements/:id/versions': async (context, { params }) => ({ items: await versionsOf(context, params.id) }),
  'POST /api/agreements': async (context, { body }) => readAgreement(context, await addAgreement(context, body)),
  'PATCH /api/agreements/:id': async (context, { params, body, version }) => {
    await changeAgreement(context, await accessAgreement(context, params.id), version, body)
    return readAgreement(context, params.id)
  },
  'POST /api/agreements/:id/archive': async (context, { params }) => {
    await archiveAgreement(context, await accessAgreement(context, params.id), true)
    return readAgreement(context, params.id)
  },
  'POST /api/agreements/:id/restore': async (context, { params }) => {
    await archiveAgreement(context, await accessAgreement(context, params.id), false)
    return readAgreement(context, params.id)
  },
  'PUT /api/agreements/order': (context, { body }) => orderAgreements(context, body.ids),
  'POST /api/agreements/preview': (context, { body }) => previewTerms(context, body.agreementId, body.terms),
  'POST /api/agreements/replay': (context, { body }) => replayTerms(context, body),
  'POST /api/agreements/preview-calendar': async (context, { body }) => {
    const { id } = await calendarRef(context, body.calendarId)
    return previewCalendar(context, id, body.calendar)
  },
  'GET /api/tickets/:id/clocks': async (context, { params }) => ({ items: await clocksOf(context, params.id) }),
  'POST /api/clocks/:id/cause': async (context, { params, body }) => sayCause(context, await accessClock(context, params.id), body),
  'GET /api/breach-causes': async (context) => ({ items: await listCauses(context) }),
  'POST /api/breach-causes': async (context, { body }) => readCause(context, await addCause(context, body.names)),
  'PATCH /api/breach-causes/:id': async (context, { params, body }) => {
    await readCause(context, params.id)
    await changeCause(context, params.id, body)
    return readCause(context, params.id)
  },
})
