import type { Notice } from '../../../contract/desk.ts'

/** What a notice's mail says. It names the ticket and never quotes what a stranger wrote (C-035). */
type Reason = Notice['reason']
export type DueNotice = {
  reason: Reason
  ticketId: string
  messageId: string | null
  sideId: string | null
  subject: string
  actor: string | null
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
  'unclaimed',
  'system',
])
export const isForColleagues = (reason: Reason): boolean => forColleagues.has(reason)

const words: Record<'en' | 'de', Record<Reason, string> & { by: string; digest: (n: number) => string; why: string }> = {
  en: {
    assigned: 'Assigned to you',
    team: 'New for your team',
    reply: 'New answer',
    mention: 'You were mentioned',
    passed: 'Passed to your team',
    unclaimed: 'Nobody takes this ticket of your team',
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
    burst: 'Many alike within an hour: probably an outage',
    undelivered: 'Not delivered',
    system: 'Please look',
    by: 'by',
    digest: (n) => `${n} tickets ask for you`,
    why: 'You get this mail because it stayed unread. Your profile says what is mailed to you.',
  },
  de: {
    assigned: 'Ihnen zugewiesen',
    team: 'Neu für Ihr Team',
    reply: 'Neue Antwort',
    mention: 'Sie wurden erwähnt',
    passed: 'An Ihr Team weitergegeben',
    unclaimed: 'Ein Ticket Ihres Teams nimmt niemand',
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
    burst: 'Viele gleiche binnen einer Stunde: vermutlich eine Störung',
    undelivered: 'Nicht zugestellt',
    system: 'Bitte ansehen',
    by: 'von',
    digest: (n) => `${n} Tickets warten auf Sie`,
    why: 'Sie bekommen diese E-Mail, weil der Hinweis ungelesen blieb. In Ihrem Profil steht, worüber Sie E-Mails bekommen.',
  },
}

/** FT-44: so many mails to one person in one minute; what is more becomes one mail. */
export const mostMails = 3

export function noticeLetter(due: readonly DueNotice[], language: 'en' | 'de', baseUrl: string): Letter {
  const say = words[language]
  const line = (one: DueNotice) => `${say[one.reason]}${one.actor ? ` (${say.by} ${one.actor})` : ''}: [#${one.ticketId}] ${one.subject}`
  const address = (one: DueNotice) => `${baseUrl}/tickets/${one.ticketId}`
  const first = due[0]!
  const subject = due.length === 1 ? `[#${first.ticketId}] ${say[first.reason]}: ${first.subject}` : say.digest(due.length)
  const text = `${due.map((one) => `${line(one)}\n${address(one)}`).join('\n\n')}\n\n${say.why}\n`
  const html = `${due.map((one) => `<p>${asHtml(line(one))}<br><a href="${asHtml(address(one))}">${asHtml(address(one))}</a></p>`).join('\n')}\n<p style="color:#777;font-size:12px">${asHtml(say.why)}</p>`
  return { subject, text, html }
}

const asHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
