import { z } from 'zod'
import { contract, id, idInput, instant, instantInput, line, page, paging, personRef } from './endpoint.ts'

/**
 * Outgoing webhooks after the Standard Webhooks specification: headers webhook-id, webhook-timestamp and
 * webhook-signature, body {type, timestamp, data}. A body tells a ticket as its requester may know it: never an internal
 * note, never what a restricted ticket is about.
 */
export const webhookTypes = [
  'ticket.created',
  'ticket.replied',
  'ticket.changed',
  'ticket.assigned',
  'ticket.passed',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'ticket.merged',
] as const
export const webhookStates = ['waiting', 'delivered', 'failed'] as const

const url = z.string().trim().min(1).max(2000).meta({ description: 'https://…; nothing is followed from there.' })
const types = z.array(z.enum(webhookTypes)).max(webhookTypes.length).meta({ description: 'Empty: only what rules send there.' })
export const webhook = z.object({
  id,
  version: z.number(),
  name: z.string(),
  url: z.string(),
  types: z.array(z.enum(webhookTypes)),
  owner: personRef,
  createdAt: instant,
  on: z.boolean(),
  offWhy: z.enum(['hand', 'gone', 'failing']).nullable().meta({ description: 'gone: it answered 410. failing: for 72 hours.' }),
  failingSince: instant.nullable(),
  hasSecret: z.boolean(),
  secretBeforeUntil: instant.nullable().meta({ description: 'Until then the secret before signs as well.' }),
  waiting: z.number().meta({ description: 'How many deliveries wait, at most 1,000 counted.' }),
})
const withSecret = webhook.extend({ secret: z.string().meta({ description: 'whsec_…; shown this once.' }) })

export const delivery = z.object({
  id,
  key: z.string().meta({ description: 'The header webhook-id.' }),
  type: z.string(),
  at: instant,
  state: z.enum(webhookStates),
  tries: z.number(),
  nextAt: instant.nullable(),
  ticketId: id.nullable(),
  lastStatus: z.number().nullable(),
  lastCause: z.string(),
})
const oneTry = z.object({ at: instant, status: z.number().nullable(), ms: z.number(), cause: z.string(), answer: z.string() })
const fullDelivery = delivery.extend({ body: z.string(), allTries: z.array(oneTry) })

export const webhooks = contract({
  'GET /api/webhooks': {
    summary: 'All webhooks.',
    who: 'automation.edit',
    returns: z.object({ items: z.array(webhook) }),
  },
  'GET /api/webhooks/:id': { summary: 'One webhook.', who: 'automation.edit', returns: webhook },
  'POST /api/webhooks': {
    summary: 'Adds one. Its secret is shown in this answer and never again.',
    who: 'automation.edit',
    status: 201,
    returns: withSecret,
    body: z.strictObject({ name: line(100), url, types: types.default([]) }),
  },
  'PATCH /api/webhooks/:id': {
    summary: 'Changes it, switches it off or on. Switched on again it goes on with what waits.',
    who: 'automation.edit',
    ifMatch: true,
    returns: webhook,
    body: z.strictObject({ name: line(100), url, types, on: z.boolean() }).partial(),
  },
  'DELETE /api/webhooks/:id': { summary: 'Removes it with what waits; rules that use it are switched off.', who: 'automation.edit' },
  'POST /api/webhooks/:id/secret': {
    summary: 'Makes a new secret; for 24 hours the one before signs as well.',
    who: 'automation.edit',
    returns: withSecret,
  },
  'POST /api/webhooks/:id/test': {
    summary: 'Sends a delivery of the type `test` there.',
    who: 'automation.edit',
    status: 202,
    returns: z.object({ deliveryId: id }),
  },
  'GET /api/webhooks/:id/deliveries': {
    summary: 'What was sent or waits, newest first; kept for seven days. Keyset pages.',
    who: 'automation.edit',
    returns: page(delivery),
    query: z.object({ ...paging, state: z.enum(webhookStates).optional() }),
  },
  'GET /api/webhook-deliveries/:id': { summary: 'One delivery with its body and each try.', who: 'automation.edit', returns: fullDelivery },
  'POST /api/webhooks/:id/replay': {
    summary: 'Sends deliveries again, in their order and under the same webhook-id: these, or all of a time (at most 1,000 at once).',
    who: 'automation.edit',
    status: 202,
    returns: z.object({ count: z.number(), more: z.boolean() }),
    body: z
      .strictObject({
        ids: z.array(idInput).min(1).max(1000).optional(),
        from: instantInput.optional(),
        until: instantInput.optional(),
        state: z.enum(['delivered', 'failed']).optional(),
      })
      .refine((b) => b.ids !== undefined || b.from !== undefined, {
        path: ['from'],
        message: 'Say since when, or name the deliveries.',
      }),
  },
})
export type Webhook = z.infer<typeof webhook>
export type Delivery = z.infer<typeof delivery>
export type WebhookType = (typeof webhookTypes)[number]
