import type { FieldType } from '../../../contract/field-values.ts'
import type { OwnCondition } from '../../../contract/own-conditions.ts'
import { inLanguage } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'

/** Own fields among the conditions: how each type is asked, and what of it is written into a row. */
export type OwnDraft = {
  fieldId: string
  type: FieldType
  how: OwnCondition['op']
  picked: Option[]
  /** A text, or a number as it is typed. */
  text: string
  days: number | null
  from: string
  to: string
}
export const ownHows = {
  choice: ['is', 'is-not', 'empty', 'not-empty'],
  text: ['contains', 'lacks', 'is', 'is-not', 'empty', 'not-empty'],
  number: ['at-least', 'at-most', 'is', 'is-not', 'empty', 'not-empty'],
  date: ['next', 'within', 'older', 'between', 'empty', 'not-empty'],
  person: ['is', 'is-not', 'empty', 'not-empty'],
  organisation: ['is', 'is-not', 'empty', 'not-empty'],
} as const satisfies Record<FieldType, readonly OwnCondition['op'][]>

export const blankOwn = (fieldId: string, type: FieldType): OwnDraft => ({
  fieldId,
  type,
  how: ownHows[type][0],
  picked: [],
  text: '',
  days: 7,
  from: '',
  to: '',
})

export function ownDraftOf(condition: OwnCondition, labelOf: (kind: string, value: string) => string): OwnDraft | undefined {
  const draft = { ...blankOwn(condition.fieldId, condition.type), how: condition.op }
  if ('values' in condition) {
    if (condition.type !== 'text') {
      const picked = condition.values.map((value) => ({ value, label: labelOf(condition.type, value) }))
      return { ...draft, picked }
    }
    // One text is typed here; several are kept as they came.
    return condition.values.length === 1 ? { ...draft, text: condition.values[0] ?? '' } : undefined
  }
  if ('value' in condition) return { ...draft, text: String(condition.value) }
  if ('from' in condition) return { ...draft, from: condition.from, to: condition.to }
  return 'days' in condition ? { ...draft, days: condition.days } : draft
}

/** Undefined while it is not whole. */
export function ownConditionOf({ fieldId, type, how: op, picked, text, days, from, to }: OwnDraft): OwnCondition | undefined {
  const whole = (more: object) => ({ field: 'own', fieldId, type, op, ...more }) as OwnCondition
  if (op === 'empty' || op === 'not-empty') return whole({})
  const typed = text.trim()
  if (type === 'date') {
    if (op === 'between') return from !== '' && to !== '' ? whole({ from, to }) : undefined
    return days === null ? undefined : whole({ days })
  }
  if (type === 'number') {
    const value = Number(typed.replace(',', '.'))
    return typed !== '' && Number.isFinite(value) ? whole({ value }) : undefined
  }
  if (type === 'text') {
    if (typed === '') return undefined
    return whole(op === 'is' || op === 'is-not' ? { values: [typed] } : { value: typed })
  }
  return picked.length > 0 ? whole({ values: picked.map((one) => one.value) }) : undefined
}

export type OwnField = { id: string; type: FieldType; label: string; archived: boolean; choices: readonly Option[] }

/** The own fields by their labels; those out of use only where a condition has one. */
export function useOwnFieldList(used: readonly string[]): readonly OwnField[] {
  const language = useLanguage()
  const present = useCall('GET /api/fields', {}, { staleTime: 300_000 }).data?.items
  const missing = present !== undefined && used.some((id) => !present.some((one) => one.id === id))
  const archived = useCall('GET /api/fields', { query: { archived: 'true' } }, { enabled: missing }).data?.items ?? []
  return [...(present ?? []), ...archived.filter((one) => used.includes(one.id))].map((one) => ({
    id: one.id,
    type: one.type,
    label: inLanguage(one.label, language),
    archived: one.archived,
    choices: one.choices.map((choice) => ({ value: choice.key, label: inLanguage(choice.label, language) })),
  }))
}

const ofColumn = 'own:'
export const ownColumn = (id: string) => `${ofColumn}${id}` as const
export const ownColumnsIn = (columns: readonly Option[]): string[] =>
  columns.flatMap(({ value }) => (value.startsWith(ofColumn) ? [value.slice(ofColumn.length)] : []))
