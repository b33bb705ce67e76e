import type { WebhookType } from '../../../contract/webhooks.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { NewEvent, QueuedJob } from '../../kernel/events.ts'
import { type JobTypes, job } from '../../kernel/jobs.ts'
import { type ReactionTo, reactions } from '../../kernel/reactions.ts'
import { newToken } from '../../kernel/secrets.ts'
import '../tickets/events.ts'
import { isAwaited, learnAwaited } from './access-awaited.ts'
import './events.ts'
import { toldOf } from './rules.ts'

/** One job for all that a transaction did to a ticket: the later ones of its events join the first one's job. */
const noted = new WeakMap<Context, Map<string, JobTypes['webhooks.note']>>()
const lanes = 8n

function note(context: Context, { type, ticketId, data }: NewEvent): QueuedJob | undefined {
  if (!ticketId || !isAwaited(context.kernel, type)) return undefined
  const told = toldOf(type, data as Record<string, unknown>)
  if (told === null) return undefined
  const own = noted.get(context) ?? new Map<string, JobTypes['webhooks.note']>()
  noted.set(context, own)
  const one = { type, at: onWire(context.now), data: told }
  const known = own.get(ticketId)
  if (known) {
    known.events.push(one)
    return undefined
  }
  const payload = { ticketId, key: newToken(), events: [one] }
  own.set(ticketId, payload)
  return job('webhooks.note', payload, { queue: `webhooks-${BigInt(ticketId) % lanes}` })
}

const noting: ReactionTo<WebhookType> = {
  now: async (context) => {
    if (!context.past) await learnAwaited(context)
  },
  later: (context, event) => note(context, event as NewEvent),
}

export const webhookReactions = reactions({
  'ticket.created': noting as ReactionTo<'ticket.created'>,
  'ticket.replied': noting as ReactionTo<'ticket.replied'>,
  'ticket.changed': noting as ReactionTo<'ticket.changed'>,
  'ticket.assigned': noting as ReactionTo<'ticket.assigned'>,
  'ticket.passed': noting as ReactionTo<'ticket.passed'>,
  'ticket.resolved': noting as ReactionTo<'ticket.resolved'>,
  'ticket.reopened': noting as ReactionTo<'ticket.reopened'>,
  'ticket.closed': noting as ReactionTo<'ticket.closed'>,
  'ticket.merged': noting as ReactionTo<'ticket.merged'>,
})
