import { readymades } from '../../../contract/readymade.ts'
import { scheduled } from '../../../contract/scheduled.ts'
import { notFound } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { readTicket } from '../tickets/access-reading.ts'
import { accessReadymade, listReadymade, readReadymade } from './access.ts'
import { accessRecurring, listRecurring, madeBy, nextFive, readRecurring } from './access-recurring.ts'
import { accessScheduled, readScheduled, scheduledOf } from './access-scheduled.ts'
import { snippetsFor } from './access-snippets.ts'
import { addReadymade, changeReadymade, countUse, removeReadymade } from './actions.ts'
import { guidesFor, keepAnswers } from './actions-guide.ts'
import { addRecurring, changeRecurring, removeRecurring } from './actions-recurring.ts'
import { previewRun, runReadymade } from './actions-run.ts'
import { cancelScheduled, changeScheduled, scheduleReply, sendScheduled } from './actions-scheduled.ts'
import { openFromTemplate, prefillFrom } from './actions-templates.ts'
import { undoRun } from './actions-undo.ts'
import { requireTimeZone } from './rules-calendar.ts'
import { publicVariables, staffVariables } from './rules-variables.ts'

const variables = [
  ...publicVariables.map((name) => ({ name, audience: 'everyone' as const })),
  ...staffVariables.map((name) => ({ name, audience: 'staff' as const })),
]

export const readymadeRoutes = routes(readymades, {
  'GET /api/readymade': (context, { query }) => listReadymade(context, query),
  'GET /api/readymade/variables': async () => ({ items: variables }),
  'GET /api/readymade/:id': (context, { params }) => readReadymade(context, params.id),
  'POST /api/readymade': async (context, { body }) => readReadymade(context, await addReadymade(context, body)),
  'PATCH /api/readymade/:id': async (context, { params, body, version }) => {
    await changeReadymade(context, await accessReadymade(context, params.id, 'readymade.edit'), version, body)
    return readReadymade(context, params.id)
  },
  'DELETE /api/readymade/:id': async (context, { params }) => {
    await removeReadymade(context, await accessReadymade(context, params.id, 'readymade.edit'))
    return undefined
  },
  'POST /api/readymade/:id/used': async (context, { params }) => {
    await countUse(context, await accessReadymade(context, params.id, 'readymade.use'))
    return undefined
  },
  'GET /api/readymade/:id/prefill': async (context, { params, query }) =>
    prefillFrom(context, await accessReadymade(context, params.id, 'readymade.use'), query.requesterId ?? null),
  'POST /api/readymade/:id/tickets': async (context, { params, body }) =>
    readTicket(context, await openFromTemplate(context, await accessReadymade(context, params.id, 'readymade.use'), body)),
  'GET /api/tickets/:id/snippets': async (context, { params, query }) => ({
    items: await snippetsFor(context, await accessTicket(context, params.id, 'ticket.note'), query),
  }),
  'POST /api/tickets/:id/preview-run': async (context, { params, body }) =>
    previewRun(context, await accessReadymade(context, body.readymadeId, 'readymade.use'), params.id),
  'POST /api/tickets/:id/run': async (context, { params, body }) =>
    runReadymade(context, await accessReadymade(context, body.readymadeId, 'readymade.use'), params.id, body),
  'POST /api/macro-runs/:id/undo': (context, { params }) => undoRun(context, params.id),
  'GET /api/tickets/:id/guides': async (context, { params }) => ({
    items: await guidesFor(context, await accessTicket(context, params.id, 'ticket.note')),
  }),
  'POST /api/tickets/:id/guide-answers': async (context, { params, body }) => ({
    messageId: await keepAnswers(context, await accessReadymade(context, body.guideId, 'readymade.use'), params.id, body.answers),
  }),
})

export const scheduledRoutes = routes(scheduled, {
  'GET /api/tickets/:id/scheduled-replies': async (context, { params }) =>
    scheduledOf(context, await accessTicket(context, params.id, 'ticket.note')),
  'POST /api/tickets/:id/scheduled-replies': async (context, { params, body }) =>
    readScheduled(context, params.id, await scheduleReply(context, await accessTicket(context, params.id, 'ticket.reply'), body)),
  'PATCH /api/scheduled-replies/:id': async (context, { params, body, version }) => {
    const row = await accessScheduled(context, params.id, 'scheduled.edit')
    await changeScheduled(context, row, version, body)
    return readScheduled(context, row.ticket_id, row.id)
  },
  'POST /api/scheduled-replies/:id/send': async (context, { params }) => {
    const messageId = await sendScheduled(context, await accessScheduled(context, params.id, 'scheduled.settle'))
    if (messageId === null) throw notFound()
    return { messageId }
  },
  'POST /api/scheduled-replies/:id/cancel': async (context, { params }) => {
    const row = await accessScheduled(context, params.id, 'scheduled.settle')
    await cancelScheduled(context, row)
    return { body: row.body }
  },
  'GET /api/recurring-tickets': (context, { query }) => listRecurring(context, query),
  'POST /api/recurring-tickets': async (context, { body }) => readRecurring(context, await addRecurring(context, body)),
  'POST /api/recurring-tickets/dates': async (context, { body }) => {
    requireTimeZone(body.timeZone)
    return { next: nextFive(context, body.calendar, body.timeZone) }
  },
  'PATCH /api/recurring-tickets/:id': async (context, { params, body, version }) => {
    await changeRecurring(context, await accessRecurring(context, params.id), version, body)
    return readRecurring(context, params.id)
  },
  'DELETE /api/recurring-tickets/:id': async (context, { params }) => {
    await removeRecurring(context, await accessRecurring(context, params.id))
    return undefined
  },
  'GET /api/recurring-tickets/:id/made': (context, { params }) => madeBy(context, params.id),
})
