import type { Condition, ViewQuery } from '../../../contract/views.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Values } from '../fields/rules.ts'
import { isOwnTrue, namedInOwn, type OwnTest, ownTest } from './rules-own.ts'

/**
 * A question about tickets as data. It is first brought to plain tests (who is "me", since when is "two days ago"), and
 * those are asked of the database (access-query.ts) or of one ticket's facts (`holds`); a property test keeps the two one.
 * What is not known makes no test true, and no test of its opposite false.
 */
export type Viewer = { id: string | null; teams: readonly string[]; now: Instant; timeZone: string }

export type OneColumn =
  | 'kind'
  | 'meaning'
  | 'status_id'
  | 'priority'
  | 'impact'
  | 'urgency'
  | 'channel'
  | 'language'
  | 'requester_id'
  | 'organisation_id'
  | 'site_id'
  | 'team_id'
export type TimeColumn = 'created_at' | 'changed_at' | 'resolved_at' | 'last_message_at' | 'waiting_since' | 'revisit_at'
export type Flag = 'open' | 'unread' | 'following' | 'restricted'

export type Test =
  | { test: 'one-of'; column: OneColumn; values: string[]; none: boolean; not: boolean }
  | { test: 'category'; values: string[]; none: boolean; not: boolean }
  | { test: 'assignee'; values: string[]; none: boolean; ofTeams: readonly string[]; not: boolean }
  | { test: 'tags'; how: 'any' | 'all' | 'none'; values: string[] }
  | { test: 'time'; column: TimeColumn; from: string | null; before: string | null }
  | { test: 'known'; column: TimeColumn; known: boolean }
  | { test: 'count'; column: 'reopened_count' | 'passed_count'; least: number | null; most: number | null }
  | { test: 'flag'; flag: Flag; is: boolean }
  | { test: 'contains'; value: string; not: boolean }
  | { test: 'words'; value: string }
  | DueTest
  | OwnTest
/** What the clocks of a ticket say; `before` null: any. Like words it is asked of the database alone. */
type DueTest = { test: 'due'; before: string | null; not: boolean; value: string }
export type Tests = { all: Test[]; any: Test[] }

/** One ticket as its tests need it; a category with all above it, an assignee with all their teams. */
export type Facts = { [C in OneColumn]: string | null } & { [C in TimeColumn]: string | null } & { [F in Flag]: boolean } & {
  id: string
  category_id: string | null
  categories: readonly string[]
  assignee_id: string | null
  assignee_teams: readonly string[]
  tags: readonly string[]
  reopened_count: number
  passed_count: number
  /** Which tests of its texts hold, by `textKey`: only the database reads words as the search does. */
  texts: ReadonlySet<string>
  /** Its own fields by their ids, as the ticket holds them. */
  fields: Values
}

const columnOf: Partial<Record<Condition['field'], OneColumn>> = {
  kind: 'kind',
  meaning: 'meaning',
  status: 'status_id',
  priority: 'priority',
  impact: 'impact',
  urgency: 'urgency',
  channel: 'channel',
  language: 'language',
  requester: 'requester_id',
  organisation: 'organisation_id',
  site: 'site_id',
  team: 'team_id',
}
const timeOf = {
  created: 'created_at',
  changed: 'changed_at',
  resolved: 'resolved_at',
  lastMessage: 'last_message_at',
  waitingSince: 'waiting_since',
  revisit: 'revisit_at',
} as const

export const testsOf = (query: ViewQuery, viewer: Viewer): Tests => ({
  all: query.all.map((one) => testOf(one, viewer)),
  any: query.any.map((one) => testOf(one, viewer)),
})

function testOf(condition: Condition, viewer: Viewer): Test {
  switch (condition.field) {
    case 'tags':
      return { test: 'tags', how: condition.op, values: condition.values }
    case 'open':
    case 'unread':
    case 'following':
    case 'restricted':
      return { test: 'flag', flag: condition.field, is: condition.is }
    case 'reopened':
    case 'passed': {
      const least = condition.op === 'at-least'
      const column = condition.field === 'reopened' ? 'reopened_count' : 'passed_count'
      return { test: 'count', column, least: least ? condition.value : null, most: least ? null : condition.value }
    }
    case 'subject':
      return { test: 'contains', value: condition.value, not: condition.op === 'lacks' }
    case 'words':
      return { test: 'words', value: condition.value }
    case 'due':
      return dueTest(condition, viewer)
    case 'own':
      return ownTest(condition, viewer)
    case 'created':
    case 'changed':
    case 'resolved':
    case 'lastMessage':
    case 'waitingSince':
    case 'revisit':
      return timeTest(condition, viewer)
    default:
      return oneOfTest(condition, viewer)
  }
}

function dueTest(condition: Extract<Condition, { field: 'due' }>, { now }: Viewer): Test {
  const hours = condition.op === 'next' ? condition.amount * (condition.unit === 'days' ? 24 : 1) : 0
  const before = condition.op === 'empty' ? null : now.add({ hours }).toString()
  return { test: 'due', before, not: condition.op === 'empty', value: before ?? 'any' }
}

type TimeCondition = Extract<Condition, { field: keyof typeof timeOf }>
function timeTest(condition: TimeCondition, { now, timeZone }: Viewer): Test {
  const column = timeOf[condition.field]
  if (condition.op === 'empty' || condition.op === 'not-empty') return { test: 'known', column, known: condition.op === 'not-empty' }
  if (condition.op === 'between') {
    const begin = (day: string, more = 0) =>
      Temporal.PlainDate.from(day).add({ days: more }).toZonedDateTime(timeZone).toInstant().toString()
    return { test: 'time', column, from: begin(condition.from), before: begin(condition.to, 1) }
  }
  const at = now.subtract({ hours: condition.amount * (condition.unit === 'days' ? 24 : 1) }).toString()
  return condition.op === 'within' ? { test: 'time', column, from: at, before: null } : { test: 'time', column, from: null, before: at }
}

type OneOf = Exclude<Extract<Condition, { values: unknown }>, { field: 'tags' | 'own' }>
function oneOfTest(condition: OneOf, viewer: Viewer): Test {
  const asked = condition.values.map(String)
  const has = (name: string) => asked.includes(name)
  const ids = asked.filter((value) => !special.includes(value))
  if (has('me') && viewer.id !== null) ids.push(viewer.id)
  const plain = { none: has('none'), not: condition.op === 'is-not' }
  if (condition.field === 'category') return { test: 'category', values: ids, ...plain }
  if (condition.field === 'assignee') return { test: 'assignee', values: ids, ofTeams: has('my-teams') ? viewer.teams : [], ...plain }
  if (has('mine')) ids.push(...viewer.teams)
  return { test: 'one-of', column: columnOf[condition.field] as OneColumn, values: ids, ...plain }
}
const special = ['me', 'mine', 'my-teams', 'none']

type TextTest = Extract<Test, { test: 'contains' | 'words' | 'own-contains' | 'due' }>
export const textKey = (test: TextTest): string => `${test.test}:${'fieldId' in test ? test.fieldId : ''}:${test.value}`
export const textTests = (tests: Tests) =>
  [...tests.all, ...tests.any].filter(
    (one) => one.test === 'contains' || one.test === 'words' || one.test === 'own-contains' || one.test === 'due',
  )

/** Whether one ticket is in the view. */
export const holds = (facts: Facts, tests: Tests): boolean =>
  tests.all.every((test) => isTrue(facts, test)) && (tests.any.length === 0 || tests.any.some((test) => isTrue(facts, test)))

function isTrue(facts: Facts, test: Test): boolean {
  switch (test.test) {
    case 'one-of': {
      const value = facts[test.column]
      return (value === null ? test.none : test.values.includes(value)) !== test.not
    }
    case 'category':
      return (facts.category_id === null ? test.none : facts.categories.some((id) => test.values.includes(id))) !== test.not
    case 'assignee': {
      const id = facts.assignee_id
      const found = id === null ? test.none : test.values.includes(id) || facts.assignee_teams.some((team) => test.ofTeams.includes(team))
      return found !== test.not
    }
    case 'tags':
      if (test.how === 'all') return test.values.every((tag) => facts.tags.includes(tag))
      return test.values.some((tag) => facts.tags.includes(tag)) === (test.how === 'any')
    case 'time': {
      const at = facts[test.column]
      if (at === null) return false
      return (test.from === null || !isBefore(at, test.from)) && (test.before === null || isBefore(at, test.before))
    }
    case 'known':
      return (facts[test.column] !== null) === test.known
    case 'count':
      return facts[test.column] >= (test.least ?? 0) && (test.most === null || facts[test.column] <= test.most)
    case 'flag':
      return facts[test.flag] === test.is
    case 'contains':
    case 'due':
    case 'own-contains':
      return facts.texts.has(textKey(test)) !== test.not
    case 'words':
      return facts.texts.has(textKey(test))
    default:
      return isOwnTrue(facts.fields[test.fieldId] ?? null, test)
  }
}
const isBefore = (a: string, b: string) => Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)) < 0

/** Time alone brings tickets into such a view, without anybody changing them. */
export const movesByItself = (query: ViewQuery): boolean =>
  [...query.all, ...query.any].some(
    (one) => 'op' in one && (one.op === 'older' || one.op === 'within' || one.op === 'next' || one.op === 'late'),
  )

/** Whom and what a query names, so that it can be checked and read in words. */
export const namedIn = (query: ViewQuery): { kind: string; id: string; path: string }[] =>
  (['all', 'any'] as const).flatMap((side) =>
    query[side].flatMap((one, at) => {
      if (one.field === 'own') return namedInOwn(one, `query.${side}.${at}`)
      if (!('values' in one) || one.field === 'tags') return []
      const kind = kindOf[one.field]
      const found = one.values.map(String).flatMap((value, n) => {
        return special.includes(value) || !kind ? [] : [{ kind, id: value, path: `query.${side}.${at}.values.${n}` }]
      })
      return found
    }),
  )
const kindOf: Partial<Record<Condition['field'], string>> = {
  status: 'status',
  category: 'category',
  requester: 'person',
  assignee: 'person',
  team: 'team',
  organisation: 'organisation',
  site: 'site',
}
