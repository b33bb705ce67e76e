import type { VisitReport } from '../../../contract/visits.ts'
import type { Instant, Temporal } from '../../kernel/clock.ts'

/** The words of a visit's letters. The window is told on the wall clock of the place, and the zone with it. Pure. */
export type Language = 'en' | 'de'
export type VisitWords = {
  ticketId: string
  startsAt: Instant
  endsAt: Instant
  timeZone: string
  place: string
  purpose: string
  people: readonly string[]
  contact: string
  accessNote: string
  reason: string
}
export type News = 'planned' | 'moved' | 'cancelled'
export type Words = { subject: string; body: string }

export function windowText(
  { startsAt, endsAt, timeZone }: Pick<VisitWords, 'startsAt' | 'endsAt' | 'timeZone'>,
  language: Language,
): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const from = startsAt.toZonedDateTimeISO(timeZone)
  const to = endsAt.toZonedDateTimeISO(timeZone)
  const day = (at: Temporal.ZonedDateTime) =>
    new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
      at.epochMilliseconds,
    )
  const time = (at: Temporal.ZonedDateTime) =>
    new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(at.epochMilliseconds)
  const end = from.toPlainDate().equals(to.toPlainDate()) ? time(to) : `${day(to)}, ${time(to)}`
  return `${day(from)}, ${time(from)} – ${end} (${timeZone.replaceAll('_', ' ')})`
}

const lines = (...parts: (string | false)[]) => parts.filter((part) => part !== false && part !== '').join('\n')

const asker = {
  en: {
    subject: { planned: 'Visit on', moved: 'Visit moved to', cancelled: 'Visit cancelled:' },
    lead: {
      planned: (who: string) => `${who} will come to you:`,
      moved: (who: string) => `the appointment has changed. ${who} will come to you:`,
      cancelled: () => 'this appointment will not take place:',
    },
    ends: {
      planned: 'The window is when we arrive. If it does not suit you, open the request below or answer this mail.',
      moved: 'If the new time does not suit you, open the request below or answer this mail.',
      cancelled: 'You need do nothing. If a new time is needed, you will hear from us.',
    },
    hello: (name: string) => `Hello${name ? ` ${name}` : ''},`,
    reason: 'Reason',
    open: 'Open the request',
  },
  de: {
    subject: { planned: 'Termin vor Ort am', moved: 'Termin verlegt auf', cancelled: 'Termin abgesagt:' },
    lead: {
      planned: (who: string) => `${who} kommt zu Ihnen:`,
      moved: (who: string) => `der Termin hat sich geändert. ${who} kommt zu Ihnen:`,
      cancelled: () => 'dieser Termin findet nicht statt:',
    },
    ends: {
      planned: 'In dieser Zeit kommen wir an. Passt es Ihnen nicht, öffnen Sie unten die Anfrage oder antworten Sie auf diese E-Mail.',
      moved: 'Passt Ihnen die neue Zeit nicht, öffnen Sie unten die Anfrage oder antworten Sie auf diese E-Mail.',
      cancelled: 'Sie müssen nichts tun. Ist ein neuer Termin nötig, hören Sie von uns.',
    },
    hello: (name: string) => `Guten Tag${name ? ` ${name}` : ''},`,
    reason: 'Grund',
    open: 'Anfrage öffnen',
  },
} as const

const technician = {
  en: {
    planned: 'Your visit',
    moved: 'Your visit changed',
    cancelled: 'Your visit is off',
    contact: 'Contact',
    access: 'Access',
    open: 'Open the visit',
  },
  de: {
    planned: 'Ihr Einsatz',
    moved: 'Ihr Einsatz geändert',
    cancelled: 'Ihr Einsatz entfällt',
    contact: 'Kontakt',
    access: 'Zutritt',
    open: 'Einsatz öffnen',
  },
} as const

const joined = (names: readonly string[], language: Language): string =>
  new Intl.ListFormat(language === 'de' ? 'de-DE' : 'en-GB', { type: 'conjunction' }).format(names)

export function askerWords(news: News, visit: VisitWords, to: { name: string; language: Language }): Words & { button: string } {
  const say = asker[to.language]
  const when = windowText(visit, to.language)
  const who = joined(visit.people, to.language)
  const several = to.language === 'de' && visit.people.length > 1 ? say.lead[news](who).replace(' kommt ', ' kommen ') : say.lead[news](who)
  const facts = lines(when, visit.place, visit.purpose, news === 'cancelled' && visit.reason !== '' && `${say.reason}: ${visit.reason}`)
  return {
    subject: `${say.subject[news]} ${when}`,
    body: `${say.hello(to.name)}\n\n${several}\n\n${facts}\n\n${say.ends[news]}`,
    button: say.open,
  }
}

export function technicianWords(news: News, visit: VisitWords, to: { language: Language }): Words & { button: string } {
  const say = technician[to.language]
  const when = windowText(visit, to.language)
  const reason = news === 'cancelled' && visit.reason !== '' && visit.reason
  return {
    subject: `${say[news]}: ${when}`,
    body: lines(
      when,
      visit.place,
      `#${visit.ticketId} ${visit.purpose}`,
      visit.contact !== '' && `${say.contact}: ${visit.contact}`,
      visit.accessNote !== '' && `${say.access}: ${visit.accessNote}`,
      reason,
    ),
    button: say.open,
  }
}

const paper = {
  en: {
    subject: (day: string) => `Work report of ${day}`,
    lead: (signer: string) => `this is the report of our visit, as ${signer} signed it.`,
    done: 'What was done',
    time: 'Time',
    work: (n: number) => `${n} min work`,
    travel: (n: number) => `${n} min travel`,
    parts: 'Parts',
    signed: (signer: string, at: string) => `Signed by ${signer}, ${at}`,
    typed: '(typed name, with consent)',
    open: 'Open the report',
  },
  de: {
    subject: (day: string) => `Arbeitsbericht vom ${day}`,
    lead: (signer: string) => `dies ist der Bericht über unseren Besuch, wie ihn ${signer} unterschrieben hat.`,
    done: 'Was gemacht wurde',
    time: 'Zeit',
    work: (n: number) => `${n} Min. Arbeit`,
    travel: (n: number) => `${n} Min. Fahrt`,
    parts: 'Material',
    signed: (signer: string, at: string) => `Unterschrieben von ${signer}, ${at}`,
    typed: '(Name getippt, mit Zustimmung)',
    open: 'Bericht öffnen',
  },
} as const

export function reportWords(report: VisitReport, to: { name: string; language: Language }): Words & { button: string } {
  const say = paper[to.language]
  const locale = to.language === 'de' ? 'de-DE' : 'en-GB'
  const at = (instant: string, style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: report.timeZone, ...style }).format(Date.parse(instant))
  const times = report.spent.map(({ name, workMinutes, travelMinutes, kilometres }) =>
    [`${name}: ${say.work(workMinutes)}`, travelMinutes > 0 && say.travel(travelMinutes), kilometres > 0 && `${kilometres} km`]
      .filter(Boolean)
      .join(', '),
  )
  const parts = report.parts.map(
    (part) =>
      `${new Intl.NumberFormat(locale).format(part.quantity)} × ${[part.name, part.number, part.serial].filter(Boolean).join(', ')}`,
  )
  const signed = say.signed(report.signer, at(report.signedAt, { dateStyle: 'medium', timeStyle: 'short' }))
  const sections = [
    `${asker[to.language].hello(to.name)}\n\n${say.lead(report.signer)}`,
    lines(at(report.startsAt, { dateStyle: 'full' }), report.place, report.purpose),
    `${say.done}\n${report.summary}`,
    times.length > 0 && `${say.time}\n${times.join('\n')}`,
    parts.length > 0 && `${say.parts}\n${parts.join('\n')}`,
    report.how === 'typed' ? `${signed} ${say.typed}` : signed,
    report.company,
  ]
  return {
    subject: say.subject(at(report.startsAt, { dateStyle: 'medium' })),
    body: sections.filter(Boolean).join('\n\n'),
    button: say.open,
  }
}
