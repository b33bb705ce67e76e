import { reactions } from '../../kernel/reactions.ts'
import '../mail/events.ts'
import '../tickets/events.ts'
import { bringSidesBack, carrySides, takeSideMail } from './actions-arriving.ts'

/** What the post brings for a side conversation is written here; a merged ticket takes its own along. */
export const sideReactions = reactions({
  'mail.for-side': {
    now: async (context, { data, carry }) => {
      if (carry) await takeSideMail(context, data.sideId, carry)
    },
  },
  'ticket.merged': { now: (context, { data }) => carrySides(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringSidesBack(context, data) },
})
