import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { figures } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { countsAt, leftOut, type Population } from './access-populations.ts'
import { daysWithin, isTimeZone, type Part, type Span, spanOf } from './rules.ts'

/** Which tickets a figure is about: one condition for the figure and for the rows behind it, so that they cannot differ. */
export type Query = z.output<(typeof figures)['GET /api/figures']['query']>
export type Scope = Span & { query: Query; zone: string; days: Part[]; aboutPeople: boolean }
type Condition = RawBuilder<SqlBool>

export async function scopeOf(context: Context, query: Query): Promise<Scope> {
  const { timeZone, agentFigures } = await companySettings(context.db)
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC'
  const today = context.now.toZonedDateTimeISO(zone).toPlainDate().toString()
  if (query.from > query.to) throw invalid('query.to', 'before_from', 'The last day stands before the first.')
  if (query.to > today) throw invalid('query.to', 'future', 'The last day is still to come. Choose today or an earlier day.')
  if (Date.parse(query.to) - Date.parse(query.from) > 366 * 86_400_000)
    throw invalid('query.from', 'too_long', 'One year at most. Choose a later first day.')
  if (query.person !== undefined && !agentFigures)
    throw invalid(
      'query.person',
      'switched_off',
      'Figures about one person are switched off. An administrator can switch them on in the settings.',
    )
  const span = spanOf(query.from, query.to, zone, context.now)
  return { ...span, query, zone, days: daysWithin(span, query.from, query.to, zone), aboutPeople: agentFigures }
}

/** Which team a row is about: the ticket's, but of a survey and of time held the one that had it. */
export const teamIn = (of: Population): RawBuilder<unknown> =>
  of === 'asked' ? sql`s.team_id` : of === 'held' ? sql`h.holder_id` : sql`t.team_id`

/** On the alias t: what may be seen, and the filters. */
function within(context: Context, { query }: Pick<Scope, 'query'>, of: Population): Condition[] {
  const parts: Condition[] = [visibleAsStaff(context.actor)]
  if (query.team) parts.push(sql`${teamIn(of)} = ${query.team}`)
  if (query.organisation) parts.push(sql`t.organisation_id = ${query.organisation}`)
  if (query.kind) parts.push(sql`t.kind = ${query.kind}`)
  if (query.priority) parts.push(sql`t.priority = ${query.priority}`)
  if (query.channel) parts.push(sql`t.channel = ${query.channel}`)
  if (query.person) parts.push(sql`t.assignee_id = ${query.person}`)
  return parts
}

const sources: Readonly<Record<Population, { from: RawBuilder<unknown>; ticket: RawBuilder<unknown> }>> = {
  created: { from: sql`ticket_figure f`, ticket: sql`f.ticket_id` },
  answered: { from: sql`ticket_figure f`, ticket: sql`f.ticket_id` },
  resolved: { from: sql`ticket_figure f`, ticket: sql`f.ticket_id` },
  open: { from: sql`ticket_spell p`, ticket: sql`p.ticket_id` },
  asked: { from: sql`survey s`, ticket: sql`s.ticket_id` },
  targets: { from: sql`ticket_target k`, ticket: sql`k.ticket_id` },
  late: { from: sql`ticket_breach p`, ticket: sql`p.ticket_id` },
  held: { from: sql`ticket_holding h`, ticket: sql`h.ticket_id` },
}

/**
 * The rows of a population with their tickets as `t`, and why one is left out as `t.why`. `offset 0` keeps PostgreSQL from
 * reading all tickets: it plans once for any time, and would think of a third of them, where a month is a few thousand.
 */
export const populated = (context: Context, scope: Pick<Scope, 'query'>, of: Population): RawBuilder<unknown> =>
  sql`${sources[of].from} cross join lateral (select t.id, t.created_at, t.organisation_id, t.team_id, t.kind, t.priority, t.channel, ${leftOut} as why from ticket t
    where t.id = ${sources[of].ticket} and ${sql.join(within(context, scope, of), sql` and `)} offset 0) t`

/** What stands in the derived rows once more, named as on the ticket: it comes to the same, and no ticket is read. */
const aliases: Readonly<Partial<Record<Population, string>>> = { open: 'p', late: 'p', targets: 'k', held: 'h' }
const rowOf = (of: Population) => sql.raw(aliases[of] ?? 'f')
const derived = (row: RawBuilder<unknown>) =>
  sql`cross join lateral (select ${row}.ticket_id as id, ${row}.left_out as why, ${row}.organisation_id, ${row}.team_id, ${row}.assignee_id,
    ${row}.kind, ${row}.priority, ${row}.channel, ${row}.restricted_at, ${row}.deleted_at) t`

/** The same population for counting by the hundred thousand: as the tickets were when they were last counted. */
export function countable(context: Context, scope: Pick<Scope, 'query'>, of: Population): { from: RawBuilder<unknown>; where: Condition } {
  if (of === 'asked') return { from: populated(context, scope, of), where: sql`true` }
  return { from: sql`${sources[of].from} ${derived(rowOf(of))}`, where: sql`(${sql.join(within(context, scope, of), sql` and `)})` }
}

/** Who is counted in a span; of the open ones, at its end. */
export function counted(of: Population, start: string, end: string): Condition {
  if (of === 'open') return openAt(end)
  if (of === 'late') return sql`p.target = 'any' and ${openAt(end)}`
  return sql`${countsAt[of]} >= ${start}::timestamptz and ${countsAt[of]} < ${end}::timestamptz`
}
const openAt = (moment: string): Condition => sql`p.from_at < ${moment}::timestamptz and p.until_at >= ${moment}::timestamptz`
/** Counted by the derived rows, and still to be counted by the ticket as it is. */
export const counts = (of: Population): Condition =>
  of === 'asked' ? sql`t.why is null` : sql`${rowOf(of)}.left_out is null and t.why is null`
