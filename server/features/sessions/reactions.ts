import { reactions } from '../../kernel/reactions.ts'
import { sendInvitation, voidLinks } from './actions-links.ts'
import { endSessions } from './actions-sessions.ts'
import { revokeAllTokens } from './actions-tokens.ts'

export const sessionReactions = reactions({
  'person.archived': {
    now: async (context, { subject }) => {
      await endSessions(context, subject.id, 'archived')
      await revokeAllTokens(context, subject.id)
      await voidLinks(context, subject.id)
    },
  },
  /** A link that went to the old address opens nothing any more (G-086). */
  'person.changed': {
    now: async (context, { subject, data }) => {
      if (data.fields.includes('email')) await voidLinks(context, subject.id)
    },
  },
  'person.invited': { now: (context, { subject }) => sendInvitation(context, subject.id) },
})
