import type { Grouping, ViewQuery } from '../../../contract/views.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { fieldFacts } from '../fields/access.ts'
import { accessView } from '../views/access.ts'
import { addView, setAlert } from '../views/actions.ts'
import type { House } from './actions-house.ts'

/** The lists that Halyard IT looks at each morning: the lead's for everybody, in the language that she works in. */
type Kept = { name: string; query: ViewQuery; sort: 'newest' | 'oldest' | 'waiting' | 'priority'; position: number; grouping?: Grouping }
const open = { field: 'open', is: true } as const

export async function keepViews(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const lead = actAs(house.person('agent-mara').actor, now.subtract({ hours: 24 * 60 }))
  const urgent = await keep(lead, {
    name: 'P1 + P2',
    query: { all: [open, { field: 'priority', op: 'is', values: [1, 2] }], any: [] },
    sort: 'priority',
    position: 1,
  })
  await keep(lead, {
    name: lead.actor.language === 'de' ? 'Seit fünf Tagen still' : 'Quiet for five days',
    query: { all: [open, { field: 'changed', op: 'older', amount: 5, unit: 'days' }], any: [] },
    sort: 'oldest',
    position: 2,
  })
  const neededOn = (await fieldFacts(lead)).find((field) => field.key === 'needed-on')
  if (neededOn)
    await keep(lead, {
      name: lead.actor.language === 'de' ? 'In zwei Wochen gebraucht' : 'Needed in two weeks',
      query: { all: [open, { field: 'own', fieldId: neededOn.id, type: 'date', op: 'next', days: 14 }], any: [] },
      sort: 'oldest',
      position: 3,
      grouping: 'assignee',
    })
  await setAlert(lead, await accessView(lead, urgent, 'view.use'), 'at-once')
}

const keep = (context: Context, kept: Kept): Promise<string> =>
  addView(context, { grouping: null, ...kept, icon: 'list', scope: 'everyone', teamId: null, columns: [], pinned: true })
