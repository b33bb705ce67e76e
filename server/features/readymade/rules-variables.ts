/**
 * Variables of ready-made texts. No logic: {{name}} is replaced once by a value of the list for those eyes, and the
 * result is never looked at again, so that a name like "{{ticket.tags}}" stays what it is (abuse cases F-081, J-116 to
 * J-118). What only colleagues may read has names of its own, which a public text cannot use: not when it is saved, and
 * not when it is filled in either.
 */
export type Audience = 'everyone' | 'staff'
export type Values = Readonly<Record<string, string | null>>
export type Filled = { text: string; missing: string[] }

export const publicVariables = [
  'requester.firstName',
  'requester.name',
  'ticket.number',
  'ticket.subject',
  'agent.name',
  'agent.firstName',
  'organisation.name',
  'site.name',
  'company.name',
  'date.today',
  'date.tomorrow',
  'date.inThreeDays',
  'date.nextMonday',
] as const
export const staffVariables = [
  'requester.phone',
  'requester.department',
  'requester.specialHandling',
  'organisation.specialHandling',
  'ticket.team',
  'ticket.assignee',
  'ticket.status',
  'ticket.category',
  'ticket.priority',
  'ticket.tags',
] as const

const allowed: Record<Audience, ReadonlySet<string>> = {
  everyone: new Set(publicVariables),
  staff: new Set([...publicVariables, ...staffVariables]),
}
const pattern = /\{\{\s*([^{}]{0,80}?)\s*\}\}/g
export const blank = '___'

/** What is wrong with the variables of a text for these eyes; nothing: it may be kept. */
export function wrongVariables(text: string, audience: Audience): { name: string; code: 'unknown_variable' | 'internal_variable' }[] {
  const names = [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))]
  return names
    .filter((name) => !allowed[audience].has(name))
    .map((name) => ({ name, code: allowed.staff.has(name) ? 'internal_variable' : 'unknown_variable' }))
}

/** A missing value leaves a blank that is seen, and is named. */
export function fill(text: string, values: Values, audience: Audience): Filled {
  const missing = new Set<string>()
  const filled = text.replace(pattern, (_, name: string) => {
    const value = allowed[audience].has(name) && Object.hasOwn(values, name) ? values[name] : null
    if (value !== null && value !== undefined && value !== '') return value
    missing.add(name)
    return blank
  })
  return { text: filled, missing: [...missing] }
}

export type Language = 'en' | 'de'
/** In this language, else in the other. */
export const inLanguage = (words: { en: string; de: string }, language: string): string =>
  (language === 'de' ? words.de.trim() || words.en : words.en.trim() || words.de) ?? ''
export const asLanguage = (language: string): Language => (language === 'de' ? 'de' : 'en')

/** "Weber, Jana" and "Jana Weber" are both Jana. */
export function firstNameOf(name: string): string {
  const [before = '', after] = name.split(',')
  return (after ?? before).trim().split(/\s+/)[0] ?? ''
}
