import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { followSplit, followTicket, tellMerged } from './actions-following.ts'
import { acknowledge, isHistory, mailReply, tellResolved } from './actions-letters.ts'
import { withdrawMail } from './actions-outbox.ts'

/** What the post does when something happened to a ticket: rows of the outbox, in the same transaction. */
export const mailReactions = reactions({
  'ticket.created': {
    now: async (context, event) => {
      if (event.data.acknowledge && !isHistory(context)) await context.alongside(acknowledge(context, event.subject.id))
    },
  },
  'ticket.replied': {
    now: async (context, event) => {
      const { direction, internal, messageId } = event.data
      if (direction === 'out' && !internal && !isHistory(context)) await mailReply(context, messageId)
    },
  },
  'ticket.merged': {
    now: async (context, { data }) => {
      await followTicket(context, data.fromId, data.intoId)
      if (data.tell) await tellMerged(context, data.fromId, data.intoId)
    },
  },
  'ticket.merge-undone': { now: (context, { data }) => followTicket(context, data.fromId, data.intoId) },
  'ticket.split': {
    now: async (context, { data }) => {
      if (data.how === 'move') await followSplit(context, data.fromId, data.toId, data.messageIds)
    },
  },
  'ticket.reply-withdrawn': { now: (context, event) => withdrawMail(context, event.data.messageId) },
  'ticket.resolved': {
    now: async (context, event) => {
      if (event.data.tell && event.ticketId && !isHistory(context)) await tellResolved(context, event.ticketId)
    },
  },
})
