import type { Calendar } from '../../../contract/calendars.ts'
import { type Issue, problemIn } from '../../kernel/call.ts'
import { type Say, sayIn } from '../../kernel/i18n.ts'
import { issueText } from '../../kernel/problem-texts.ts'
import { calendarTexts } from './texts.ts'

export type T = Say<(typeof calendarTexts)['en']>
export type Week = Calendar['hours']
export type Weekday = keyof Week
export type Interval = [string, string]
/** By the path of their field. */
export type Issues = Record<string, string>
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[]

const locale = (language: string) => (language === 'de' ? 'de-DE' : 'en-GB')
/** The fifth of January 2026 was a Monday. */
export const dayName = (day: Weekday, language: string, weekday: 'long' | 'short' = 'long'): string =>
  new Date(Date.UTC(2026, 0, 5 + weekdays.indexOf(day))).toLocaleDateString(locale(language), { weekday, timeZone: 'UTC' })

/** A day written as 2026-12-24. */
export const dateIn = (day: string, language: string, choices: Intl.DateTimeFormatOptions): string =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString(locale(language), { ...choices, timeZone: 'UTC' })

/** The moment at which a calendar opens or closes, as its own clock shows it. */
export function momentIn(at: string, timeZone: string, language: string): string {
  const then = new Date(at)
  const day = (moment: Date) => moment.toLocaleDateString('en', { timeZone })
  return then.toLocaleString(locale(language), {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    ...(day(then) === day(new Date()) ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  })
}

export const isAlways = (hours: readonly Interval[]) => hours.length === 1 && hours[0]![0] === '00:00' && hours[0]![1] === '24:00'
export const hoursText = (hours: readonly Interval[], t: T): string =>
  hours.length === 0
    ? t('closed')
    : isAlways(hours)
      ? t('always')
      : hours.map(([from, to]) => `${from.slice(0, 5)}–${to.slice(0, 5)}`).join(', ')

/** Neighbouring days with the same hours as one. */
export function weekLines(week: Week, t: T, language: string): string[] {
  const runs: { from: Weekday; to: Weekday; text: string }[] = []
  for (const [n, day] of weekdays.entries()) {
    const hours = week[day] ?? []
    if (hours.length === 0) continue
    const text = hoursText(hours, t)
    const last = runs.at(-1)
    if (last && last.text === text && weekdays.indexOf(last.to) === n - 1) last.to = day
    else runs.push({ from: day, to: day, text })
  }
  const name = (day: Weekday) => dayName(day, language, 'short')
  return runs.map(({ from, to, text }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${text}`)
}

/** Every party by name; the company first. */
export const usersOf = ({ uses }: Calendar, t: T): string[] => [
  ...(uses.company ? [t('company')] : []),
  ...uses.organisations.map(({ name }) => name),
  ...uses.sites.map(({ name, organisation }) => `${organisation}, ${name}`),
  ...uses.teams.map(({ name }) => name),
]

/** The server's complaints by the path of their field, in the reader's language. */
export function issuesByPath(cause: unknown): Issues {
  const t = sayIn(calendarTexts)
  const words = (issue: Issue): string => {
    if (issue.code === 'overlaps') return t('overlaps')
    if (issue.code === 'already_exists') return t(issue.path === 'name' ? 'nameTaken' : 'twice')
    if (issue.path === 'country' || issue.path === 'region') return t('noHolidays')
    if (/^hours\.|\.hours\./.test(issue.path)) return t(issue.code === 'custom' ? 'noLength' : 'missing')
    return issueText(issue)
  }
  return Object.fromEntries((problemIn(cause)?.issues ?? []).toReversed().map((issue) => [issue.path, words(issue)]))
}
