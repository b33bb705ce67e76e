import { Problem } from '../../kernel/problem.ts'
import { reactions } from '../../kernel/reactions.ts'
import '../tickets/events.ts'
import { openMandatory } from './access.ts'
import { bringTasksBack, carryTasks } from './actions-following.ts'

/** Tasks go with a merged ticket. None is resolved over mandatory tasks: the refusal takes the whole request back. */
export const taskReactions = reactions({
  'ticket.merged': { now: (context, { data }) => carryTasks(context, data.fromId, data.intoId) },
  'ticket.merge-undone': { now: (context, { data }) => bringTasksBack(context, data) },
  'ticket.resolved': {
    now: async (context, { subject }) => {
      const names = await openMandatory(context, subject.id)
      if (names.length === 0) return
      const said = names.map((name) => `“${name}”`).join(', ')
      throw new Problem('tasks_open', `Finish the mandatory tasks first, or mark them as not needed: ${said}.`, { details: { names } })
    },
  },
})
