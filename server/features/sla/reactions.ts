import type { EventType } from '../../kernel/events.ts'
import { type Reactions, type ReactionTo, reactions } from '../../kernel/reactions.ts'
import '../calendars/events.ts'
import '../tickets/events.ts'
import { recountLater } from './actions.ts'
import { moveClocks } from './actions-clocks.ts'
import './events.ts'

/** Whatever a clock could see moves the clocks of that ticket in the same moment, so that the answer already carries them. */
const moving: ReactionTo<EventType> = {
  now: async (context, { ticketId }) => {
    if (ticketId) await moveClocks(context, ticketId)
  },
}
const seen = [
  'ticket.created',
  'ticket.reply-withdrawn',
  'ticket.changed',
  'ticket.assigned',
  'ticket.passed',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'ticket.removed',
  'ticket.brought-back',
  'ticket.merged',
  'ticket.took-over',
  'ticket.merge-undone',
  'ticket.gave-back',
  'ticket.split',
  'ticket.message-moved',
] as const

export const slaReactions = reactions({
  ...(Object.fromEntries(seen.map((type) => [type, moving])) as Reactions),
  'ticket.replied': {
    now: async (context, { ticketId, data }) => {
      if (ticketId) await moveClocks(context, ticketId, { replied: data.direction === 'out' && !data.internal })
    },
  },
  // The clocks find the new hours by themselves; those that are open are counted anew.
  'calendar.changed': { now: async (context, { subject }) => recountLater(context, 'calendar', subject.id) },
  'calendar.holidays-extended': { now: async (context, { subject }) => recountLater(context, 'calendar', subject.id) },
})
