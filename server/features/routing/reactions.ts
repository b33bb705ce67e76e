import { job } from '../../kernel/jobs.ts'
import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { routeTicket } from './actions.ts'
import './events.ts'

/** A ticket that came without a team gets one before its opening is answered. */
export const routingReactions = reactions({
  'ticket.created': {
    now: async (context, event) => {
      const carry = event.carry
      if (!carry || carry.teamId !== null) return
      await routeTicket(context, { ...carry, id: event.subject.id })
    },
  },
  // Whoever had it has it again, if they are there.
  'ticket.reopened': { later: (_, { subject }) => job('routing.look-reopened', { ticketId: subject.id }) },
  // Passed to a team: it is given out at once if the team does that, and not only with the next minute.
  'ticket.passed': {
    later: (_, { data }) =>
      data.assigneeId === null ? job('routing.give-out', { teamId: data.teamId }, { key: `give-out:${data.teamId}` }) : undefined,
  },
})
