import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { keepChoices } from '../notices/actions-choices.ts'
import type { House } from './actions-house.ts'

/**
 * How the people of Halyard live with notices: Jule has her evenings and weekends, Ravi, who is on call, sleeps while only
 * the pager wakes him, and Lotte reads in the morning what came in, and is told at once only when somebody means her.
 */
const workdays = [1, 2, 3, 4, 5]

export async function leaveOn(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const as = (key: string) => actAs(house.person(key).actor, now.subtract(Temporal.Duration.from({ hours: 24 * 40 })))
  await keepChoices(as('agent-jule'), {
    quiet: [
      { days: workdays, from: '18:00', until: '07:30' },
      { days: [6, 7], from: '00:00', until: '00:00' },
    ],
  })
  await keepChoices(as('agent-ravi'), {
    quiet: [{ days: [...workdays, 6, 7], from: '22:00', until: '06:30' }],
    mentionsInQuiet: 'held',
  })
  await keepChoices(as('agent-lotte'), { preset: 'calm', dailyAt: '08:15' })
}
