import { emergency } from '../../../contract/emergency.ts'
import { type FileOut, routes } from '../../kernel/routes.ts'
import { keptReach, reachDesk, readCard } from './access-card.ts'
import { accessLine, listLines, readLine } from './access-lines.ts'
import { accessSet, listSets, questionsFor, readSet } from './access-sets.ts'
import { addLine, archiveLine, changeLine, renewLine } from './actions-lines.ts'
import { changeReach } from './actions-reach.ts'
import { addSet, changeSet, removeSet } from './actions-sets.ts'
import { hearVoice } from './actions-voice.ts'

const xml = (content: string): FileOut => ({ content, name: 'answer.xml', mediaType: 'text/xml', written: true })

export const emergencyRoutes = routes(emergency, {
  'GET /api/emergency/sets': async (context) => ({ items: await listSets(context) }),
  'POST /api/emergency/sets': async (context, { body }) => readSet(context, await addSet(context, body.organisationId, body.questions)),
  'PATCH /api/emergency/sets/:id': async (context, { params, body, version }) => {
    await changeSet(context, await accessSet(context, params.id), version, body.questions)
    return readSet(context, params.id)
  },
  'DELETE /api/emergency/sets/:id': async (context, { params }) => removeSet(context, await accessSet(context, params.id)),
  'GET /api/emergency/questions': (context, { query }) => questionsFor(context, query.personId),
  'GET /api/emergency/lines': async (context) => ({ items: await listLines(context) }),
  'POST /api/emergency/lines': (context, { body }) => addLine(context, body),
  'PATCH /api/emergency/lines/:id': async (context, { params, body, version }) => {
    await changeLine(context, await accessLine(context, params.id), version, body)
    return readLine(context, params.id)
  },
  'POST /api/emergency/lines/:id/renew-key': async (context, { params }) => renewLine(context, await accessLine(context, params.id)),
  'DELETE /api/emergency/lines/:id': async (context, { params }) => archiveLine(context, await accessLine(context, params.id)),
  'GET /api/reach': (context) => reachDesk(context),
  'GET /api/emergency/reach': ({ db }) => keptReach(db),
  'PATCH /api/emergency/reach': async (context, { body }) => {
    await changeReach(context, body)
    return keptReach(context.db)
  },
  'GET /api/emergency/card': (context, { query }) => readCard(context, query.organisationId),
  'POST /hooks/voice/:key': {
    before: (kernel, { params, body, client }) => hearVoice(kernel, { key: params.key }, body, client),
    answer: async (_context, _call, _reply, heard: string) => xml(heard),
  },
  'POST /hooks/voice/:key/:step': {
    before: (kernel, { params, body, client }) => hearVoice(kernel, params, body, client),
    answer: async (_context, _call, _reply, heard: string) => xml(heard),
  },
})
