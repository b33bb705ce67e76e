import { reactions } from '../../kernel/reactions.ts'
import './events.ts'

/** Tickets react to nothing below them yet; mail, routing, notices and search react to tickets. */
export const ticketReactions = reactions({})
