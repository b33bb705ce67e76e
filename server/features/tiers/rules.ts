import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Actor } from '../../kernel/actor.ts'

/** Where this actor leads: everywhere, or in some teams. Whoever leads may settle what the team may not. */
export function leadsIn({ grants }: Actor): 'everywhere' | string[] {
  const leading = grants.filter(({ role }) => role === 'lead' || role === 'manager' || role === 'administrator')
  const everywhere = leading.some(({ teamId, organisationId }) => teamId === null && organisationId === null)
  return everywhere ? 'everywhere' : leading.flatMap(({ teamId }) => (teamId === null ? [] : [teamId]))
}

export const missingParts = (asked: readonly HandoffPart[], given: readonly HandoffPart[]): HandoffPart[] =>
  asked.filter((part) => !given.includes(part))

/** What a team does not settle, in a word: its category, or its kind. */
const kindWords: Record<'en' | 'de', Record<string, string>> = {
  en: { incident: 'incidents', request: 'requests', problem: 'problems', change: 'changes' },
  de: { incident: 'Störungen', request: 'Anfragen', problem: 'Probleme', change: 'Änderungen' },
}
export const kindInWords = (language: 'en' | 'de', kind: string): string => kindWords[language][kind] ?? kind
