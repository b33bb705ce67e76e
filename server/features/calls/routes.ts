import { calls } from '../../../contract/calls.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessCall, accessCallBack, callBacksOf, listCallBacks, listCalls, readCall, readCallBack } from './access.ts'
import { findCallers } from './access-callers.ts'
import { accessSystem, extensionOf, listSystems } from './access-systems.ts'
import { logCall, settleCall } from './actions.ts'
import { askCallBack, changeCallBack, settleCallBack } from './actions-backs.ts'
import { hearCti } from './actions-cti.ts'
import { addSystem, keepExtension, removeSystem, rotateKey } from './actions-systems.ts'

export const callRoutes = routes(calls, {
  'GET /api/callers': (context, { query }) => findCallers(context, query.q),
  'POST /api/calls': async (context, { body }) => {
    const { callId, ticketId } = await logCall(context, body)
    return { call: await readCall(context, callId), ticketId }
  },
  'GET /api/calls': (context, { query }) => listCalls(context, query),
  'GET /api/calls/:id': (context, { params }) => readCall(context, params.id),
  'POST /api/calls/:id/settle': async (context, { params }) => {
    await settleCall(context, await accessCall(context, params.id))
    return readCall(context, params.id)
  },
  'GET /api/call-backs': (context, { query }) => listCallBacks(context, query),
  'GET /api/tickets/:id/call-backs': async (context, { params }) =>
    callBacksOf(context, await accessTicket(context, params.id, 'ticket.see')),
  'POST /api/tickets/:id/call-backs': async (context, { params, body }) =>
    readCallBack(context, await askCallBack(context, await accessTicket(context, params.id, 'ticket.edit'), body)),
  'PATCH /api/call-backs/:id': async (context, { params, body, version }) => {
    await changeCallBack(context, await accessCallBack(context, params.id), version, body)
    return readCallBack(context, params.id)
  },
  'POST /api/call-backs/:id/result': async (context, { params, body }) => {
    await settleCallBack(context, await accessCallBack(context, params.id), body)
    return readCallBack(context, params.id)
  },
  'GET /api/me/extension': async (context) => ({ number: await extensionOf(context) }),
  'PUT /api/me/extension': async (context, { body }) => {
    await keepExtension(context, body.number)
    return { number: await extensionOf(context) }
  },
  'GET /api/phone-systems': async (context) => ({ items: await listSystems(context) }),
  'POST /api/phone-systems': (context, { body }) => addSystem(context, body.name),
  'POST /api/phone-systems/:id/rotate': async (context, { params }) => rotateKey(context, await accessSystem(context, params.id)),
  'DELETE /api/phone-systems/:id': async (context, { params }) => removeSystem(context, await accessSystem(context, params.id)),
  'POST /api/cti/:key': {
    before: (kernel, { params, body, client }) => hearCti(kernel, params.key, body, client.address),
    answer: async () => ({}),
  },
})
