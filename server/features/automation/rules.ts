import type { Happening, Occasion, RuleAction, StepDone } from '../../../contract/automation.ts'
import type { Step } from '../../../contract/readymade.ts'
import type { Condition, ViewQuery } from '../../../contract/views.ts'
import type { Facts } from '../views/rules.ts'

/** What a rule waits for, and what it would do: pure, so that the dry run and the real one cannot differ. */
export type Happened = { is: Happening; fields?: string[]; messageId?: string }

const typeOf: Record<Happening, string> = {
  created: 'ticket.created',
  'requester-replied': 'ticket.replied',
  'staff-replied': 'ticket.replied',
  noted: 'ticket.replied',
  changed: 'ticket.changed',
  assigned: 'ticket.assigned',
  passed: 'ticket.passed',
  resolved: 'ticket.resolved',
  reopened: 'ticket.reopened',
  closed: 'ticket.closed',
  'task-done': 'task.done',
}
export const awaitedTypes = [...new Set(Object.values(typeOf))]
export const typesOf = (occasion: Occasion): string[] =>
  occasion.on === 'time' ? [] : [...new Set(occasion.events.map((one) => typeOf[one]))]

const fieldOf: Record<string, string> = {
  meaning: 'status',
  status_id: 'status',
  priority: 'priority',
  category_id: 'category',
  kind: 'kind',
  tags: 'tags',
  requester_id: 'requester',
  site_id: 'site',
  subject: 'subject',
  impact: 'impact',
  urgency: 'urgency',
}
export const columnsOf = (fields: readonly string[]): string[] => Object.keys(fieldOf).filter((column) => fields.includes(fieldOf[column]!))

/** What an event is to rules; null: nothing. */
export function happenedIn(type: string, data: Record<string, unknown>): Happened | null {
  if (type === 'ticket.replied') {
    const messageId = String(data.messageId)
    if (data.internal || data.direction === 'inside') return { is: 'noted', messageId }
    return { is: data.direction === 'in' ? 'requester-replied' : 'staff-replied', messageId }
  }
  if (type === 'ticket.changed') {
    const columns = Object.keys((data.changes as object | undefined) ?? {})
    return { is: 'changed', fields: [...new Set(columns.map((column) => fieldOf[column] ?? column))] }
  }
  const is = (Object.keys(typeOf) as Happening[]).find((one) => typeOf[one] === type)
  return is === undefined ? null : { is }
}

export const isMeant = (occasion: Occasion, happened: readonly Happened[]): boolean =>
  occasion.on === 'event' &&
  happened.some(
    ({ is, fields = [] }) =>
      occasion.events.includes(is) &&
      (is !== 'changed' || occasion.fields.length === 0 || fields.some((one) => occasion.fields.includes(one as never))),
  )

/** Conditions about whoever reads: a rule is nobody. */
export function personalIn(query: ViewQuery): string[] {
  const isPersonal = (one: Condition) =>
    (one.field === 'own' && one.type === 'person' && 'values' in one && one.values.includes('me')) ||
    one.field === 'unread' ||
    one.field === 'following' ||
    ('values' in one &&
      one.field !== 'tags' &&
      one.field !== 'own' &&
      one.values.some((value) => ['me', 'mine', 'my-teams'].includes(String(value))))
  return (['all', 'any'] as const).flatMap((side) => query[side].flatMap((one, at) => (isPersonal(one) ? [`query.${side}.${at}`] : [])))
}

/** What only a person can do. */
export const needsPerson = (action: RuleAction | Step): boolean =>
  action.do === 'time' || (action.do === 'assignee' && action.assigneeId === 'me')

/** Loop guard. */
export const mostDepth = 5
export const mostStepsInHour = 20
/**
 * A chain that began with somebody outside is marked in its id. What they cause is counted apart: whoever writes twenty
 * mails to one ticket may hold the rules up there, but must not switch them off for everybody.
 */
const outside = 'outside-'
export const asOutside = (chain: string): string => (isOutside(chain) ? chain : `${outside}${chain}`)
export const isOutside = (chain: string | undefined): boolean => chain?.startsWith(outside) ?? false
export const outsideChains = `${outside}%`

/** What a step would do to a ticket as it is now, without doing it. */
export function wouldDo(action: RuleAction, facts: Facts): StepDone {
  const is = (same: boolean, value: string | null): StepDone => ({ do: action.do, outcome: same ? 'nothing' : 'done', value: value ?? '' })
  switch (action.do) {
    case 'status':
      return is(facts.status_id === action.statusId, action.statusId)
    case 'priority':
      return is(facts.priority === String(action.priority), String(action.priority))
    case 'category':
      return is(facts.category_id === action.categoryId, action.categoryId)
    case 'team':
      return is(facts.team_id === action.teamId, action.teamId)
    case 'assignee':
      return is(facts.assignee_id === action.assigneeId, action.assigneeId)
    case 'kind':
      return is(facts.kind === action.kind, action.kind)
    case 'tags': {
      const same = action.add.every((tag) => facts.tags.includes(tag)) && !action.remove.some((tag) => facts.tags.includes(tag))
      return is(same, [...action.add.map((one) => `+ ${one}`), ...action.remove.map((one) => `- ${one}`)].join(', '))
    }
    case 'resolve':
      return is(facts.meaning === 'resolved', action.code)
    case 'notify':
      return is(action.assignee && facts.assignee_id === null && action.personIds.length + action.teamIds.length === 0, '')
    case 'stop':
      return is(true, '')
    default:
      return is(false, '')
  }
}
