import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessTicket } from '../tickets/access.ts'
import { addTime, changeTimeSettings } from '../timekeeping/actions.ts'
import { pauseTimer, startTimer } from '../timekeeping/actions-timers.ts'
import type { House } from './actions-house.ts'
import { type Chance, chanceOf } from './chance.ts'
import { asInstant } from './office-hours.ts'
import type { Step, TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/** The time of the last weeks, written down by whoever answered, noted, rang or solved; and one clock that is paused. */
const written = 45 * 86_400_000

const said = {
  answer: { en: 'Looked into it and answered', de: 'Nachgesehen und geantwortet' },
  write: { en: 'On the phone', de: 'Am Telefon' },
  note: { en: 'Searched for the cause', de: 'Ursache gesucht' },
  resolve: { en: 'Fixed and checked', de: 'Behoben und geprüft' },
} as const
type Told = keyof typeof said
const isTold = (act: string): act is Told => act in said

type Entry = { plan: TicketPlan; by: string; at: number; minutes: number; act: Told }

export async function writeTime(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  await changeTimeSettings(actAs(house.person('administrator').actor, house.began), {
    unit: 5,
    rounding: 'up',
    show: 'minutes',
    billable: true,
  })
  const chance = chanceOf('time')
  const entries = year.tickets
    .flatMap((plan) => entriesOf(plan, now.epochMilliseconds, chance.branch(plan.key)))
    .filter(({ plan }) => house.tickets.has(plan.key))
    .sort((a, b) => a.at - b.at)
  for (const { plan, by, at, minutes, act } of entries) {
    const context = actAs(house.person(by).actor, asInstant(at))
    const ticket = await accessTicket(context, house.tickets.get(plan.key)!, 'ticket.note')
    await addTime(context, ticket, { minutes, note: said[act][plan.language] })
  }
  await leaveClock(actAs, house, year, now)
}

/** One entry for each person and day of a ticket, about its last act; restricted matters are written down elsewhere. */
function entriesOf(plan: TicketPlan, now: number, chance: Chance): Entry[] {
  if (plan.steps.some((step) => step.act.do === 'restrict')) return []
  const found = new Map<string, Entry>()
  for (const step of plan.steps) {
    if (!step.by.startsWith('agent-') || step.at < now - written || !isTold(step.act.do)) continue
    const key = `${step.by} ${Math.floor(step.at / 86_400_000)}`
    const before = found.get(key)?.minutes ?? 0
    found.set(key, {
      plan,
      by: step.by,
      at: Math.min(step.at + 60_000, now),
      minutes: Math.min(before + lengthOf(step, chance), 240),
      act: step.act.do,
    })
  }
  return [...found.values()]
}

const lengthOf = (step: Step, chance: Chance): number => (step.act.do === 'note' ? chance.between(5, 35) : chance.between(3, 18))

async function leaveClock(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const mine = year.tickets.findLast((plan) => plan.open && plan.steps.at(-1)?.by === 'agent-tunde')
  const id = mine && house.tickets.get(mine.key)
  if (!id) return
  const { actor } = house.person('agent-tunde')
  const started = actAs(actor, now.subtract({ minutes: 16 }))
  await startTimer(started, await accessTicket(started, id, 'ticket.note'), null)
  await pauseTimer(actAs(actor, now.subtract({ minutes: 4 })), id)
}
