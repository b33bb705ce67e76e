import { reactions } from '../../kernel/reactions.ts'
import '../people/events.ts'
import '../routing/events.ts'
import '../tasks/events.ts'
import '../tickets/events.ts'
import { dropScheduled } from './actions-scheduled.ts'
import { switchOffBroken } from './actions-switch-off.ts'

export const readymadeReactions = reactions({
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      if (ticketId && data.direction === 'in') await dropScheduled(context, ticketId, 'requester-wrote', { overtakenBy: data.messageId })
    },
  },
  'ticket.closed': { now: (context, { subject }) => dropScheduled(context, subject.id, 'ticket-closed') },
  'ticket.removed': { now: (context, { subject }) => dropScheduled(context, subject.id, 'ticket-removed') },
  'team.archived': { now: (context, { subject }) => switchOffBroken(context, 'team', subject.id) },
  'person.archived': { now: (context, { subject }) => switchOffBroken(context, 'person', subject.id) },
  'category.changed': {
    now: async (context, { subject, data }) => {
      if (data.fields.includes('archived')) await switchOffBroken(context, 'category', subject.id)
    },
  },
  'task-template.removed': { now: (context, { subject }) => switchOffBroken(context, 'task-template', subject.id) },
})
