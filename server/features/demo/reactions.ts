import { reactions } from '../../kernel/reactions.ts'
import '../sessions/events.ts'
import { beginScript } from './actions-script.ts'

/** The scripted mails begin with the first sign-in through a card, never by a token or a password. */
export const demoReactions = reactions({
  'session.started': {
    now: async (context, { data }) => {
      if (data.how === 'card') await beginScript(context)
    },
  },
})
