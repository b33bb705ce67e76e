import { time } from '../../../contract/time.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessEntry, historyOf, readEntry, timeOfTicket, timeSettings } from './access.ts'
import { listTime, timeAsCsv } from './access-list.ts'
import { myTimers } from './access-timers.ts'
import { addTime, changeTime, changeTimeSettings, removeTime } from './actions.ts'
import { dropTimer, pauseTimer, startTimer, stopTimer } from './actions-timers.ts'

export const timeRoutes = routes(time, {
  'GET /api/time': (context, { query }) => listTime(context, query),
  'GET /api/time/csv': async (context, { query }) => ({
    content: await timeAsCsv(context, query),
    name: `${['time', query.from, query.to].filter(Boolean).join('-')}.csv`,
    mediaType: 'text/csv',
  }),
  'GET /api/time/settings': (context) => timeSettings(context),
  'PATCH /api/time/settings': async (context, { body }) => {
    await changeTimeSettings(context, body)
    return timeSettings(context)
  },
  'PATCH /api/time/:id': async (context, { params, body, version }) => {
    await changeTime(context, await accessEntry(context, params.id), version, body)
    return readEntry(context, params.id)
  },
  'DELETE /api/time/:id': async (context, { params }) => removeTime(context, await accessEntry(context, params.id)),
  'GET /api/time/:id/history': (context, { params }) => historyOf(context, params.id),
  'GET /api/tickets/:id/time': async (context, { params }) => timeOfTicket(context, await accessTicketAsStaff(context, params.id)),
  'POST /api/tickets/:id/time': async (context, { params, body }) =>
    readEntry(context, await addTime(context, await accessTicket(context, params.id, 'ticket.note'), body)),
  'GET /api/timers': (context) => myTimers(context),
  'POST /api/tickets/:id/timer/start': async (context, { params, body }) => {
    await startTimer(context, await accessTicket(context, params.id, 'ticket.note'), body.taskId)
    return myTimers(context)
  },
  'POST /api/tickets/:id/timer/pause': async (context, { params }) => {
    await pauseTimer(context, params.id)
    return myTimers(context)
  },
  'POST /api/tickets/:id/timer/stop': async (context, { params, body }) =>
    readEntry(context, await stopTimer(context, await accessTicket(context, params.id, 'ticket.note'), body)),
  'DELETE /api/tickets/:id/timer': (context, { params }) => dropTimer(context, params.id),
})
