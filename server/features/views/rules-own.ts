import type { FieldValue } from '../../../contract/field-values.ts'
import type { OwnCondition } from '../../../contract/own-conditions.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Issue } from '../../kernel/problem.ts'
import type { FieldFacts } from '../fields/rules.ts'

/**
 * Conditions over own fields as plain tests, like those of rules.ts: asked of the database (access-own.ts) or of what one
 * ticket holds. A field that holds nothing makes no test true, and no test of its opposite false.
 */
export type OwnTest =
  | { test: 'own-one-of'; fieldId: string; values: string[]; not: boolean }
  | { test: 'own-contains'; fieldId: string; value: string; not: boolean }
  | { test: 'own-number'; fieldId: string; least: number | null; most: number | null; not: boolean }
  /** Days as they are written, both counted in. */
  | { test: 'own-days'; fieldId: string; from: string | null; to: string | null }
  | { test: 'own-known'; fieldId: string; known: boolean }

type Reader = { id: string | null; now: Instant; timeZone: string }

export function ownTest(condition: OwnCondition, reader: Reader): OwnTest {
  const { fieldId, type, op } = condition
  const not = op === 'is-not' || op === 'lacks'
  if ('values' in condition) {
    const { id } = reader
    const isMe = (value: string) => type === 'person' && value === 'me'
    const values = condition.values.flatMap((value) => (isMe(value) ? (id === null ? [] : [id]) : [value]))
    return { test: 'own-one-of', fieldId, values, not }
  }
  if ('value' in condition) {
    if (condition.type === 'text') return { test: 'own-contains', fieldId, value: condition.value, not }
    const { value } = condition
    return { test: 'own-number', fieldId, least: op === 'at-most' ? null : value, most: op === 'at-least' ? null : value, not }
  }
  if ('from' in condition) return { test: 'own-days', fieldId, from: condition.from, to: condition.to }
  if ('days' in condition) return { test: 'own-days', fieldId, ...daysOf(condition, reader) }
  return { test: 'own-known', fieldId, known: op === 'not-empty' }
}

function daysOf({ op, days }: { op: 'within' | 'older' | 'next'; days: number }, { now, timeZone }: Reader) {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate()
  const day = (by: number) => today.add({ days: by }).toString()
  if (op === 'older') return { from: null, to: day(-days - 1) }
  return op === 'within' ? { from: day(-days), to: day(0) } : { from: day(0), to: day(days) }
}

/** Of one ticket; words in a text are read by the database alone. */
export function isOwnTrue(held: FieldValue | null, test: Exclude<OwnTest, { test: 'own-contains' }>): boolean {
  switch (test.test) {
    case 'own-one-of':
      return (held !== null && test.values.includes(String(held))) !== test.not
    case 'own-number': {
      const fits = typeof held === 'number' && (test.least === null || held >= test.least) && (test.most === null || held <= test.most)
      return fits !== test.not
    }
    case 'own-days':
      return typeof held === 'string' && (test.from === null || held >= test.from) && (test.to === null || held <= test.to)
    case 'own-known':
      return (held !== null) === test.known
  }
}

/** What a condition refers to; the field with its type, because with another one it would ask something else. */
export function namedInOwn(condition: OwnCondition, path: string): { kind: string; id: string; path: string }[] {
  const field = { kind: `field-${condition.type}`, id: condition.fieldId, path: `${path}.fieldId` }
  if (!('values' in condition) || (condition.type !== 'person' && condition.type !== 'organisation')) return [field]
  const named = condition.values.flatMap((id, n) => (id === 'me' ? [] : [{ kind: condition.type, id, path: `${path}.values.${n}` }]))
  return [field, ...named]
}

/** Beside the field: there is none such, it has another type, or it has no such choice. Archived ones are still held by tickets. */
export const wrongOwn = (query: ViewQuery, fields: readonly FieldFacts[]): Issue[] =>
  (['all', 'any'] as const).flatMap((side) =>
    query[side].flatMap((one, at): Issue[] => {
      if (one.field !== 'own') return []
      const path = `query.${side}.${at}`
      const field = fields.find((other) => other.id === one.fieldId)
      if (!field)
        return [
          { path: `${path}.fieldId`, code: 'unknown', message: 'There is no such field. Choose another; GET /api/fields lists them.' },
        ]
      if (field.type !== one.type) return [{ path: `${path}.type`, code: 'type', message: `This field is a ${field.type}. Ask it as one.` }]
      if (one.type !== 'choice' || !('values' in one)) return []
      const keys = field.choices.map((choice) => choice.key)
      return one.values.flatMap((value, n) =>
        keys.includes(value) ? [] : [{ path: `${path}.values.${n}`, code: 'unknown', message: `Choose one of: ${keys.join(', ')}.` }],
      )
    }),
  )
