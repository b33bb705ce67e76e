import { type Handoff, type HandoffPart, handoffParts } from '../../../contract/handoff.ts'

/** The note with which a ticket is handed on: what was written freely, then each part under its heading. */
const headings: Record<'en' | 'de', Record<HandoffPart, string>> = {
  en: { found: 'What was found', tried: 'What was tried', expected: 'What is expected' },
  de: { found: 'Was gefunden wurde', tried: 'Was versucht wurde', expected: 'Was jetzt erwartet wird' },
}
export const headingOf = (language: 'en' | 'de', part: HandoffPart): string => headings[language][part]

/** Signs that nobody sees say nothing. */
const saysNothing = (text: string): boolean => /^[\s\p{Cf}\p{Cc}]*$/u.test(text)
export const partsGiven = (parts: Handoff | undefined): HandoffPart[] => handoffParts.filter((part) => !saysNothing(parts?.[part] ?? ''))

export function handoffText(language: 'en' | 'de', note: string, parts: Handoff | undefined): string {
  const told = partsGiven(parts).map((part) => `${headingOf(language, part)}\n${parts?.[part].trim()}`)
  return [...(note.trim() === '' ? [] : [note]), ...told].join('\n\n')
}
