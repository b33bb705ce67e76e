import { useState } from 'react'
import type { FieldType, FieldValue } from '../../../contract/field-values.ts'
import { type Answer, problemIn } from '../../kernel/call.ts'
import { inLanguage, lookUp } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { fieldTexts } from './texts.ts'

/** A field as a form shows it. */
export type Shown = {
  key: string
  label: string
  help: string
  type: FieldType
  choices: readonly { key: string; label: string }[]
  mandatoryIn: readonly string[]
}
/** What stands in a form: text as it is typed, or somebody who was picked. */
export type Typed = string | Option | null
export type TypedValues = Record<string, Typed>

export const typedOf = (type: FieldType, value: FieldValue | null, shown: string | null): Typed => {
  if (value === null) return null
  if (type === 'person' || type === 'organisation') return { value: String(value), label: shown ?? String(value) }
  return String(value)
}

/** As it is sent: what is no number stays text, so that the server says what is wrong with it. */
export function sentOf(type: FieldType, typed: Typed): FieldValue | null {
  if (typed === null) return null
  const text = (typeof typed === 'string' ? typed : typed.value).trim()
  if (text === '') return null
  if (type !== 'number') return text
  const number = Number(text.replace(',', '.'))
  return Number.isFinite(number) ? number : text
}

/** Own fields of a form: what is typed, what the server says of each, and what is sent. */
export function useOwnFields(fields: readonly Shown[], initial: TypedValues = {}) {
  // Only what was touched is kept here: what a ticket holds may come later than the form.
  const [touched, setTyped] = useState<TypedValues>({})
  const typed = { ...initial, ...touched }
  const [errors, setErrors] = useState<Record<string, string>>({})
  const sentNow = (field: Shown) => sentOf(field.type, typed[field.key] ?? null)
  return {
    fields,
    typed,
    errors,
    set: (key: string, value: Typed) => {
      setTyped((now) => ({ ...now, [key]: value }))
      setErrors(({ [key]: _, ...rest }) => rest)
    },
    /** Beside the fields what the server says of them; true when it concerns them alone. */
    take: (cause: unknown): boolean => {
      const issues = problemIn(cause)?.issues ?? []
      const own = issues.filter((issue) => issue.path.startsWith('fields.'))
      setErrors(
        Object.fromEntries(
          own.map((issue) => [issue.path.slice('fields.'.length), lookUp(fieldTexts, `issue-${issue.code}`) ?? issue.message]),
        ),
      )
      return own.length > 0 && own.length === issues.length
    },
    /** Only what is filled in. */
    filled: () => Object.fromEntries(fields.flatMap((f) => (sentNow(f) === null ? [] : [[f.key, sentNow(f) as FieldValue]]))),
    /** Only what differs from the beginning; what was emptied as null. */
    changed: () =>
      Object.fromEntries(
        fields.flatMap((f) => {
          const now = sentNow(f)
          return now === sentOf(f.type, initial[f.key] ?? null) ? [] : [[f.key, now]]
        }),
      ),
    reset: () => {
      setTyped({})
      setErrors({})
    },
  }
}
export type OwnFieldsForm = ReturnType<typeof useOwnFields>

/** The fields that a new ticket of this kind and category is asked for. */
export const useAskedFields = (kind: 'incident' | 'request', categoryId: string | null, portal = false): Shown[] =>
  useEveryField(
    (f) =>
      f.kinds.includes(kind) &&
      (!portal || f.audience === 'portal') &&
      (f.categoryIds === null || (categoryId !== null && f.categoryIds.includes(categoryId))),
  )

type Kept = Answer<'GET /api/fields'>['items'][number]
export function useEveryField(which: (field: Kept) => boolean = () => true): Shown[] {
  const language = useLanguage()
  const { data } = useCall('GET /api/fields', {}, { staleTime: 300_000 })
  return (data?.items ?? []).filter(which).map((f) => ({
    ...f,
    label: inLanguage(f.label, language),
    help: inLanguage(f.help, language),
    choices: f.choices.filter((c) => !c.archived).map((c) => ({ key: c.key, label: inLanguage(c.label, language) })),
  }))
}

/** What must be filled before this ticket is resolved, with what it holds; the same answer as the side panel's. */
export function useNeededFields(ticket: { id: string }): OwnFieldsForm {
  const { data } = useCall('GET /api/tickets/:id/fields', { params: { id: ticket.id } })
  const needed = (data?.items ?? []).filter((f) => f.asked && f.mandatoryIn.includes('resolved'))
  return useOwnFields(needed, Object.fromEntries(needed.map((f) => [f.key, typedOf(f.type, f.value, f.shown)])))
}
