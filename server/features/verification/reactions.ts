import { reactions } from '../../kernel/reactions.ts'
import '../people/events.ts'
import '../tickets/events.ts'
import { expireOn, refuseUnverified, tellMoment } from './actions.ts'

/** Where the category asks for it, nothing is resolved or answered before the caller is known: the refusal takes all back. */
export const verificationReactions = reactions({
  'ticket.resolved': { now: (context, { subject }) => refuseUnverified(context, subject.id, 'no') },
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      // What was said on the phone is only written down; asking back is always right.
      const answer = data.direction === 'out' && !data.internal && data.kind !== 'phone'
      if (ticketId && answer) await context.alongside(refuseUnverified(context, ticketId, 'allowed'))
    },
  },
  'ticket.reopened': { now: (context, { subject }) => expireOn(context, subject.id) },
  'person.created': { now: (context, { subject }) => tellMoment(context, subject.id) },
  'person.changed': {
    now: async (context, { subject, data }) => {
      if (data.fields.includes('phones') || data.fields.includes('email')) await tellMoment(context, subject.id)
    },
  },
})
