import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { routeTicket } from './actions.ts'

/** A ticket that came without a team gets one before its opening is answered. */
export const routingReactions = reactions({
  'ticket.created': {
    now: async (context, event) => {
      const carry = event.carry
      if (!carry || carry.teamId !== null) return
      await routeTicket(context, { ...carry, id: event.subject.id })
    },
  },
})
