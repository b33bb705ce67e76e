import { sql } from 'kysely'
import type { Choice, Holding } from '../../../contract/distribution.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { skillNames } from './access-distribution.ts'
import { type Holding as Held, type HeldEvent, holdingsOf, holdingTypes } from './rules-holdings.ts'

/** Who had a ticket for how long; for staff who see it, and for nobody else. */
type Named = { id: string; name: string }
type Answer = {
  items: Holding[]
  passed: number
  teams: { team: Named; seconds: number }[]
  people: { person: Named; seconds: number }[]
}
type Given = {
  because: Choice['because']
  load: number
  skillIds: string[]
  others: { id: string; why: Choice['others'][number]['why'] }[]
}

export async function holdingsOfTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<Answer> {
  if (!ticket.as_staff) throw notFound()
  const found = await sql<
    HeldEvent & { passed: number }
  >`select (extract(epoch from e.at) * 1000)::float8 as at, e.type, e.rule, e.data, t.passed_count as passed
    from ticket t join event e on e.ticket_id = t.id where t.id = ${ticket.id} and e.type = any(${holdingTypes}::text[]) order by e.id limit 5000`.execute(
    context.db,
  )
  const held = holdingsOf(found.rows, { teamId: ticket.team_id, assigneeId: ticket.assignee_id })
  const given = held.map((one) => one.given as Given | null)
  const [people, teams, skills] = [
    await names(context, 'person', [
      ...held.map((one) => one.assigneeId),
      ...given.flatMap((one) => one?.others.map((other) => other.id) ?? []),
    ]),
    await names(
      context,
      'team',
      held.map((one) => one.teamId),
    ),
    await skillNames(
      context,
      given.flatMap((one) => one?.skillIds ?? []),
    ),
  ]
  const refer = (from: Map<string, string>, id: string | null) => (id === null ? null : { id, name: from.get(id) ?? '' })
  const seconds = (one: Held) => Math.round(((one.to ?? context.now.epochMilliseconds) - one.from) / 1000)
  const items = held.map((one, n) => ({
    team: refer(teams, one.teamId),
    assignee: refer(people, one.assigneeId),
    from: new Date(one.from).toISOString(),
    to: one.to === null ? null : new Date(one.to).toISOString(),
    seconds: seconds(one),
    rule: one.rule,
    given: asChoice(context, given[n] ?? null, refer(people, one.assigneeId), people, skills),
  }))
  return {
    items,
    passed: found.rows[0]?.passed ?? 0,
    teams: summed(items, (one) => one.team).map(({ of, seconds: total }) => ({ team: of, seconds: total })),
    people: summed(items, (one) => one.assignee).map(({ of, seconds: total }) => ({ person: of, seconds: total })),
  }
}

/** What somebody had in hand counts all customers' tickets: a reason that rests on it is for those alone who see all. */
function asChoice(
  { actor }: Context,
  given: Given | null,
  person: Named | null,
  people: Map<string, string>,
  skills: Map<string, string>,
): Choice | null {
  const seesAll = actor.organisations === 'all' && actor.teamsLimit === 'all'
  if (!given || (!seesAll && (given.because === 'load' || given.because === 'skill'))) return null
  return {
    person,
    because: given.because,
    load: seesAll ? given.load : null,
    skills: given.skillIds.map((id) => ({ id, name: skills.get(id) ?? '' })),
    others: given.others.map(({ id, why }) => ({ person: { id, name: people.get(id) ?? '' }, why })),
  }
}

function summed(items: Holding[], of: (one: Holding) => Named | null): { of: Named; seconds: number }[] {
  const sums = new Map<string, { of: Named; seconds: number }>()
  for (const one of items) {
    const named = of(one)
    if (named) sums.set(named.id, { of: named, seconds: (sums.get(named.id)?.seconds ?? 0) + one.seconds })
  }
  return [...sums.values()]
}

async function names(context: Context, table: 'person' | 'team', ids: (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const name = table === 'person' ? sql`firstline.name_of(x.id)` : sql`x.name`
  const found = await sql<Named>`select x.id, ${name} as name from ${sql.table(table)} x where x.id = any(${wanted}::bigint[])`.execute(
    context.db,
  )
  return new Map(found.rows.map((row) => [row.id, row.name]))
}
