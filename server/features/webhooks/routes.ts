import { webhooks } from '../../../contract/webhooks.ts'
import { routes } from '../../kernel/routes.ts'
import { accessWebhook, listDeliveries, listWebhooks, readDelivery, readWebhook } from './access.ts'
import { addWebhook, changeSecret, changeWebhook, removeWebhook } from './actions.ts'
import { replay, sendTest } from './actions-deliveries.ts'

export const webhookRoutes = routes(webhooks, {
  'GET /api/webhooks': async (context) => ({ items: await listWebhooks(context) }),
  'GET /api/webhooks/:id': (context, { params }) => readWebhook(context, params.id),
  'POST /api/webhooks': (context, { body }) => addWebhook(context, body),
  'PATCH /api/webhooks/:id': async (context, { params, body, version }) => {
    await changeWebhook(context, await accessWebhook(context, params.id), version, body)
    return readWebhook(context, params.id)
  },
  'DELETE /api/webhooks/:id': async (context, { params }) => removeWebhook(context, await accessWebhook(context, params.id)),
  'POST /api/webhooks/:id/secret': async (context, { params }) => changeSecret(context, await accessWebhook(context, params.id)),
  'POST /api/webhooks/:id/test': async (context, { params }) => ({
    deliveryId: await sendTest(context, await accessWebhook(context, params.id)),
  }),
  'GET /api/webhooks/:id/deliveries': (context, { params, query }) => listDeliveries(context, params.id, query),
  'GET /api/webhook-deliveries/:id': (context, { params }) => readDelivery(context, params.id),
  'POST /api/webhooks/:id/replay': async (context, { params, body }) => replay(context, await accessWebhook(context, params.id), body),
})
