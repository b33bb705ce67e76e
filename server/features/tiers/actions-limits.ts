import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { headingOf } from '../tickets/rules-handoff.ts'
import { partsAskedBy } from './access-duties.ts'
import { firstOutside, leadersOf, type Outside } from './access-limits.ts'
import { nextTeams } from './access-next.ts'
import { kindInWords, missingParts } from './rules.ts'

/** Tickets that were resolved in this transaction, where there are many: judged together at its end. */
const resolved = new WeakMap<Context, string[]>()

export async function judgeResolved(context: Context, ticketId: string): Promise<void> {
  // What is written afterwards was resolved as it was, and nobody had been told of it.
  if (context.past) return
  if (!context.many) return refuseOutside(context, [ticketId])
  const known = resolved.get(context) ?? []
  resolved.set(context, known)
  known.push(ticketId)
  context.atEnd('tiers.resolved', () => refuseOutside(context, known.splice(0)))
}

async function refuseOutside(context: Context, ticketIds: readonly string[]): Promise<void> {
  const outside = await firstOutside(context, ticketIds)
  if (outside) throw await notSettledHere(context, outside)
}

/** Says what it is and where it goes: to the next team, or to whoever may resolve it all the same. */
async function notSettledHere(context: Context, outside: Outside): Promise<Problem> {
  const what = outside.category ?? kindInWords(context.actor.language, outside.kind)
  const [next] = await nextTeams(context, outside.ticket_id)
  const names = next ? [next.team.name] : (await leadersOf(context, outside.team_id)).map(({ name }) => name)
  return new Problem('not_settled_here', `${outside.team} does not settle “${what}” itself. Pass it on: ${names.join(', ')}.`, {
    details: { here: outside.team, what, names, nextTeam: next?.team ?? null },
  })
}

/** One that somebody hands to a team comes with the parts that this team asks for. Whoever is in the team only fetches it. */
export async function refuseWithoutNote(context: Context, teamId: string, given: readonly HandoffPart[]): Promise<void> {
  const { actor } = context
  if (context.past || actor.kind !== 'person' || !actor.staff || actor.teams.includes(teamId)) return
  const asked = await once(context, teamId)
  const missing = missingParts(asked?.parts ?? [], given)
  if (missing.length === 0) return
  const names = missing.map((part) => headingOf(actor.language, part))
  throw new Problem('handoff_note_needed', `${asked?.team} asks for a hand-off note. Still missing: ${names.join(', ')}.`, {
    issues: missing.map((part) => ({
      path: `parts.${part}`,
      code: `handoff_${part}`,
      message: `Say it: ${headingOf('en', part).toLowerCase()}.`,
    })),
    details: { team: asked?.team, teamId, names, missing },
  })
}

/** Asked once in a transaction, also where it passes a hundred tickets on. */
const asking = new WeakMap<Context, Map<string, ReturnType<typeof partsAskedBy>>>()
function once(context: Context, teamId: string): ReturnType<typeof partsAskedBy> {
  const known = asking.get(context) ?? new Map<string, ReturnType<typeof partsAskedBy>>()
  asking.set(context, known)
  const found = known.get(teamId) ?? partsAskedBy(context, teamId)
  known.set(teamId, found)
  return found
}
