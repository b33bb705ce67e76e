import type { Readymade } from '../../../contract/readymade.ts'
import type { Calendar } from '../../../contract/scheduled.ts'
import type { Issue } from '../../kernel/call.ts'
import { problemIn } from '../../kernel/call.ts'
import type { Say } from '../../kernel/i18n.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { issueText } from '../../kernel/problem-texts.ts'
import type { recurringTexts } from './recurring-texts.ts'
import { readymadeTexts } from './texts.ts'

export type T = Say<(typeof readymadeTexts)['en']>
type CalendarT = Say<(typeof recurringTexts)['en']>
type Words = { en: string; de: string }

/** In the reader's language, else in the other. */
export const said = (words: Words, language: string): string => (language === 'de' ? words.de || words.en : words.en || words.de)

/** One line that says what it is made of. */
export function gist(row: Readymade, t: T, language: string): string {
  const { content } = row
  if (content.kind === 'macro') return content.steps.map((step) => t(`step_${step.do}`)).join(' · ')
  if (content.kind === 'snippet') return said(content.text, language)
  if (content.kind === 'guide') return content.questions.map((question) => said(question.text, language)).join(' ')
  return said(content.subject, language)
}

/** The server's complaints by the path of their field; a wrong variable is named in the reader's language, too. */
export function issuesByPath(cause: unknown): Record<string, string> {
  const t = sayIn(readymadeTexts)
  const words = (issue: Issue) => {
    const name = /\{\{.*\}\}/.exec(issue.message)?.[0] ?? ''
    if (issue.code === 'unknown_variable') return t('unknown_variable', { name })
    if (issue.code === 'internal_variable') return t('internal_variable', { name })
    return issueText(issue)
  }
  return Object.fromEntries((problemIn(cause)?.issues ?? []).toReversed().map((issue) => [issue.path, words(issue)]))
}

const locale = (language: string) => (language === 'de' ? 'de-DE' : 'en-GB')
/** 1 is Monday: the fifth of January 2026 was one. */
export const weekdayName = (day: number, language: string, weekday: 'long' | 'short' = 'long'): string =>
  new Date(Date.UTC(2026, 0, 4 + day)).toLocaleDateString(locale(language), { weekday, timeZone: 'UTC' })
export const monthName = (month: number, language: string): string =>
  new Date(Date.UTC(2026, month - 1, 1)).toLocaleDateString(locale(language), { month: 'long', timeZone: 'UTC' })

export function calendarWords(calendar: Calendar, t: CalendarT, language: string): string {
  const { at } = calendar
  const days = calendar.every === 'week' ? calendar.days.map((day) => weekdayName(day, language)).join(', ') : ''
  const day = calendar.every === 'month' || calendar.every === 'year' ? dayWords(calendar.on, t, language) : ''
  const main =
    calendar.every === 'day'
      ? t('says_day', { at })
      : calendar.every === 'week'
        ? t('says_week', { days, at })
        : calendar.every === 'month'
          ? t('says_month', { day, at })
          : t('says_year', { month: monthName(calendar.month, language), day, at })
  return calendar.weekends === 'keep' ? main : `${main}, ${t(`weekend_${calendar.weekends}`)}`
}
function dayWords(on: Extract<Calendar, { every: 'month' }>['on'], t: CalendarT, language: string): string {
  if (on.by === 'day') return t('theDay', { day: on.day })
  if (on.by === 'last-working-day') return t('theLast')
  return t('theWeekday', { nth: t(`nth-${on.nth}` as 'nth-1'), weekday: weekdayName(on.weekday, language) })
}

/** When something goes out, on the wall clock of a zone. */
export const whenIn = (at: string, language: string, timeZone?: string): string =>
  new Date(at).toLocaleString(locale(language), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  })
