import type { Content } from '../../../contract/readymade.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { addReadymade } from '../readymade/actions.ts'
import { addRecurring } from '../readymade/actions-recurring.ts'
import { scheduleReply } from '../readymade/actions-scheduled.ts'
import { listTemplates } from '../tasks/access-templates.ts'
import { accessTicket } from '../tickets/access.ts'
import type { House } from './actions-house.ts'

/** What Halyard IT keeps ready: the answers it writes every day, the outage that it knows, and the checks of every month. */
const words = (en: string, de: string) => ({ en, de })
type Kept = { name: ReturnType<typeof words>; folder?: string; content: Content }

export async function keepReady(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const lead = actAs(house.person('agent-mara').actor, now.subtract({ hours: 24 * 90 }))
  const templates = await listTemplates(lead)
  const tasks = (name: string) => templates.find((one) => one.name.en === name)?.id ?? null
  const keep = (context: Context, kept: Kept) => everybody(context, kept)
  for (const kept of [...macros(house), ...snippets()]) await keep(lead, kept)
  const guideId = await keep(lead, lineGuide(house))
  await keep(lead, lineModel(house, guideId))
  await keep(lead, starter(house, tasks('New starter')))
  const restore = await keep(lead, restoreTest(house))
  await addRecurring(actAs(house.person('agent-mara').actor, now), {
    templateId: restore,
    requesterId: house.person('agent-ravi').id,
    calendar: { every: 'month', on: { by: 'last-working-day' }, at: '08:00', weekends: 'keep' },
    timeZone: 'Europe/Berlin',
  })
  await answerTomorrow(actAs, house, now)
}

const everybody = (context: Context, { name, folder = '', content }: Kept): Promise<string> =>
  addReadymade(context, { name, scope: 'everyone', teamId: null, folder, position: 0, content })

const macros = (house: House): Kept[] => [
  {
    name: words('Password was reset', 'Passwort zurückgesetzt'),
    folder: 'Accounts',
    content: {
      kind: 'macro',
      steps: [
        { do: 'category', categoryId: house.categories.get('access.password')! },
        { do: 'assignee', assigneeId: 'me' },
        {
          do: 'reply',
          text: words(
            'Hello {{requester.firstName}},\n\nyour password is reset. You will be asked for a new one when you sign in next.\n\nKind regards\n{{agent.name}}',
            'Guten Tag {{requester.firstName}},\n\nIhr Passwort ist zurückgesetzt. Bei der nächsten Anmeldung werden Sie nach einem neuen gefragt.\n\nViele Grüße\n{{agent.name}}',
          ),
        },
        { do: 'time', minutes: 5, note: '' },
        { do: 'resolve', code: 'solved', text: words('Password reset.', 'Passwort zurückgesetzt.'), tell: false },
      ],
    },
  },
  {
    name: words('Wait for the vendor', 'Auf den Hersteller warten'),
    content: {
      kind: 'macro',
      steps: [
        { do: 'wait', statusId: house.statuses.get('waiting-vendor')!, days: 2, reason: '' },
        {
          do: 'reply',
          text: words(
            'Hello {{requester.firstName}},\n\nwe have passed this to the manufacturer and ask again by {{date.inThreeDays}} at the latest.\n\n{{agent.name}}',
            'Guten Tag {{requester.firstName}},\n\nwir haben das an den Hersteller gegeben und fragen spätestens am {{date.inThreeDays}} nach.\n\n{{agent.name}}',
          ),
        },
      ],
    },
  },
]

const snippet = (name: [string, string], text: [string, string], more: string): Kept => ({
  name: words(...name),
  content: { kind: 'snippet', text: words(...text), words: more, audience: 'everyone' },
})
const snippets = (): Kept[] => [
  snippet(['Greeting', 'Anrede'], ['Hello {{requester.firstName}},\n\n', 'Guten Tag {{requester.firstName}},\n\n'], 'hello hallo'),
  snippet(
    ['Remote session', 'Fernwartung'],
    [
      'May we look at it together? Please start “Halyard Help” on your desktop and tell us the nine digits that it shows.',
      'Dürfen wir es uns gemeinsam ansehen? Bitte starten Sie „Halyard Hilfe“ auf Ihrem Desktop und nennen Sie uns die neun Ziffern, die dort stehen.',
    ],
    'remote screen bildschirm',
  ),
  snippet(
    ['Restart first', 'Zuerst neu starten'],
    [
      'Please restart the computer once, even if it seems needless: it ends an update that waits.',
      'Bitte starten Sie den Rechner einmal neu, auch wenn es unnötig scheint: Damit wird ein wartendes Update abgeschlossen.',
    ],
    'reboot neustart',
  ),
]

const lineGuide = (house: House): Kept => ({
  name: words('No connection at a site', 'Standort ohne Verbindung'),
  content: {
    kind: 'guide',
    categoryId: house.categories.get('network')!,
    questions: [
      {
        text: words('Since when, and what was the last that worked?', 'Seit wann, und was ging zuletzt noch?'),
        answer: 'text',
        choices: [],
        required: true,
      },
      {
        text: words('Who is affected?', 'Wer ist betroffen?'),
        answer: 'choice',
        choices: [words('One person', 'Eine Person'), words('One room', 'Ein Raum'), words('The whole site', 'Der ganze Standort')],
        required: true,
      },
      { text: words('Is the light on the router green?', 'Leuchtet der Router grün?'), answer: 'yes-no', choices: [], required: false },
      {
        text: words('Number of the fault at the carrier', 'Störungsnummer beim Netzbetreiber'),
        answer: 'text',
        choices: [],
        required: false,
      },
    ],
  },
})

const lineModel = (house: House, guideId: string): Kept => ({
  name: words('Line of a site is down', 'Leitung eines Standorts gestört'),
  content: {
    kind: 'model',
    subject: words('No connection at the site', 'Keine Verbindung am Standort'),
    body: words('', ''),
    ticketKind: 'incident',
    categoryId: house.categories.get('network.internet')!,
    impact: 3,
    urgency: 3,
    teamId: house.teams.get('network')!,
    tags: ['outage'],
    taskTemplateId: null,
    guideId,
  },
})

const starter = (house: House, taskTemplateId: string | null): Kept => ({
  name: words('New starter', 'Neu im Betrieb'),
  content: {
    kind: 'template',
    subject: words('New starter at {{organisation.name}}', 'Neu im Betrieb bei {{organisation.name}}'),
    body: words('Name:\nFirst day:\nDepartment:\nDevices:\nSame rights as:', 'Name:\nErster Tag:\nAbteilung:\nGeräte:\nRechte wie:'),
    ticketKind: 'request',
    categoryId: house.categories.get('access.starter')!,
    impact: 1,
    urgency: 1,
    teamId: house.teams.get('desk')!,
    tags: ['starter'],
    taskTemplateId,
  },
})

const restoreTest = (house: House): Kept => ({
  name: words('Monthly restore test', 'Monatliche Rücksicherungsprobe'),
  content: {
    kind: 'template',
    subject: words('Restore test of {{date.today}}', 'Rücksicherungsprobe vom {{date.today}}'),
    body: words(
      'Restore one folder and one mailbox of each customer into the test area, and write down how long it took.',
      'Von jedem Kunden einen Ordner und ein Postfach in den Testbereich zurücksichern und die Dauer notieren.',
    ),
    ticketKind: 'request',
    categoryId: house.categories.get('data')!,
    impact: 1,
    urgency: 1,
    teamId: house.teams.get('servers')!,
    tags: ['backup'],
    taskTemplateId: null,
  },
})

/** Femke wrote in the evening; it goes out when people are there. */
async function answerTomorrow(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const ticketId = house.tickets.get('vendor')
  if (ticketId === undefined) return
  const femke = actAs(house.person('agent-femke').actor, now)
  const ticket = await accessTicket(femke, ticketId, 'ticket.reply')
  const zone = 'Europe/Berlin'
  const morning = now
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .add({ days: 1 })
    .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from('08:00') })
  const body =
    ticket.language === 'de'
      ? 'Guten Morgen,\n\nich frage heute um zehn noch einmal beim Hersteller nach und melde mich danach.\n\nFemke de Wit'
      : 'Good morning,\n\nI ask the manufacturer again at ten today and write to you afterwards.\n\nFemke de Wit'
  await scheduleReply(femke, ticket, { body, uploadIds: [], sendAt: morning.toInstant().toString() })
}
