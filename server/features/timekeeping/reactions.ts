import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { bringTimeBack, carryTime } from './actions-following.ts'

/** Time goes with a merged ticket. */
export const timeReactions = reactions({
  'ticket.merged': { now: (context, { data }) => carryTime(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringTimeBack(context, data) },
})
