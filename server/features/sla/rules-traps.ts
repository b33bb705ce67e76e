import type { AgreementKind, RuleCondition, RuleQuery, TargetRule } from '../../../contract/sla.ts'
import { channels, kinds } from '../../../contract/tickets.ts'
import { completed, isRelative } from './rules-usual.ts'

/**
 * Rules that could never work are refused before they are saved. Conditions speak of a closed set of things, so whether
 * some ticket can meet them is decided, not guessed: each is brought to alternatives of plain demands on single things.
 */
export type Vocabulary = {
  statuses: readonly { id: string; meaning: string }[]
  categories: readonly { id: string; parentId: string | null }[]
}
/** The value of one thing is among these, or is none of them. */
type Demand = { of: string; among: readonly string[]; not: boolean }
/** One of these groups of demands holds. */
type Alternatives = readonly (readonly Demand[])[]
const always: Alternatives = [[]]
/** Beyond this nobody reads a rule either; then it is not refused. */
const mostAlternatives = 20_000

const demand = (of: string, among: readonly string[], not: boolean): Demand => ({ of, among, not })
const flip = (one: Demand): Demand => ({ ...one, not: !one.not })
const both = (a: Alternatives, b: Alternatives): Alternatives =>
  a.length * b.length > mostAlternatives ? a : a.flatMap((x) => b.map((y) => [...x, ...y]))
const either = (parts: readonly Alternatives[]): Alternatives => parts.flat()
const negated = (of: Alternatives): Alternatives =>
  of.reduce<Alternatives>(
    (so, group) =>
      both(
        so,
        group.map((one) => [flip(one)]),
      ),
    always,
  )

const final = ['resolved', 'closed', 'cancelled']
function below(id: string, { categories }: Vocabulary): string[] {
  const found = [id]
  for (let n = 0; n < found.length && n < 5000; n++)
    found.push(...categories.filter((one) => one.parentId === found[n]).map((one) => one.id))
  return found
}

function plain(condition: RuleCondition, vocabulary: Vocabulary): Alternatives {
  const withMeaning = (test: (meaning: string) => boolean) => vocabulary.statuses.filter(({ meaning }) => test(meaning)).map(({ id }) => id)
  switch (condition.field) {
    case 'answered':
    case 'awaited':
      return [[demand(condition.field, ['yes'], !condition.is)]]
    case 'replied':
      return condition.is
        ? [[demand('replied', ['yes'], false), demand('answered', ['yes'], false), demand('awaited', ['yes'], true)]]
        : [[demand('replied', ['yes'], true)]]
    case 'open':
      return [
        [
          demand(
            'status',
            withMeaning((one) => final.includes(one)),
            condition.is,
          ),
        ],
      ]
    case 'meaning':
      return [
        [
          demand(
            'status',
            withMeaning((one) => condition.values.some((value) => value === one)),
            condition.op === 'is-not',
          ),
        ],
      ]
    case 'tags': {
      const has = condition.values.map((tag): Demand => demand(`tag ${tag}`, ['yes'], false))
      if (condition.op === 'all') return [has]
      return condition.op === 'any' ? has.map((one) => [one]) : [has.map(flip)]
    }
    case 'category': {
      const among = condition.values.flatMap((value) => (value === 'none' ? ['none'] : below(value, vocabulary)))
      return [[demand('category', among, condition.op === 'is-not')]]
    }
    case 'own':
      if ('values' in condition)
        return [
          [
            demand(
              `own ${condition.fieldId}`,
              condition.values.map((one) => `=${one}`),
              condition.op === 'is-not',
            ),
          ],
        ]
      return [[demand(`own ${condition.fieldId}`, ['none'], condition.op === 'not-empty')]]
    default:
      if (!('values' in condition)) return always
      return [[demand(condition.field, condition.values.map(String), condition.op === 'is-not')]]
  }
}

function alternatives({ all, any }: RuleQuery, vocabulary: Vocabulary): Alternatives {
  const first = all.reduce<Alternatives>((so, one) => both(so, plain(one, vocabulary)), always)
  return any.length === 0 ? first : both(first, either(any.map((one) => plain(one, vocabulary))))
}

const levels = ['1', '2', '3']
function domains({ statuses }: Vocabulary): Record<string, readonly string[]> {
  return {
    status: statuses.map(({ id }) => id),
    kind: kinds,
    channel: channels,
    priority: ['1', '2', '3', '4', '5'],
    impact: levels,
    urgency: levels,
    answered: ['yes', 'no'],
    awaited: ['yes', 'no'],
    replied: ['yes', 'no'],
  }
}

function isPossible(group: readonly Demand[], vocabulary: Vocabulary): boolean {
  const finite = domains(vocabulary)
  const left = new Map<string, { allowed: Set<string> | null; refused: Set<string> }>()
  for (const { of, among, not } of group) {
    const known = left.get(of) ?? { allowed: finite[of] ? new Set(finite[of]) : null, refused: new Set() }
    if (not) for (const value of among) known.refused.add(value)
    else known.allowed = new Set(known.allowed ? among.filter((value) => known.allowed!.has(value)) : among)
    left.set(of, known)
  }
  return [...left.values()].every(({ allowed, refused }) => allowed === null || [...allowed].some((value) => !refused.has(value)))
}
const isMet = (of: Alternatives, vocabulary: Vocabulary): boolean => of.some((group) => isPossible(group, vocabulary))

export type Trap = { path: string; code: string; message: string }

/** The three traps, and what does not go together; each with what to change. */
export function trapsIn(of: AgreementKind, rule: TargetRule, vocabulary: Vocabulary): Trap[] {
  const full = completed(of, rule)
  const start = alternatives(full.start, vocabulary)
  const running = both(start, negated(alternatives(full.stop, vocabulary)))
  const traps: Trap[] = []
  const trap = (path: string, code: string, message: string) => void traps.push({ path, code, message })
  if (!isMet(start, vocabulary))
    trap('start', 'never_true', 'No ticket can meet this start condition. Take out the conditions that exclude each other.')
  else if (!isMet(running, vocabulary))
    trap(
      'start',
      'start_in_stop',
      'Wherever this starts it stops at once: the start condition lies within the stop condition, so no clock would ever begin. Let it stop on something that is not yet so at the start.',
    )
  else if (full.pause !== null) {
    const pause = alternatives(full.pause, vocabulary)
    if (!isMet(both(running, negated(pause)), vocabulary))
      trap(
        'pause',
        'always_paused',
        'Wherever this runs it pauses: the start condition lies within the pause condition, so the clock would stand still for ever. Let it pause only on some of what it starts on.',
      )
    else if (rule.cancelWhen === 'start-over' && !isMet(both(start, pause), vocabulary))
      trap(
        'pause',
        'cancelled_not_paused',
        'Start and pause exclude each other: when the pause begins, the start is over, and the clock is cancelled instead of paused. Start on what also holds during the pause (such as "open"), or choose another time to cancel.',
      )
  }
  if (rule.pause !== null && isRelative(rule))
    trap('pause', 'pause_with_day', 'A goal by a time of day cannot pause. Take out the pause, or give the goal in minutes.')
  if (rule.cancelWhen === 'condition' && rule.cancel === null) trap('cancel', 'missing', 'Say on which condition it is cancelled.')
  if (rule.resumeWhen === 'condition' && rule.resume === null) trap('resume', 'missing', 'Say on which condition it goes on.')
  return traps
}
