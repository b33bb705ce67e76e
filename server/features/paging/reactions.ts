import type { Context } from '../../kernel/context.ts'
import type { QueuedJob } from '../../kernel/events.ts'
import { job } from '../../kernel/jobs.ts'
import { type ReactionTo, reactions } from '../../kernel/reactions.ts'
import '../mail/events.ts'
import '../sla/events.ts'
import '../tickets/events.ts'
import { learnRules, mayPage } from './access-policies.ts'
import { acknowledgeByMail, acknowledgeTaken, endWithTicket } from './actions-acts.ts'
import { pageTicket } from './actions-begin.ts'
import { failUndelivered } from './actions-mail.ts'
import { isAcknowledgement } from './rules.ts'
import './events.ts'

/** What happens to a ticket may wake somebody, or let them sleep on. */
const look = (context: Context, ticketId: string, again = false): QueuedJob | undefined =>
  !context.past && mayPage(context.kernel)
    ? job('paging.look', { ticketId, again }, { priority: -20, key: `paging.look:${ticketId}${again ? ':again' : ''}` })
    : undefined
/** Waited for: whether there is anything to look at is asked right after. */
const learn = async (context: Context) => {
  if (!context.past) await learnRules(context)
}

type Ending = 'ticket.resolved' | 'ticket.closed' | 'ticket.merged' | 'ticket.removed'
const ending = <T extends Ending>(why: string): ReactionTo<T> => ({
  now: (context, { subject, organisationId }) => endWithTicket(context, subject.id, organisationId ?? null, why),
})

export const pagingReactions = reactions({
  'ticket.created': { now: learn, later: (context, { subject }) => look(context, subject.id) },
  'ticket.changed': {
    now: async (context, { subject, organisationId, data }) => {
      await learn(context)
      // The one end of a ticket that has no event of its own.
      if (data.changes.meaning?.[1] === 'cancelled') await endWithTicket(context, subject.id, organisationId ?? null, 'closed')
    },
    later: (context, { subject }) => look(context, subject.id),
  },
  'ticket.reopened': { now: learn, later: (context, { subject }) => look(context, subject.id, true) },
  'ticket.assigned': {
    now: async (context, { subject, organisationId, data }) => {
      if (context.past) return
      await learn(context)
      if (data.teamId !== null && data.teamId !== data.fromTeamId)
        await endWithTicket(context, subject.id, organisationId ?? null, 'handed', data.teamId)
      if (data.assigneeId !== null && data.assigneeId === context.actor.id) await acknowledgeTaken(context, subject.id, data.assigneeId)
    },
    later: (context, { subject }) => look(context, subject.id),
  },
  'ticket.passed': {
    now: async (context, { subject, organisationId, data }) => {
      await learn(context)
      if (data.teamId !== data.fromTeamId) await endWithTicket(context, subject.id, organisationId ?? null, 'handed', data.teamId)
    },
    later: (context, { subject }) => look(context, subject.id),
  },
  'ticket.replied': {
    now: async (context, { ticketId, data, carry }) => {
      if (context.past || !ticketId || !data.internal || data.inboundMailId === null || !carry?.authorId) return
      if (isAcknowledgement(carry.body)) await acknowledgeByMail(context, ticketId, data.messageId, carry.authorId)
    },
  },
  'sla.page-asked': {
    now: async (context, { ticketId, data }) => {
      if (ticketId && !context.past) await pageTicket(context, ticketId, 'target', { teamId: data.teamId })
    },
  },
  'ticket.resolved': ending('resolved'),
  'ticket.closed': ending('closed'),
  'ticket.merged': ending('merged'),
  'ticket.removed': ending('removed'),
  'mail.undelivered': {
    now: (context, { data }) => failUndelivered(context, data.outboundMailId),
  },
})
