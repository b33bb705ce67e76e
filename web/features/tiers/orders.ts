import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Duties } from '../../../contract/tiers.ts'

/** In which order they are offered; the contract's values do not reach the browser. */
export const handoffPartsInOrder: readonly HandoffPart[] = ['found', 'tried', 'expected']
export const kindsInOrder: readonly Duties['kinds'][number][] = ['incident', 'request', 'problem', 'change']
