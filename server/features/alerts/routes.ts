import { alerts } from '../../../contract/alerts.ts'
import { invalid } from '../../kernel/problem.ts'
import { type Reply, routes } from '../../kernel/routes.ts'
import { accessSilence, alertsOf, listAlerts, listSilences, readAlert, readSilence } from './access.ts'
import { accessSource, listSources, readSource, sourceToFold } from './access-sources.ts'
import {
  exampleOf,
  hearAlertmanager,
  hearChange,
  hearGeneric,
  hearPagerDuty,
  keepTold,
  keyIn,
  type PagerDutyAnswer,
} from './actions-hear.ts'
import { hearAct, hearNote, hearOpsgenie, type OpsgenieAnswer } from './actions-opsgenie.ts'
import { beginSilence, endSilence } from './actions-silences.ts'
import { addSource, archiveSource, changeSource, renewKey } from './actions-sources.ts'
import { mailIn, readMachineMail } from './rules-mail.ts'
import { wholeMapping } from './rules-mapping.ts'
import { readGeneric } from './rules-reading.ts'

const answered = <A extends PagerDutyAnswer | OpsgenieAnswer>(reply: Reply, { code, body }: A): A['body'] => {
  reply.status(code)
  return body
}

export const alertRoutes = routes(alerts, {
  'GET /api/alert-sources': async (context) => ({ items: await listSources(context) }),
  'POST /api/alert-sources': (context, { body }) => addSource(context, body),
  'PATCH /api/alert-sources/:id': async (context, { params, body, version }) => {
    await changeSource(context, await accessSource(context, params.id), version, body)
    return readSource(context, params.id)
  },
  'POST /api/alert-sources/:id/renew-key': async (context, { params }) => renewKey(context, await accessSource(context, params.id)),
  'POST /api/alert-sources/:id/test': async (context, { params, body }) => {
    const { kind, mapping } = await accessSource(context, params.id)
    const source = await sourceToFold(context.db, params.id)
    const told = exampleOf(kind, mapping, body.action, context.now.toString())
    if (source) await keepTold(context, source, told)
    return { taken: told.length }
  },
  'DELETE /api/alert-sources/:id': async (context, { params }) => archiveSource(context, await accessSource(context, params.id)),
  'POST /api/alert-sources/try': async (_context, { body }) => {
    const mapping = wholeMapping(body.kind, body.mapping)
    if (body.kind === 'mail') return readMachineMail(mailIn(body.sample), mapping)
    const [told] = readGeneric(jsonIn(body.sample), mapping) ?? []
    if (!told)
      throw invalid('sample', 'unreadable', 'In this example the mapping finds neither a key nor a device, a condition or a summary.')
    return told
  },
  'GET /api/alerts': (context, { query }) => listAlerts(context, query),
  'GET /api/alerts/:id': (context, { params }) => readAlert(context, params.id),
  'GET /api/tickets/:id/alerts': (context, { params }) => alertsOf(context, params.id),
  'GET /api/alert-silences': async (context) => ({
    items: await listSilences(context),
    can: { edit: context.actor.rights.has('routing.edit') },
  }),
  'POST /api/alert-silences': async (context, { body }) => readSilence(context, await beginSilence(context, body)),
  'DELETE /api/alert-silences/:id': async (context, { params }) => endSilence(context, await accessSilence(context, params.id)),
  'POST /v2/enqueue': {
    before: (kernel, { body, client }) => hearPagerDuty(kernel, body, client, 2),
    answer: async (_context, _call, reply, heard: PagerDutyAnswer) => answered(reply, heard),
  },
  'POST /v2/alerts': {
    before: (kernel, { body, client }) => hearOpsgenie(kernel, body, client),
    answer: async (_context, _call, reply, heard: OpsgenieAnswer) => answered(reply, heard),
  },
  'POST /v2/alerts/:identifier/close': {
    before: (kernel, { params, query, body, client }) => hearAct(kernel, named(params, query), 'resolve', body, client),
    answer: async (_context, _call, reply, heard: OpsgenieAnswer) => answered(reply, heard),
  },
  'POST /v2/alerts/:identifier/acknowledge': {
    before: (kernel, { params, query, body, client }) => hearAct(kernel, named(params, query), 'acknowledge', body, client),
    answer: async (_context, _call, reply, heard: OpsgenieAnswer) => answered(reply, heard),
  },
  'POST /v2/alerts/:identifier/notes': {
    before: (kernel, { params, query, body, client }) => hearNote(kernel, named(params, query), body, client),
    answer: async (_context, _call, reply, heard: OpsgenieAnswer) => answered(reply, heard),
  },
  'POST /v2/change/enqueue': {
    before: (kernel, { body, client }) => hearChange(kernel, body, client),
    answer: async (_context, _call, reply, heard: PagerDutyAnswer) => answered(reply, heard),
  },
  'POST /generic/2010-04-15/create_event.json': {
    before: (kernel, { body, client }) => hearPagerDuty(kernel, body, client, 1),
    answer: async (_context, _call, reply, heard: PagerDutyAnswer) => answered(reply, heard),
  },
  'POST /api/alerts/alertmanager': {
    before: (kernel, { body, client }) => hearAlertmanager(kernel, keyIn(client.authorization), body, client),
    answer: async (_context, _call, _reply, taken: number) => ({ taken }),
  },
  'POST /api/alerts/in/:key/alertmanager': {
    before: (kernel, { params, body, client }) => hearAlertmanager(kernel, params.key, body, client),
    answer: async (_context, _call, _reply, taken: number) => ({ taken }),
  },
  'POST /api/alerts/in/:key': {
    before: (kernel, { params, body, client }) => hearGeneric(kernel, params.key, body, client),
    answer: async (_context, _call, _reply, taken: number) => ({ taken }),
  },
})

const named = ({ identifier }: { identifier: string }, query: { identifierType: 'id' | 'alias' }) => ({
  identifier,
  type: query.identifierType,
})

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('sample', 'unreadable', 'This is not JSON. Paste what the machine sends, with its braces.')
  }
}
