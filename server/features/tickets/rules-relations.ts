import type { Meaning, Relation } from '../../../contract/tickets.ts'
import { isFinished } from './rules.ts'

/** Pure rules of how tickets hang together. A link is kept once, read from its `from`; the other end reads it backwards. */
export type LinkKind = 'related' | 'duplicate' | 'continues' | 'caused-by' | 'blocks' | 'child'

const names: Record<LinkKind, [forward: Relation, backward: Relation]> = {
  related: ['related', 'related'],
  duplicate: ['duplicate-of', 'has-duplicate'],
  continues: ['continues', 'continued-by'],
  'caused-by': ['caused-by', 'causes'],
  blocks: ['blocks', 'blocked-by'],
  child: ['child-of', 'parent-of'],
}

export const relationOf = (kind: LinkKind, forward: boolean): Relation => names[kind][forward ? 0 : 1]

export function linkOf(relation: Relation): { kind: LinkKind; forward: boolean } {
  const found = (Object.entries(names) as [LinkKind, [Relation, Relation]][]).find(([, both]) => both.includes(relation))
  if (!found) throw new Error(`No link is read as ${relation}.`)
  return { kind: found[0], forward: found[1][0] === relation }
}

/**
 * What a parent hands down: being in work and waiting. Not waiting for the requester, because each child has its own; not
 * resolved, which has a text of its own; closed and cancelled never.
 */
export const handsDown = (meaning: Meaning): boolean => !isFinished(meaning) && meaning !== 'new' && meaning !== 'waiting-requester'

/** {{name}}, {{number}} and {{subject}}, each once and for one ticket; a value is not looked at again, all else stays as written. */
export function fillFor(text: string, values: { name: string; number: string; subject: string }): string {
  return text.replace(/\{\{\s*(name|number|subject)\s*\}\}/g, (_, key: keyof typeof values) => values[key])
}

export const undoDays = 30

/** Whoever may read the second may read the first: only so is nothing of a restricted ticket told by merging it. */
export function atLeastAsRestricted(from: readonly string[] | null, into: readonly string[] | null): boolean {
  if (from === null) return true
  return into?.every((one) => from.includes(one)) ?? false
}
