import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { bringVisitsBack, carryVisits } from './actions-following.ts'

/** Visits go with a merged ticket. */
export const visitReactions = reactions({
  'ticket.merged': { now: (context, { data }) => carryVisits(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringVisitsBack(context, data) },
})
