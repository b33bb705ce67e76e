import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { bringCallsBack, carryCalls } from './actions-following.ts'

/** Calls and call-backs go with a merged ticket. */
export const callReactions = reactions({
  'ticket.merged': { now: (context, { data }) => carryCalls(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringCallsBack(context, data) },
})
