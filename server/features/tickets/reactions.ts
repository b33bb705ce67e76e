import { reactions } from '../../kernel/reactions.ts'
import { bringHelpBack, carryHelp } from './actions-help.ts'
import './events.ts'

/** What belongs to a ticket goes along when it is merged; mail, routing, notices and search react to tickets for themselves. */
export const ticketReactions = reactions({
  'ticket.merged': { now: (context, { data }) => carryHelp(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringHelpBack(context, data) },
})
