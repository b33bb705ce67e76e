import type { FieldType, FieldValue } from '../../../contract/field-values.ts'
import type { Field } from '../../../contract/fields.ts'
import type { Kind, Meaning } from '../../../contract/tickets.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Issue } from '../../kernel/problem.ts'

/** Own fields, judged: no I/O. What a ticket holds is keyed by the field's id, what is said to us by the field's key. */
export type FieldFacts = Pick<
  Field,
  'id' | 'key' | 'label' | 'type' | 'choices' | 'kinds' | 'categoryIds' | 'audience' | 'mandatoryIn' | 'archived'
>
export type Values = Readonly<Record<string, FieldValue>>
export type Given = Readonly<Record<string, FieldValue | null>>
export type Reference = { type: 'person' | 'organisation'; id: string; path: string }
export type Change = { field: FieldFacts; from: FieldValue | null; to: FieldValue | null }
export type Judged = { issues: Issue[]; values: Record<string, FieldValue>; changes: Change[]; references: Reference[] }

type Asked = {
  ticket: { kind: Kind; categoryId: string | null }
  before: Values
  given: Given
  /** A requester fills what the portal asks for, and knows of no other field. */
  by: 'staff' | 'requester'
  /** The status that the ticket goes into by hand: what is mandatory there must be filled. */
  entering: Meaning | null
  /** The status that it has: what is mandatory there is not emptied again. */
  present?: Meaning | null
}

/** Whether such a ticket is asked for the field at all. */
export const isAsked = (field: FieldFacts, ticket: Asked['ticket']): boolean =>
  !field.archived &&
  field.kinds.includes(ticket.kind) &&
  (field.categoryIds === null || (ticket.categoryId !== null && field.categoryIds.includes(ticket.categoryId)))

/** All that is wrong, at once, by the path fields.<key>; and what the ticket would hold. */
export function judgeFields(fields: readonly FieldFacts[], { ticket, before, given, by, entering, present }: Asked): Judged {
  const known = by === 'staff' ? fields : fields.filter((field) => field.audience === 'portal')
  const judged: Judged = { issues: [], values: { ...before }, changes: [], references: [] }
  for (const [key, value] of Object.entries(given)) {
    const field = known.find((one) => one.key === key && !one.archived)
    if (field) take(judged, field, ticket, value, before[field.id] ?? null)
    else judged.issues.push({ path: `fields.${key}`, code: 'unknown', message: 'There is no such field. Leave it out.' })
  }
  if (entering !== null)
    for (const field of known)
      if (isAsked(field, ticket) && field.mandatoryIn.includes(entering) && judged.values[field.id] === undefined) miss(judged, field)
  if (present && entering === null)
    for (const { field, to } of judged.changes)
      if (to === null && isAsked(field, ticket) && field.mandatoryIn.includes(present)) miss(judged, field)
  return judged
}

function miss(judged: Judged, field: FieldFacts): void {
  const path = `fields.${field.key}`
  if (judged.issues.some((issue) => issue.path === path)) return
  judged.issues.push({ path, code: 'missing', message: `Fill in “${field.label.en}” first.` })
}

function take(judged: Judged, field: FieldFacts, ticket: Asked['ticket'], value: FieldValue | null, before: FieldValue | null): void {
  const path = `fields.${field.key}`
  const read = value === null ? null : readValue(field, value, before)
  if (read !== null && typeof read === 'object') return void judged.issues.push({ path, ...read })
  if (read === before) return
  if (read !== null && !isAsked(field, ticket))
    return void judged.issues.push({
      path,
      code: 'not_asked',
      message: 'Tickets of this kind and category do not have this field. Leave it out, or empty it.',
    })
  if (read === null) delete judged.values[field.id]
  else judged.values[field.id] = read
  judged.changes.push({ field, from: before, to: read })
  if (read !== null && (field.type === 'person' || field.type === 'organisation'))
    judged.references.push({ type: field.type, id: String(read), path })
}

type Wrong = { code: string; message: string }
type Read = FieldValue | null | Wrong

const readers: Record<FieldType, (value: FieldValue) => Read> = {
  text: (value) => (typeof value === 'string' ? value.trim() || null : String(value)),
  number: (value) =>
    typeof value === 'number' && Number.isFinite(value) ? value : { code: 'number', message: 'Give a number, such as 12.5.' },
  choice: (value) => String(value),
  date: (value) => (isDay(value) ? value : { code: 'date', message: 'Give a day as YYYY-MM-DD, such as 2026-03-31.' }),
  person: (value) => reference(value, 'person'),
  organisation: (value) => reference(value, 'organisation'),
}

const isDay = (value: FieldValue): value is string => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  try {
    return Temporal.PlainDate.from(value, { overflow: 'reject' }).toString() === value
  } catch {
    return false
  }
}
const reference = (value: FieldValue, what: string): Read =>
  /^\d{1,18}$/.test(String(value)) ? String(value) : { code: what, message: `Give the id of a ${what}, a string of digits.` }

function readValue(field: FieldFacts, value: FieldValue, before: FieldValue | null): Read {
  const read = readers[field.type](value)
  if (field.type !== 'choice' || read === before) return read
  // What was archived stays where it is, and is chosen no more.
  const open = field.choices.filter((one) => !one.archived).map((one) => one.key)
  return open.includes(String(read)) ? read : { code: 'choice', message: `Choose one of: ${open.join(', ')}.` }
}

/** What the history says of a change: ids, codes and numbers. A text must be erasable, so of it only that it changed. */
export const toldChange = ({ field, from, to }: Change): [string, [unknown, unknown]] => [
  `field.${field.id}`,
  field.type === 'text' ? [null, null] : [from, to],
]

/** A value of the address line as the field would hold it; undefined where it cannot hold such a thing. */
export function valueAsked(field: FieldFacts, text: string): FieldValue | undefined {
  const value = field.type === 'number' ? Number(text) : text
  if (field.type === 'choice') return field.choices.some((one) => one.key === text) ? text : undefined
  const read = readers[field.type](value)
  return read === null || typeof read === 'object' ? undefined : read
}
