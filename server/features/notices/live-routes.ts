import { live as liveContract } from '../../../contract/desk.ts'
import type { Live } from '../../kernel/live.ts'
import { routes } from '../../kernel/routes.ts'
import { accessTicket, audienceOf } from '../tickets/access.ts'

/** The live stream and presence. Both are filtered by the actor's rights in kernel/live.ts. */
export const liveRoutes = (live: Live) =>
  routes(liveContract, {
    'GET /api/live':
      async ({ actor }) =>
      (response) =>
        live.attach(actor, response),
    'PUT /api/presence': async (context, { body }) => {
      const { actor } = context
      if (actor.id === null) return undefined
      if (body.ticketId !== null) await accessTicket(context, body.ticketId, 'ticket.note')
      const audience = body.ticketId === null ? null : await audienceOf(context, body.ticketId)
      const person = { id: actor.id, name: actor.name }
      context.afterCommit(() =>
        live.present({ ticketId: body.ticketId ?? '0', person, typing: body.typing, idle: body.idle, tab: body.tab }, audience),
      )
      return undefined
    },
  })
