import type { Notice } from '../../../contract/notices.ts'

/** What a notice's mail says. It names the ticket and never quotes what a stranger wrote (C-035). */
type Reason = Notice['reason']
export type DueNotice = {
  reason: Reason
  /** How often, this one and those of the same ticket that are told with it. */
  times: number
  ticketId: string | null
  messageId: string | null
  sideId: string | null
  subject: string
  actor: string | null
  /** Where it concerns no ticket. */
  matter: { says: string; path: string } | null
}
export type Letter = { subject: string; text: string; html: string }

/** What colleagues do for each other. Whoever answers such a mail answers a colleague, and never the requester (Q-162). */
const forColleagues: ReadonlySet<Reason> = new Set([
  'task',
  'task-done',
  'call-back',
  'visit',
  'side-chase',
  'help',
  'help-answer',
  'mention',
  'switched-off',
  'rule',
  'burst',
  'due',
  'breached',
  'shift',
  'unclaimed',
  'escalated',
  'system',
])
export const isForColleagues = (reason: Reason): boolean => forColleagues.has(reason)

const words: Record<
  'en' | 'de',
  Record<Reason, string> & {
    by: string
    digest: (n: number) => string
    some: (n: number) => string
    more: (n: number) => string
    left: (n: number) => string
    why: string
  }
> = {
  en: {
    assigned: 'Assigned to you',
    team: 'New for your team',
    reply: 'New answer',
    mention: 'You were mentioned',
    passed: 'Passed to your team',
    unclaimed: 'Nobody takes this ticket of your team',
    escalated: 'A ticket needs you as the manager',
    task: 'A task for you',
    'task-done': 'A task on your ticket is done',
    'call-back': 'A call-back is due',
    visit: 'A visit of yours',
    side: 'A third party answered',
    'side-chase': 'Time to chase a third party',
    help: 'Your help is asked for',
    'help-answer': 'Help on your ticket',
    view: 'New in a view of yours',
    back: 'Its day has come',
    'snooze-over': 'Your snooze is over',
    'reply-dropped': 'Your later reply was not sent',
    'switched-off': 'Something ready-made of yours was switched off',
    rule: 'A rule asks you to look',
    due: 'The time for this ticket runs out',
    breached: 'The time for this ticket is over',
    shift: 'Your shifts',
    burst: 'Many alike within an hour: probably an outage',
    undelivered: 'Not delivered',
    system: 'Please look',
    by: 'by',
    digest: (n) => `${n} tickets ask for you`,
    some: (n) => `${n} things wait for you`,
    more: (n) => `and ${n} more`,
    left: (n) => `${n} more are in Firstline, behind the bell.`,
    why: 'You get this mail because it stayed unread. Your profile says what is mailed to you.',
  },
  de: {
    assigned: 'Ihnen zugewiesen',
    team: 'Neu für Ihr Team',
    reply: 'Neue Antwort',
    mention: 'Sie wurden erwähnt',
    passed: 'An Ihr Team weitergegeben',
    unclaimed: 'Ein Ticket Ihres Teams nimmt niemand',
    escalated: 'Ein Ticket braucht Sie als Leitung',
    task: 'Eine Aufgabe für Sie',
    'task-done': 'Eine Aufgabe in Ihrem Ticket ist erledigt',
    'call-back': 'Ein Rückruf ist fällig',
    visit: 'Ein Einsatz für Sie',
    side: 'Antwort von außen im Nebengespräch',
    'side-chase': 'Zeit, draußen nachzufassen',
    help: 'Ihre Hilfe wird erbeten',
    'help-answer': 'Hilfe zu Ihrem Ticket',
    view: 'Neu in einer Ihrer Ansichten',
    back: 'Wiedervorlage',
    'snooze-over': 'Nicht mehr zurückgestellt',
    'reply-dropped': 'Ihre spätere Antwort wurde nicht gesendet',
    'switched-off': 'Eine Ihrer Vorlagen wurde abgeschaltet',
    rule: 'Eine Regel bittet Sie nachzusehen',
    due: 'Die Zeit für dieses Ticket läuft ab',
    breached: 'Die Zeit für dieses Ticket ist um',
    shift: 'Ihre Schichten',
    burst: 'Viele gleiche binnen einer Stunde: vermutlich eine Störung',
    undelivered: 'Nicht zugestellt',
    system: 'Bitte ansehen',
    by: 'von',
    digest: (n) => `${n} Tickets warten auf Sie`,
    some: (n) => `${n} Dinge warten auf Sie`,
    more: (n) => `und ${n} weitere`,
    left: (n) => `${n} weitere stehen in Firstline hinter der Glocke.`,
    why: 'Sie bekommen diese E-Mail, weil der Hinweis ungelesen blieb. In Ihrem Profil steht, worüber Sie E-Mails bekommen.',
  },
}

/** FT-44: so many mails to one person in one minute; what is more becomes one mail. */
export const mostMails = 3

const mostLines = 50

export function noticeLetter(due: readonly DueNotice[], language: 'en' | 'de', baseUrl: string): Letter {
  const say = words[language]
  const line = (one: DueNotice) => sayOf(one, language)
  const address = (one: DueNotice) => baseUrl + placeOf(one)
  const first = due[0]!
  const subject =
    due.length > 1
      ? (due.every((one) => one.ticketId !== null) ? say.digest : say.some)(due.length)
      : (first.matter?.says ?? `[#${first.ticketId}] ${say[first.reason]}: ${first.subject}`)
  const told = due.slice(0, mostLines)
  const left = due.length > told.length ? say.left(due.length - told.length) : ''
  const text = `${told.map((one) => `${line(one)}\n${address(one)}`).join('\n\n')}\n\n${left ? `${left}\n\n` : ''}${say.why}\n`
  const html = `${told.map((one) => `<p>${asHtml(line(one))}<br><a href="${asHtml(address(one))}">${asHtml(address(one))}</a></p>`).join('\n')}
${left ? `<p>${asHtml(left)}</p>\n` : ''}<p style="color:#777;font-size:12px">${asHtml(say.why)}</p>`
  return { subject, text, html }
}

/** In one line: what happened, by whom, how much more, and on which ticket. */
function sayOf(one: DueNotice, language: 'en' | 'de'): string {
  const say = words[language]
  if (one.matter) return one.matter.says
  const more = one.times > 1 ? `, ${say.more(one.times - 1)}` : ''
  return `${say[one.reason]}${one.actor ? ` (${say.by} ${one.actor})` : ''}${more}: [#${one.ticketId}] ${one.subject}`
}
const placeOf = (one: DueNotice): string => one.matter?.path ?? `/tickets/${one.ticketId}`

/** One message on somebody's devices, however much it tells of. */
export function pushWords(due: readonly DueNotice[], language: 'en' | 'de'): { title: string; body: string; path: string } {
  const say = words[language]
  const [first] = due
  if (due.length > 1)
    return {
      title: say.some(due.length),
      body: due
        .slice(0, 4)
        .map((one) => sayOf(one, language))
        .join('\n'),
      path: '/tickets',
    }
  if (first!.matter) return { title: first!.matter.says, body: '', path: first!.matter.path }
  const { reason, actor, ticketId, subject } = first!
  return { title: `${say[reason]}${actor ? ` (${say.by} ${actor})` : ''}`, body: `#${ticketId} ${subject}`, path: placeOf(first!) }
}

/** From the weakest to the strongest: who is told of several things on one ticket hears of the strongest, and how many there are. */
const strength: readonly Reason[] = [
  'system',
  'shift',
  'team',
  'switched-off',
  'view',
  'rule',
  'burst',
  'reply-dropped',
  'task-done',
  'side-chase',
  'snooze-over',
  'back',
  'help-answer',
  'passed',
  'unclaimed',
  'visit',
  'task',
  'side',
  'call-back',
  'help',
  'reply',
  'due',
  'undelivered',
  'breached',
  'assigned',
  'mention',
  'escalated',
]

export function onePerTicket(notices: DueNotice[]): DueNotice[] {
  const best = new Map<string, DueNotice>()
  for (const one of notices) {
    const key = one.ticketId ?? one.matter?.says ?? ''
    const known = best.get(key)
    const wins = !known || strength.indexOf(one.reason) > strength.indexOf(known.reason)
    best.set(key, { ...(wins ? one : known), times: one.times + (known?.times ?? 0) })
  }
  return [...best.values()]
}

const asHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
