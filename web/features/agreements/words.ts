import type { Goal, RuleCondition, RuleQuery } from '../../../contract/sla.ts'
import { problemIn } from '../../kernel/call.ts'
import { lookUp, type Say } from '../../kernel/i18n.ts'
import { issueText } from '../../kernel/problem-texts.ts'
import { ruleTexts } from './rule-texts.ts'

export type R = Say<(typeof ruleTexts)['en']>

export function timeWords(time: Goal['time'], t: R): string {
  if (!('minutes' in time)) return t('say.days', { count: time.days, by: time.by })
  return time.minutes % 60 === 0 ? t('say.hours', { count: time.minutes / 60 }) : t('say.minutes', { count: time.minutes })
}

/** Priorities that a goal is for, where it asks for nothing else; undefined when it asks for more. */
export function prioritiesOf({ all, any }: RuleQuery): number[] | undefined {
  if (any.length > 0 || all.length > 1) return undefined
  const [one] = all
  if (!one) return []
  return one.field === 'priority' && one.op === 'is' ? (one.values as number[]) : undefined
}

/** "P1 1 hour · P2, P3 4 hours". */
export const goalsWords = (goals: readonly Goal[], t: R): string =>
  goals
    .map(({ when, time }, n) => {
      const priorities = prioritiesOf(when)
      const who =
        priorities === undefined
          ? t('say.field')
          : priorities.length === 0
            ? n > 0
              ? t('otherwise')
              : ''
            : t('priority', { list: priorities.join(', P') })
      return `${who} ${timeWords(time, t)}`.trim()
    })
    .join(' · ')

/** A condition as one says it; what has no short word is told as such. */
function conditionWords(one: RuleCondition, t: R): string {
  const { field } = one
  if (field === 'open' && 'is' in one) return t(one.is ? 'say.open' : 'say.over')
  if (field === 'answered' || field === 'awaited' || field === 'replied') {
    const what = t(`say.${field}`)
    return 'is' in one && one.is ? what : t('not', { what })
  }
  if ((field === 'kind' || field === 'meaning') && 'values' in one) {
    const names = one.values.map((value) => lookUp(ruleTexts, `${field === 'kind' ? 'say' : 'm'}.${value}`) ?? String(value))
    const what = names.join(` ${t('or')} `)
    return one.op === 'is' ? what : t('not', { what })
  }
  if (field === 'priority' && 'values' in one) return t('priority', { list: one.values.join(', P') })
  return t('say.field')
}

export function queryWords(query: RuleQuery | null, t: R): string {
  if (query === null) return t('nothing')
  const all = query.all.map((one) => conditionWords(one, t))
  const any = query.any.map((one) => conditionWords(one, t)).join(` ${t('or')} `)
  return [...all, ...(any === '' ? [] : [any])].join(` ${t('and')} `) || t('always')
}

/** The server's complaints by path, in the reader's language where these are traps. */
export type Issues = Record<string, string>
export const issuesByPath = (cause: unknown): Issues =>
  Object.fromEntries(
    (problemIn(cause)?.issues ?? []).toReversed().map((issue) => [issue.path, lookUp(ruleTexts, issue.code) ?? issueText(issue)]),
  )
export const issueAt = (issues: Issues, path: string): string | undefined =>
  Object.entries(issues).find(([at]) => at === path || at.startsWith(`${path}.`))?.[1]

export const pastPeriods = ['period30', 'periodQuarter', 'periodYear'] as const
export type Past = (typeof pastPeriods)[number]
/** First and last day of it; today itself is not over yet. */
export function periodOf(past: Past, today: Date): { fromOn: string; toOn: string } {
  const day = (year: number, month: number, date: number) => new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10)
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate()]
  const quarter = month - (month % 3)
  if (past === 'periodQuarter') return { fromOn: day(year, quarter - 3, 1), toOn: day(year, quarter, 0) }
  return { fromOn: past === 'period30' ? day(year, month, date - 30) : day(year - 1, month, date), toOn: day(year, month, date - 1) }
}
