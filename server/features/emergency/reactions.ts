import { reactions } from '../../kernel/reactions.ts'
import '../calls/events.ts'
import { judgeCall } from './actions-judge.ts'

/** Who takes a call outside the hours sends the answers with it. */
export const emergencyReactions = reactions({
  'call.logged': {
    now: async (context, { subject, data, carry }) => {
      if (carry?.severity) await judgeCall(context, subject.id, carry.severity, data.ending === 'add')
    },
  },
})
