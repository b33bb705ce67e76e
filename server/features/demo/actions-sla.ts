import { type AgreementForm, agreementForm, type Goal } from '../../../contract/sla.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessAgreement } from '../sla/access.ts'
import { addAgreement, changeAgreement } from '../sla/actions.ts'
import { recount } from '../sla/actions-recount.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { createTicket } from '../tickets/actions-create.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import type { Happening } from './actions-history.ts'
import type { House } from './actions-house.ts'

/**
 * What Halyard IT has promised: everybody, and two customers more; what its network team promises the desk; and what the
 * carrier promises Halyard. The freight company's was renegotiated in spring, and both versions are kept.
 */
type Given = Parameters<typeof agreementForm.parse>[0]
const agreed = (given: Given): AgreementForm => agreementForm.parse(given)
const hour = 60
const goals = (...within: [priorities: number[], minutes: number][]): Partial<Goal>[] =>
  within.map(([values, minutes]) => ({
    ...(values.length > 0 ? { when: { all: [{ field: 'priority' as const, op: 'is' as const, values }], any: [] } } : {}),
    time: { minutes },
  }))
const warn = (...whom: ('assignee' | 'team' | 'leads')[]) => [{ do: 'notify', whom, personIds: [] }]
const warnings = [
  { percent: 50, acts: warn('assignee') },
  { percent: 75, acts: warn('assignee', 'leads') },
  { percent: 100, acts: warn('team', 'leads') },
]
const paged = [...warnings.slice(0, 2), { percent: 90, acts: [{ do: 'page', teamId: null }] }, warnings[2]]

const rules = (answer: Partial<Goal>[], solve: Partial<Goal>[], wish: number, thresholds: unknown[] = warnings) => [
  { key: 'answer', name: 'Erste Antwort / First answer', target: 'first-response', goals: answer, thresholds: warnings.slice(0, 2) },
  { key: 'solve', name: 'Störungen / Incidents', target: 'resolution', goals: solve, thresholds },
  { key: 'wish', name: 'Wünsche / Requests', target: 'fulfilment', goals: goals([[], wish]), thresholds: warnings },
]

export async function promise(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const act = (daysAgo: number) => actAs(house.person('administrator').actor, now.subtract({ hours: 24 * daysAgo }))
  const everybody = rules(
    goals([[1, 2], hour], [[], 4 * hour]),
    goals([[1], 8 * hour], [[2], 24 * hour], [[3], 60 * hour], [[], 160 * hour]),
    160 * hour,
  )
  await addAgreement(
    act(360),
    agreed({ kind: 'sla', name: 'Halyard Standard', services: 'Service desk, workplaces, servers', rules: everybody }),
  )
  const freight = agreed({
    kind: 'sla',
    name: 'Nordwind Logistik',
    organisationId: house.organisations.get('nordwind'),
    services: 'Arbeitsplätze, Lagerscanner, Nachtabfertigung Köln',
    penalties: '2 % der Monatspauschale je verfehltem Ziel der Priorität 1, höchstens 10 %.',
    reviewOn: now.toZonedDateTimeISO('Europe/Berlin').toPlainDate().add({ days: 45 }).toString(),
    rules: rules(
      goals([[1], 30], [[2], hour], [[], 4 * hour]),
      goals([[1], 6 * hour], [[2], 16 * hour], [[], 80 * hour]),
      160 * hour,
      paged,
    ),
  })
  const id = await addAgreement(act(350), freight)
  const spring = act(200)
  const closer = rules(
    goals([[1], 15], [[2], 45], [[], 2 * hour]),
    goals([[1], 4 * hour], [[2], 12 * hour], [[], 60 * hour]),
    120 * hour,
    paged,
  )
  const talk = [
    { key: 'next', name: 'Weitere Antworten', target: 'next-response', goals: goals([[1, 2], 4 * hour], [[], 16 * hour]), thresholds: [] },
    { key: 'update', name: 'Zwischenstand', target: 'update', goals: goals([[1, 2], 16 * hour], [[], 60 * hour]), thresholds: [] },
  ]
  await changeAgreement(spring, await accessAgreement(spring, id), 1, { rules: agreed({ ...freight, rules: [...closer, ...talk] }).rules })
  await addAgreement(
    act(300),
    agreed({
      kind: 'sla',
      name: 'Lumen Optik',
      organisationId: house.organisations.get('lumen'),
      services: 'Clean rooms in Berlin, offices in Munich and Boston',
      rules: [
        ...rules(goals([[1, 2], 30], [[], 4 * hour]), goals([[1], 4 * hour], [[2], 16 * hour], [[], 80 * hour]), 60 * hour).slice(0, 2),
        {
          key: 'wish',
          name: 'Requests',
          target: 'fulfilment',
          goals: [{ time: { days: 10, by: '16:00' } }],
          thresholds: warnings.slice(2),
        },
      ],
    }),
  )
  await addAgreement(act(355), team(house))
  await addAgreement(act(355), carrier())
}

const team = (house: House): AgreementForm =>
  agreed({
    kind: 'ola',
    name: 'Network for the service desk',
    teamId: house.teams.get('network'),
    services: 'What the desk passes on to Network',
    rules: [
      {
        key: 'solve',
        name: 'Solve or pass on',
        target: 'resolution',
        goals: goals([[1, 2], 2 * hour], [[], 24 * hour]),
        thresholds: warnings.slice(1, 2),
      },
    ],
  })
const carrier = (): AgreementForm =>
  agreed({
    kind: 'uc',
    name: 'Leuchtnetz lines',
    vendor: 'Leuchtnetz GmbH',
    services: 'Glasfaser aller Standorte, Entstörung rund um die Uhr',
    penalties: '10 % der Monatsmiete der Leitung je angefangener Stunde',
    rules: [
      {
        key: 'line',
        name: 'Entstörung',
        target: 'resolution',
        clock: 'calendar',
        goals: [{ time: { minutes: 8 * hour } }],
        start: {
          all: [
            { field: 'meaning', op: 'is', values: ['waiting-vendor'] },
            { field: 'open', is: true },
          ],
          any: [],
        },
        thresholds: warnings.slice(1, 2),
      },
    ],
  })

/**
 * A ticket of Friday at ten to five, the week before: answered and asked back the same evening, answered by the customer on
 * Monday, then raised, because the tender depends on it. Its account tells all of that.
 */
const friday = {
  subject: 'Plotter stops in the middle of every A0 sheet',
  body: 'Hello, since this afternoon the big plotter in the drawing office stops after about half a metre and spits the sheet out. Two colleagues have the same. Desmond',
  asked: 'Hello Desmond,\n\nwhich light is on when it stops, and is it the same with a sheet from the second roll?',
  back: 'The red one beside the paper. With the second roll it does the same.',
  raised: 'The tender has to be plotted this week, and there is no second plotter in Leeds.',
}
export function fridayStory(actAs: ActAs, house: House, now: Instant): Happening[] {
  const today = now.toZonedDateTimeISO('Europe/London').toPlainDate()
  const day = today.subtract({ days: ((today.dayOfWeek + 2) % 7) + 7 })
  const at = (days: number, time: string) => day.add({ days }).toZonedDateTime({ timeZone: 'Europe/London', plainTime: time }).toInstant()
  const [asker, agent] = [house.person('plotter'), house.person('agent-owen')]
  const says = (who: typeof asker) => ({ authorId: who.id, from: { name: who.name, email: who.email } })
  const { subject, body } = friday
  let id = ''
  const asked = { subject, body, kind: 'incident' as const, canWork: 'with-difficulty' as const, affected: 'me' as const }
  const edit = async (context: Context, change: Parameters<typeof editTicket>[2]) =>
    editTicket(context, await accessTicket(context, id, 'ticket.edit'), change)
  const happening = (when: Instant, who: typeof asker, act: (context: Context) => Promise<unknown>): Happening => ({
    at: when.epochMilliseconds,
    act: () => act(actAs(who.actor, when)),
  })
  return [
    happening(at(0, '16:50'), asker, async (context) => {
      id = await createTicket(context, asked)
    }),
    happening(at(0, '17:10'), agent, async (context) => {
      await edit(context, { teamId: house.teams.get('workplace')!, assigneeId: agent.id })
      const open = await accessTicket(context, id, 'ticket.reply')
      await addMessage(context, open, { kind: 'mail', direction: 'out', audience: 'everyone', ...says(agent), subject, body: friday.asked })
      await edit(context, { statusId: house.statuses.get('waiting-requester')! })
    }),
    happening(at(3, '09:40'), asker, async (context) => {
      const waiting = await accessTicket(context, id, 'ticket.reply')
      await addMessage(context, waiting, {
        kind: 'portal',
        direction: 'in',
        audience: 'everyone',
        ...says(asker),
        subject,
        body: friday.back,
      })
    }),
    happening(at(3, '10:00'), agent, (context) => edit(context, { priority: 2, priorityReason: friday.raised })),
  ]
}

/** Tickets that are still open get their clocks, from all that happened to them. */
export const countOpenTickets = (kernel: Kernel): Promise<void> =>
  recount(kernel, { cause: 'sample', causeId: '0', below: null, tickets: 0, clocks: 0 })
