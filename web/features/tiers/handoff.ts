import type { HandoffPart } from '../../../contract/handoff.ts'
import { useCall } from '../../kernel/query.ts'

/** The parts of a hand-off note in a form, under the paths by which the server names them. */
export const noParts = { 'parts.found': '', 'parts.tried': '', 'parts.expected': '' }
export type PartValues = typeof noParts

/** Which parts the team asks for; none while no team is chosen. */
export function useAskedParts(teamId: string | null | undefined): readonly HandoffPart[] {
  const asking = useCall('GET /api/handoff-parts', {}, { staleTime: 60_000 }).data?.items
  return asking?.find((one) => one.teamId === teamId)?.parts ?? []
}

/** What is sent of them: nothing where the team asks for none. */
export function partsOf(values: PartValues, asked: readonly HandoffPart[]) {
  if (asked.length === 0) return {}
  const said = (part: HandoffPart) => (asked.includes(part) ? values[`parts.${part}`] : '')
  return { parts: { found: said('found'), tried: said('tried'), expected: said('expected') } }
}
export const isComplete = (values: PartValues, asked: readonly HandoffPart[]): boolean =>
  asked.every((part) => values[`parts.${part}`].trim() !== '')
