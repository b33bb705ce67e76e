import type { Condition } from '../../../contract/views.ts'
import type { Option } from '../../ui/Fields.tsx'
import { blankOwn, type OwnDraft, type OwnField, ownConditionOf, ownDraftOf } from './own-conditions.ts'

/** A condition while it is being written; only what is whole goes to the server. */
export const shapes = {
  open: 'flag',
  meaning: 'many',
  status: 'many',
  priority: 'many',
  impact: 'many',
  urgency: 'many',
  team: 'many',
  assignee: 'many',
  requester: 'person',
  organisation: 'organisation',
  site: 'site',
  category: 'many',
  kind: 'many',
  channel: 'many',
  tags: 'tags',
  created: 'time',
  changed: 'time',
  waitingSince: 'time',
  due: 'due',
  resolved: 'time',
  lastMessage: 'time',
  unread: 'flag',
  following: 'flag',
  subject: 'text',
  words: 'text',
} as const
export type Field = keyof typeof shapes
const numbers: readonly Field[] = ['priority', 'impact', 'urgency']
export const fields = Object.keys(shapes) as Field[]

export type Draft = {
  key: number
  field: Field
  how: string
  picked: Option[]
  text: string
  tags: string[]
  amount: number | null
  unit: 'hours' | 'days'
  /** What this form does not know how to show is kept as it is. */
  kept: Condition | null
  /** It asks an own field; the rest is then unused. */
  own: OwnDraft | null
}
let last = 0
const usual: Record<(typeof shapes)[Field], string> = {
  flag: 'yes',
  many: 'is',
  person: 'is',
  organisation: 'is',
  site: 'is',
  tags: 'any',
  time: 'within',
  due: 'next',
  text: 'contains',
}
export const blank = (field: Field): Draft => ({
  key: ++last,
  field,
  how: usual[shapes[field]],
  picked: [],
  text: '',
  tags: [],
  amount: 7,
  unit: 'days',
  kept: null,
  own: null,
})
export const blankOwnDraft = ({ id, type }: OwnField): Draft => ({ ...blank('open'), own: blankOwn(id, type) })
export const ownFieldsIn = (drafts: readonly Draft[]): string[] => drafts.flatMap(({ own }) => (own ? [own.fieldId] : []))

export function draftOf(condition: Condition, labelOf: (field: string, value: string) => string): Draft {
  if (condition.field === 'own') {
    const own = ownDraftOf(condition, labelOf)
    return { ...blank('open'), own: own ?? null, kept: own ? null : condition }
  }
  if (!(condition.field in shapes)) return { ...blank('open'), kept: condition }
  const draft = blank(condition.field as Field)
  if ('is' in condition) return { ...draft, how: condition.is ? 'yes' : 'no' }
  if (condition.field === 'tags') return { ...draft, how: condition.op, tags: condition.values }
  if ('values' in condition) {
    const picked = condition.values.map((value) => ({ value: String(value), label: labelOf(condition.field, String(value)) }))
    return { ...draft, how: condition.op, picked }
  }
  if (condition.field === 'due' && !('unit' in condition)) return { ...draft, how: condition.op }
  if ('unit' in condition) return { ...draft, how: condition.op, amount: condition.amount, unit: condition.unit }
  if (condition.field === 'words') return { ...draft, text: condition.value }
  if (condition.field === 'subject' && condition.op === 'contains') return { ...draft, text: condition.value }
  return { ...draft, kept: condition }
}

export function conditionOf(draft: Draft): Condition | undefined {
  if (draft.kept) return draft.kept
  if (draft.own) return ownConditionOf(draft.own)
  const { field, how, picked, text, tags, amount, unit } = draft
  switch (shapes[field]) {
    case 'flag':
      return { field, is: how === 'yes' } as Condition
    case 'tags':
      return tags.length > 0 ? ({ field, op: how, values: tags } as Condition) : undefined
    case 'due':
      if (how !== 'next') return { field: 'due', op: how } as Condition
      return amount === null ? undefined : { field: 'due', op: 'next', amount, unit }
    case 'time':
      return amount === null ? undefined : ({ field, op: how, amount, unit } as Condition)
    case 'text': {
      if (text.trim() === '') return undefined
      return (field === 'words' ? { field, value: text } : { field, op: 'contains', value: text }) as Condition
    }
    default: {
      const values = picked.map(({ value }) => (numbers.includes(field) ? Number(value) : value))
      return values.length > 0 ? ({ field, op: how, values } as Condition) : undefined
    }
  }
}
