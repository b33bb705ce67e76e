import { visits } from '../../../contract/visits.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessVisit, accessVisitAsAsker, readVisit, visitsOf } from './access.ts'
import { calendarLink } from './access-calendar.ts'
import { clashesOf, listVisits, windowsFor } from './access-list.ts'
import { readReport, signatureOf } from './access-reports.ts'
import { cancelVisit, changeVisit, planVisit } from './actions.ts'
import { calendarAt, endCalendarLink, makeCalendarLink } from './actions-calendar.ts'
import { signReport } from './actions-reports.ts'
import { declineVisit, stepVisit } from './actions-steps.ts'
import { writeWork } from './actions-work.ts'

export const visitRoutes = routes(visits, {
  'GET /api/visits': (context, { query }) => listVisits(context, query),
  'GET /api/visits/clashes': async (context, { query }) => ({
    items: await clashesOf(context, { ...query, people: query.people.split(',') }),
  }),
  'GET /api/visits/:id': (context, { params }) => readVisit(context, params.id),
  'GET /api/tickets/:id/visits': async (context, { params }) => visitsOf(context, await accessTicket(context, params.id, 'ticket.see')),
  'GET /api/tickets/:id/visits/windows': async (context, { params, query }) =>
    windowsFor(context, await accessTicketAsStaff(context, params.id), query),
  'POST /api/tickets/:id/visits': async (context, { params, body }) =>
    readVisit(context, await planVisit(context, await accessTicket(context, params.id, 'ticket.edit'), body)),
  'PATCH /api/visits/:id': async (context, { params, body, version }) => {
    await changeVisit(context, await accessVisit(context, params.id), version, body)
    return readVisit(context, params.id)
  },
  'POST /api/visits/:id/step': async (context, { params, body }) => {
    await stepVisit(context, await accessVisit(context, params.id), body)
    return readVisit(context, params.id)
  },
  'POST /api/visits/:id/cancel': async (context, { params, body }) => {
    await cancelVisit(context, await accessVisit(context, params.id), body.reason, body.tell)
    return readVisit(context, params.id)
  },
  'PUT /api/visits/:id/work': async (context, { params, body, version }) => {
    await writeWork(context, await accessVisit(context, params.id), version, body)
    return readVisit(context, params.id)
  },
  'POST /api/visits/:id/reports': async (context, { params, body }) =>
    readReport(context, await signReport(context, await accessVisit(context, params.id), body)),
  'GET /api/visit-reports/:id': (context, { params }) => readReport(context, params.id),
  'GET /api/visit-reports/:id/signature': (context, { params }) => signatureOf(context, params.id),
  'POST /api/visits/:id/decline': async (context, { params, body }) => {
    const visit = await accessVisitAsAsker(context, params.id)
    await declineVisit(context, visit, body.text)
    const { items } = await visitsOf(context, await accessTicket(context, visit.ticket_id, 'ticket.see'))
    return items.find((one) => one.id === visit.id)!
  },
  'GET /api/calendar-link': (context) => calendarLink(context),
  'POST /api/calendar-link': async (context) => ({ address: await makeCalendarLink(context) }),
  'DELETE /api/calendar-link': (context) => endCalendarLink(context),
  'GET /api/calendar/:name': {
    before: (kernel, { params, client }) => calendarAt(kernel, params.name, client.address),
    answer: async (_context, _call, _reply, content: string) => ({ content, name: 'visits.ics', mediaType: 'text/calendar' }),
  },
})
