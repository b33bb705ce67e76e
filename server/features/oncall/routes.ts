import { oncall } from '../../../contract/oncall.ts'
import { Temporal } from '../../kernel/clock.ts'
import { routes } from '../../kernel/routes.ts'
import { accessRota, accessRotaAsLead, accessTeamForRota, listRotas, readRota } from './access.ts'
import { awakeNow } from './access-awake.ts'
import { accessHandover, listHandovers, readHandover } from './access-handovers.ts'
import { myShifts, onCallNow } from './access-on-call.ts'
import { readProblems, readSchedule, refuseRange } from './access-schedule.ts'
import { accessSwap, listSwaps, readSwap, rotaOfSwap } from './access-swaps.ts'
import { addRota, archiveRota, changeRota, restoreRota, trialOf } from './actions.ts'
import { confirmHandover, draftHandover, writeHandover } from './actions-handovers.ts'
import { calendarAt, endLink, listLinks, makeLink } from './actions-links.ts'
import { addOverride, readOverride, removeOverride } from './actions-overrides.ts'
import { answerSwap, offerSwap } from './actions-swaps.ts'

const range = (given: { from: string; to: string }) => {
  const found = { from: Temporal.Instant.from(given.from), to: Temporal.Instant.from(given.to) }
  refuseRange(found.from, found.to, '')
  return found
}

export const oncallRoutes = routes(oncall, {
  'GET /api/on-call': (context) => onCallNow(context),
  'GET /api/on-call/problems': async (context) => ({ items: await readProblems(context, 'all') }),
  'GET /api/on-call/mine': (context) => myShifts(context),
  'GET /api/on-call/awake': async (context, { query }) => ({ items: await awakeNow(context, query.teamId) }),
  'GET /api/rotas': (context, { query }) => listRotas(context, query.archived),
  'POST /api/rotas': async (context, { body }) =>
    readRota(context, await addRota(context, await accessTeamForRota(context, body.teamId), body)),
  'POST /api/rotas/preview': async (context, { body }) => {
    const { from, to } = range(body)
    return readSchedule(context, body.rotaId, from, to, await trialOf(context, body.rota, body.rotaId))
  },
  'GET /api/rotas/:id': (context, { params }) => readRota(context, params.id),
  'PATCH /api/rotas/:id': async (context, { params, body, version }) => {
    const rota = await accessRotaAsLead(context, params.id)
    if (body.teamId !== undefined && body.teamId !== rota.team_id) await accessTeamForRota(context, body.teamId)
    await changeRota(context, rota, version, body)
    return readRota(context, params.id)
  },
  'POST /api/rotas/:id/archive': async (context, { params }) => {
    await archiveRota(context, await accessRotaAsLead(context, params.id))
    return readRota(context, params.id)
  },
  'POST /api/rotas/:id/restore': async (context, { params }) => {
    await restoreRota(context, await accessRotaAsLead(context, params.id))
    return readRota(context, params.id)
  },
  'GET /api/rotas/:id/schedule': async (context, { params, query }) => {
    const { from, to } = range(query)
    const rota = await readRota(context, params.id)
    return readSchedule(context, rota.id, from, to)
  },
  'POST /api/rotas/:id/overrides': async (context, { params, body }) =>
    readOverride(context, await addOverride(context, await accessRota(context, params.id), body)),
  'DELETE /api/rota-overrides/:id': (context, { params }) => removeOverride(context, params.id),
  'GET /api/shift-swaps': async (context, { query }) => ({ items: await listSwaps(context, query.rotaId) }),
  'POST /api/rotas/:id/swaps': async (context, { params, body }) =>
    readSwap(context, await offerSwap(context, await accessRota(context, params.id), body)),
  'POST /api/shift-swaps/:id/answer': async (context, { params, body }) => {
    // The rota is locked first, as by whoever changes it.
    await accessRota(context, await rotaOfSwap(context, params.id))
    await answerSwap(context, await accessSwap(context, params.id), body.answer)
    return readSwap(context, params.id)
  },
  'GET /api/rotas/:id/handovers': async (context, { params, query }) =>
    listHandovers(context, (await readRota(context, params.id)).id, query),
  'GET /api/rotas/:id/handover-draft': async (context, { params }) => draftHandover(context, await accessRota(context, params.id)),
  'POST /api/rotas/:id/handovers': async (context, { params, body }) =>
    readHandover(context, await writeHandover(context, await accessRota(context, params.id), body)),
  'POST /api/handover-notes/:id/read': async (context, { params }) => {
    await confirmHandover(context, await accessHandover(context, params.id))
    return readHandover(context, params.id)
  },
  'GET /api/on-call-links': async (context) => ({ items: await listLinks(context) }),
  'POST /api/on-call-links': (context, { body }) => makeLink(context, body.rotaId),
  'DELETE /api/on-call-links/:id': (context, { params }) => endLink(context, params.id),
  'GET /api/on-call-calendar/:name': {
    before: (kernel, { params, client }) => calendarAt(kernel, params.name, client.address),
    answer: async (_context, _call, _reply, content: string) => ({ content, name: 'on-call.ics', mediaType: 'text/calendar' }),
  },
})
