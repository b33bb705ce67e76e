import type { Instant, Temporal } from '../../kernel/clock.ts'
import { isOpen, nextOpen, stretchesFrom } from './rules.ts'
import { dayLength, type Hours, type OpenCalendar, type Weekday, weekdays } from './rules-days.ts'
import type { LookedAt } from './rules-form.ts'

/** Opening hours as one says them, in both languages: for the portal and for automatic answers. */
export type Language = 'en' | 'de'
type WeekHours = { readonly [day in Weekday]?: Hours | undefined }

const words = {
  en: {
    days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    daily: 'Every day',
    to: 'to',
    and: 'and',
    always: 'round the clock',
    closed: 'closed',
    time: (text: string) => text,
    hours: (text: string) => text,
    zone: (city: string) => (city === 'UTC' ? 'UTC' : `${city} time`),
    answer: (lines: string, zone: string) => `We answer ${lines} (${zone}).`,
    alwaysAnswer: 'We answer every day, round the clock.',
    next: (day: string, time: string) => `We are closed just now and back on ${day} at ${time}.`,
  },
  de: {
    days: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
    daily: 'Täglich',
    to: 'bis',
    and: 'und',
    always: 'rund um die Uhr',
    closed: 'geschlossen',
    time: (text: string) => text,
    hours: (text: string) => `${text} Uhr`,
    zone: (city: string) => (city === 'UTC' ? 'UTC' : `Ortszeit ${city}`),
    answer: (lines: string, zone: string) => `Wir antworten ${lines} (${zone}).`,
    alwaysAnswer: 'Wir antworten täglich rund um die Uhr.',
    next: (day: string, time: string) => `Zurzeit ist geschlossen. Wieder da sind wir am ${day} um ${time} Uhr.`,
  },
} as const

const locale = { en: 'en-GB', de: 'de-DE' } as const
const short = (time: string) => time.slice(0, 5)
const isAlways = (hours: Hours) => hours.length === 1 && short(hours[0]![0]) === '00:00' && short(hours[0]![1]) === '24:00'

export function hoursInWords(hours: Hours, language: Language): string {
  const say = words[language]
  if (hours.length === 0) return say.closed
  if (isAlways(hours)) return say.always
  return say.hours(hours.map(([from, to]) => `${short(from)} ${say.to} ${short(to)}`).join(` ${say.and} `))
}

/** Neighbouring days with the same hours are told as one. Closed days are left out: whoever reads looks for when to come. */
export function linesOf(hours: WeekHours, language: Language): { days: string; hours: string }[] {
  const say = words[language]
  const runs: { from: number; to: number; text: string }[] = []
  for (const [n, day] of weekdays.entries()) {
    const own = hours[day] ?? []
    if (own.length === 0) continue
    const text = hoursInWords(own, language)
    const last = runs.at(-1)
    if (last && last.to === n - 1 && last.text === text) last.to = n
    else runs.push({ from: n, to: n, text })
  }
  return runs.map(({ from, to, text }) => {
    const [first, last] = [say.days[from]!, say.days[to]!]
    const days = to - from === 6 ? say.daily : from === to ? first : `${first} ${to - from === 1 ? say.and : say.to} ${last}`
    return { days, hours: text }
  })
}

const dayWords = (at: Instant, tz: string, language: Language) =>
  new Intl.DateTimeFormat(locale[language], { weekday: 'long', day: 'numeric', month: 'long', timeZone: tz }).format(
    new Date(at.epochMilliseconds),
  )

/** Open now and until when, or closed and until when. Open for more than a year is open for ever. */
export function stateAt(calendar: OpenCalendar, at: Instant): { open: boolean; until: Instant | null; opens: Instant | null } {
  if (!isOpen(calendar, at)) return { open: false, until: null, opens: nextOpen(calendar, at) }
  const to = stretchesFrom(calendar, at, 1)[0]?.to ?? null
  const endless = to === null || to.epochMilliseconds - at.epochMilliseconds > 366 * dayLength
  return { open: true, until: endless ? null : to, opens: null }
}

const city = (tz: string) => (/^(?:Etc\/)?(?:UTC|GMT|UCT|Zulu)$/.test(tz) ? 'UTC' : tz.split('/').at(-1)!.replaceAll('_', ' '))

/** What an automatic answer says; when it is closed, with the next opening. A calendar that never opens promises nothing. */
export function sentenceOf(calendar: OpenCalendar, at: Instant, language: Language): string {
  const say = words[language]
  const lines = linesOf(calendar.form.hours, language)
  const { open, opens } = stateAt(calendar, at)
  const tz = calendar.form.tz
  const told = lines.map(({ days, hours }, n) => `${n === 0 && days === say.daily ? days.toLowerCase() : days}, ${hours}`).join('; ')
  const always = lines.length === 1 && lines[0]!.days === say.daily && lines[0]!.hours === say.always
  const parts = lines.length === 0 ? [] : [always ? say.alwaysAnswer : say.answer(told, say.zone(city(tz)))]
  if (!open && opens !== null) {
    const time = opens.toZonedDateTimeISO(tz).toPlainTime().toString().slice(0, 5)
    parts.push(say.next(dayWords(opens, tz, language), time))
  }
  return parts.join(' ')
}

/** Days ahead that are not like their weekday. */
export const closedAhead = (days: readonly LookedAt[], language: Language) =>
  days.flatMap(({ day, name, hours }) => (name ? [{ day, name: name[language], hours: hoursInWords(hours, language) }] : []))

/** The Monday of that day's week. */
export const mondayOf = (day: Temporal.PlainDate): Temporal.PlainDate => day.subtract({ days: day.dayOfWeek - 1 })
