import { reactions } from '../../kernel/reactions.ts'
import '../mail/events.ts'
import { hearMail } from './actions-mail.ts'

/** What the post brings for a machine's address is kept here, before the mail is settled. */
export const alertReactions = reactions({
  'mail.to-machine': {
    now: async (context, { data, carry }) => {
      if (carry) await hearMail(context, data.sourceIds, carry)
    },
  },
})
