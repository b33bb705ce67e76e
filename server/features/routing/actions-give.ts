import { sql } from 'kysely'
import type { Choice } from '../../../contract/distribution.ts'
import type { Context } from '../../kernel/context.ts'
import type { EventTypes } from '../../kernel/events.ts'
import { invalid } from '../../kernel/problem.ts'
import '../tickets/events.ts'
import { givingFacts, lockDistribution, readDistribution, skillNames } from './access-distribution.ts'
import { type Distribution, loadOf, type Choice as Picked, pickAssignee } from './rules-pick.ts'

/** Gives tickets to people: a new one with its route, the others each minute (jobs.ts). */
export type ToGive = { id: string; categoryId: string | null; requesterId: string }
export type Given = { assigneeId: string; why: NonNullable<EventTypes['ticket.assigned']['given']> }

/**
 * Writes who has the ticket, and whose turn it was; null when nobody of the team may have it now. The event is the
 * caller's, who knows what else changed with it. `except`: whom it was taken from just now.
 */
export async function giveTicket(
  context: Context,
  teamId: string,
  ticket: ToGive,
  { fresh, except }: { fresh: boolean; except?: string },
): Promise<Given | null> {
  const settings = await lockDistribution(context, teamId)
  if (!settings || settings.way === 'pull') return null
  const facts = await givingFacts(context, teamId, ticket, settings.stickyDays)
  if (facts.takenBack + (except === undefined ? 0 : 1) >= settings.timeoutTimes) return null
  const hadIt = except === undefined ? facts.hadIt : [...facts.hadIt, except]
  const picked = pickAssignee(facts.candidates, { ...facts, hadIt }, settings)
  if (!picked.person) return null
  const assigneeId = picked.person.id
  const since = fresh ? sql`` : sql`, version = version + 1, changed_at = ${context.now.toString()}`
  await sql`with turned as (insert into team_turn (team_id, person_id, turn)
      select ${teamId}::bigint, ${assigneeId}::bigint, coalesce(max(turn), 0) + 1 from team_turn where team_id = ${teamId}
      on conflict (team_id, person_id) do update set turn = excluded.turn)
    update ticket set assignee_id = ${assigneeId}${since} where id = ${ticket.id}`.execute(context.db)
  return { assigneeId, why: { ...explained(picked, settings), skillIds: facts.wanted } }
}

const mostOthers = 50
const explained = ({ person, because, others }: Picked, settings: Distribution) => ({
  because: because ?? 'turn',
  load: person ? loadOf(person, settings) : 0,
  others: others.slice(0, mostOthers),
})

/** Tries it with a ticket that is none, and with settings that are not saved. */
export async function tryDistribution(
  context: Context,
  teamId: string,
  input: {
    categoryId: string | null
    requesterId: string | null
    settings?: (Distribution & { stickyDays: number | null }) | undefined
  },
): Promise<Choice> {
  await refuseUnseenRequester(context, input.requesterId)
  const settings = input.settings ?? (await readDistribution(context, teamId))
  const facts = await givingFacts(context, teamId, { id: null, ...input }, settings.stickyDays)
  const picked = settings.way === 'pull' ? null : pickAssignee(facts.candidates, facts, settings)
  const names = new Map(facts.candidates.map(({ id, name }) => [id, name]))
  const skills = await skillNames(context, facts.wanted)
  const refer = (id: string) => ({ id, name: names.get(id) ?? '' })
  return {
    person: picked?.person ? refer(picked.person.id) : null,
    because: picked?.because ?? null,
    load: picked?.person ? loadOf(picked.person, settings) : null,
    skills: facts.wanted.map((id) => ({ id, name: skills.get(id) ?? '' })),
    others: (picked?.others ?? []).map(({ id, why }) => ({ person: refer(id), why })),
  }
}

/** A trial tells who had somebody's last ticket: only of people whom the reader sees. */
async function refuseUnseenRequester({ db }: Context, id: string | null): Promise<void> {
  if (id === null) return
  const found = await sql`select 1 from person where id = ${id}`.execute(db)
  if (!found.rows[0]) throw invalid('requesterId', 'unknown', 'This person does not exist. Choose another.')
}
