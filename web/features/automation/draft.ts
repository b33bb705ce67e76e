import type { Happening, Occasion, Rule, RuleAction } from '../../../contract/automation.ts'
import type { Option } from '../../ui/Fields.tsx'
import { emptyStep, stepKinds } from '../readymade/draft.ts'
import { conditionOf, type Draft, draftOf, type Field } from '../views/conditions.ts'

/** A rule while it is being written: each field has something to show, and only what is whole goes to the server. */
export const happenings: readonly Happening[] = [
  'created',
  'requester-replied',
  'staff-replied',
  'noted',
  'changed',
  'assigned',
  'passed',
  'resolved',
  'reopened',
  'closed',
  'task-done',
]
export const changeable = ['status', 'priority', 'category', 'kind', 'tags', 'requester', 'site', 'subject', 'impact', 'urgency'] as const
export const sinces = ['created', 'changed', 'last-message', 'waiting-since', 'resolved'] as const
type Timed = Extract<Occasion, { on: 'time' }>

export type Values = {
  name: string
  on: 'event' | 'time'
  events: Happening[]
  fields: (typeof changeable)[number][]
  since: Timed['since']
  hours: number
  all: Draft[]
  any: Draft[]
  actions: RuleAction[]
}

/** What a rule can ask: it is nobody, so nothing is unread by it. */
const personal: readonly string[] = ['me', 'mine', 'my-teams']
export const askable = (fields: readonly Field[]) => fields.filter((field) => field !== 'unread' && field !== 'following')
export const impersonal = (options: readonly Option[]) => options.filter((option) => !personal.includes(option.value))

export function valuesOf(rule: Rule | undefined): Values {
  const drafts = (side: 'all' | 'any') =>
    (rule?.query[side] ?? []).map((one) => draftOf(one, (field, value) => rule?.names[`${kindOf[field] ?? field}:${value}`] ?? value))
  const occasion = rule?.occasion ?? { on: 'event' as const, events: ['created' as const], fields: [] }
  return {
    name: rule?.name ?? '',
    on: occasion.on,
    events: occasion.on === 'event' ? occasion.events : ['created'],
    fields: occasion.on === 'event' ? occasion.fields : [],
    since: occasion.on === 'time' ? occasion.since : 'waiting-since',
    hours: occasion.on === 'time' ? occasion.hours : 4,
    all: drafts('all'),
    any: drafts('any'),
    actions: structuredClone(rule?.actions ?? []),
  }
}
const kindOf: Record<string, string> = { requester: 'person', assignee: 'person' }

export function bodyOf(v: Values) {
  const whole = (drafts: readonly Draft[]) => drafts.map(conditionOf).filter((one) => one !== undefined)
  const occasion =
    v.on === 'time'
      ? { on: 'time' as const, since: v.since, hours: v.hours }
      : { on: 'event' as const, events: v.events, fields: v.events.includes('changed') ? v.fields : [] }
  return { occasion, query: { all: whole(v.all), any: whole(v.any) }, actions: v.actions }
}

const ownKinds = ['notify', 'mail-staff', 'task', 'webhook', 'macro', 'stop'] as const
export const actionKinds: readonly RuleAction['do'][] = [...stepKinds.filter((what) => what !== 'time'), ...ownKinds]

const empty = { en: '', de: '' }
export function emptyAction(what: RuleAction['do']): RuleAction {
  switch (what) {
    case 'notify':
      return { do: what, personIds: [], teamIds: [], assignee: true }
    case 'mail-staff':
      return { do: what, to: [], subject: '', text: empty }
    case 'task':
      return { do: what, title: '', teamId: null, dueHours: null }
    case 'webhook':
      return { do: what, webhookId: '' }
    case 'macro':
      return { do: what, readymadeId: '' }
    case 'stop':
      return { do: what }
    case 'assignee':
      return { do: what, assigneeId: null }
    default:
      return emptyStep(what)
  }
}

/** What the fields of one step are given. */
export type ActionProps<D extends RuleAction['do'] = RuleAction['do']> = {
  action: Extract<RuleAction, { do: D }>
  path: string
  issues: Record<string, string>
  onChange: (action: RuleAction) => void
}
