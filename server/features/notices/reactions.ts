import { reactions } from '../../kernel/reactions.ts'
import '../mail/events.ts'
import '../tickets/events.ts'
import { tellAdministrators, tellAssignee, tellMentioned, tellOfAnswer, tellOfNote, tellTeam, tellUndelivered } from './actions.ts'

/** Who is told of what. Never of one's own acts, and never of a ticket that one may not see: actions.ts sees to both. */
export const noticeReactions = reactions({
  'ticket.created': {
    now: async (context, { subject, data, carry }) => {
      if (carry?.assigneeId) await tellAssignee(context, subject.id, data.messageId)
      // One that came without a team is told of when routing gives it one (ticket.assigned).
      if (data.teamId !== null) await tellTeam(context, subject.id, 'team', data.messageId)
    },
  },
  'ticket.assigned': {
    now: async (context, { subject, data }) => {
      if (data.assigneeId !== null && data.assigneeId !== data.fromAssigneeId) await tellAssignee(context, subject.id)
      else if (data.assigneeId === null && data.teamId !== null && data.teamId !== data.fromTeamId)
        await tellTeam(context, subject.id, 'team')
    },
  },
  'ticket.passed': {
    now: async (context, { subject, data }) => {
      if (data.assigneeId !== null) await tellAssignee(context, subject.id, data.messageId)
      else await tellTeam(context, subject.id, 'passed', data.messageId)
    },
  },
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      if (!ticketId) return
      if (data.direction === 'in') await tellOfAnswer(context, ticketId, data.messageId)
      else if (data.internal) await tellOfNote(context, ticketId, data.messageId)
    },
  },
  'ticket.reopened': {
    now: async (context, { subject, data }) => {
      if (data.messageId !== null) await tellOfAnswer(context, subject.id, data.messageId)
    },
  },
  'mailbox.failing': { now: (context) => tellAdministrators(context) },
  'mail.undelivered': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellUndelivered(context, ticketId, data.messageId)
    },
  },
  'ticket.mentioned': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await tellMentioned(context, ticketId, data.messageId, data.personIds)
    },
  },
})
