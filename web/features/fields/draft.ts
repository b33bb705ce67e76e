import type { Field } from '../../../contract/fields.ts'
import type { Body } from '../../kernel/call.ts'

/** A field as its sheet holds it; `id` keeps a choice's row while it is moved. */
export type ChoiceDraft = { id: number; key: string; en: string; de: string; archived: boolean }
export type FieldDraft = {
  key: string
  en: string
  de: string
  helpEn: string
  helpDe: string
  type: Field['type']
  choices: ChoiceDraft[]
  incident: boolean
  request: boolean
  categoryIds: string[]
  audience: Field['audience']
  mandatoryIn: Field['mandatoryIn']
}
let lastId = 0
export const blankChoice = (): ChoiceDraft => ({ id: ++lastId, key: '', en: '', de: '', archived: false })
export const blankField: FieldDraft = {
  key: '',
  en: '',
  de: '',
  helpEn: '',
  helpDe: '',
  type: 'text',
  choices: [],
  incident: true,
  request: true,
  categoryIds: [],
  audience: 'staff',
  mandatoryIn: [],
}

export const valuesOf = (field: Field): FieldDraft => ({
  key: field.key,
  ...field.label,
  helpEn: field.help.en,
  helpDe: field.help.de,
  type: field.type,
  choices: field.choices.map((c) => ({ id: ++lastId, key: c.key, ...c.label, archived: c.archived })),
  incident: field.kinds.includes('incident'),
  request: field.kinds.includes('request'),
  categoryIds: field.categories.map((c) => c.id),
  audience: field.audience,
  mandatoryIn: field.mandatoryIn,
})

/** Small letters, digits and hyphens, as keys are. */
export const keyFrom = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50)

/** One language may stay empty: the other stands for it. A new choice gets its key from its name. */
export function bodyOf(v: FieldDraft): Omit<Body<'POST /api/fields'>, 'key'> {
  const taken = new Set(v.choices.map((c) => c.key))
  const keyOf = (c: ChoiceDraft, n: number) => {
    if (c.key) return c.key
    const plain = keyFrom(c.en || c.de) || `choice-${n + 1}`
    const key = taken.has(plain) ? `${plain}-${n + 1}` : plain
    taken.add(key)
    return key
  }
  return {
    label: { en: v.en || v.de, de: v.de || v.en },
    help: { en: v.helpEn || v.helpDe, de: v.helpDe || v.helpEn },
    type: v.type,
    choices:
      v.type === 'choice'
        ? v.choices.map((c, n) => ({ key: keyOf(c, n), label: { en: c.en || c.de, de: c.de || c.en }, archived: c.archived }))
        : [],
    kinds: [...(v.incident ? (['incident'] as const) : []), ...(v.request ? (['request'] as const) : [])],
    categoryIds: v.categoryIds,
    audience: v.audience,
    mandatoryIn: v.mandatoryIn,
  }
}
export const changesOf = (v: FieldDraft): Body<'PATCH /api/fields/:id'> => bodyOf(v)

const sheetNames: Record<string, string> = { label: 'en', help: 'helpEn', kinds: 'incident', categoryIds: 'categoryIds' }
/** The server names label and help as a whole; here each is two fields. */
export function withFields(cause: unknown): unknown {
  for (const issue of (cause as { issues?: { path: string }[] }).issues ?? []) {
    const [first = ''] = issue.path.split('.')
    issue.path = sheetNames[first] ?? (first === 'choices' ? 'choices' : issue.path)
  }
  return cause
}
