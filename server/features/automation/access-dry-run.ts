import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Happening, Occasion, RuleAction, StepDone } from '../../../contract/automation.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { factsOf, inViews, matching, viewerOf } from '../views/access-query.ts'
import { testsOf } from '../views/rules.ts'
import { between } from './access-times.ts'
import { columnsOf, typesOf, wouldDo } from './rules.ts'

/**
 * What a rule would have done in the last 30 days: the events of these days, judged by the tickets as they are now (what
 * they were then nobody kept). It reads and writes nothing. The history is read backwards by its key, so far and no further.
 */
type Tried = { occasion: Occasion; query: ViewQuery; actions: RuleAction[] }
type DryRun = { count: number; more: boolean; since: string; items: { ticket: { id: string; subject: string }; steps: StepDone[] }[] }
const days = 30
const mostEvents = 300_000
const mostTickets = 10_000
const shown = 50

export async function dryRun(context: Context, { occasion, query, actions }: Tried): Promise<DryRun> {
  const { now } = context
  const from = now.subtract({ hours: 24 * days })
  const since = occasion.on === 'time' ? from : await lookedBackTo(context, from)
  const happened = occasion.on === 'time' ? between(occasion, from, now) : sql<SqlBool>`t.id in (${ticketsOf(occasion, since)})`
  const found = await sql<{ id: string; subject: string; n: number }>`with hit as materialized (select t.id, t.subject from ticket t
      where ${happened} and ${inViews(context)} and ${matching(query, viewerOf(context))} limit ${sql.lit(mostTickets + 1)})
    select id, subject, (select count(*)::int from hit) as n from hit order by id desc limit ${sql.lit(shown)}`.execute(context.db)
  const n = found.rows[0]?.n ?? 0
  const facts = await factsOf(
    context,
    found.rows.map((row) => row.id),
    testsOf({ all: [], any: [] }, viewerOf(context)),
  )
  const byId = new Map(facts.map((one) => [one.id, one]))
  return {
    count: Math.min(n, mostTickets),
    more: n > mostTickets,
    since: since.toString({ fractionalSecondDigits: 3 }),
    items: found.rows.flatMap(({ id, subject }) => {
      const one = byId.get(id)
      return one ? [{ ticket: { id, subject }, steps: actions.map((action) => wouldDo(action, one)) }] : []
    }),
  }
}

async function lookedBackTo({ db }: Context, from: Temporal.Instant): Promise<Temporal.Instant> {
  const found = await sql<{
    at: Temporal.Instant | null
  }>`select e.at from event e where e.id > (select coalesce(max(id), 0) - ${sql.lit(mostEvents)} from event) order by e.id limit 1`.execute(
    db,
  )
  const at = found.rows[0]?.at
  return at && Temporal.Instant.compare(at, from) > 0 && (await isCut(db)) ? at : from
}
async function isCut(db: Context['db']): Promise<boolean> {
  const found = await sql<{
    cut: boolean
  }>`select exists (select 1 from event where id <= (select max(id) - ${sql.lit(mostEvents)} from event)) as cut`.execute(db)
  return found.rows[0]?.cut === true
}

function ticketsOf(occasion: Extract<Occasion, { on: 'event' }>, since: Temporal.Instant): RawBuilder<unknown> {
  return sql`select e.ticket_id from event e where e.id > (select coalesce(max(id), 0) - ${sql.lit(mostEvents)} from event)
    and e.at >= ${since.toString()}::timestamptz and e.type = any(${typesOf(occasion)}::text[])
    and (${sql.join(
      occasion.events.map((one) => isEvent(one, occasion.fields)),
      sql` or `,
    )})`
}

/** As happenedIn (rules.ts) reads an event. */
function isEvent(is: Happening, fields: readonly string[]): RawBuilder<SqlBool> {
  const inside = sql`(e.data ->> 'internal' = 'true' or e.data ->> 'direction' = 'inside')`
  if (is === 'noted') return sql`(e.type = 'ticket.replied' and ${inside})`
  if (is === 'requester-replied') return sql`(e.type = 'ticket.replied' and not ${inside} and e.data ->> 'direction' = 'in')`
  if (is === 'staff-replied') return sql`(e.type = 'ticket.replied' and not ${inside} and e.data ->> 'direction' = 'out')`
  if (is === 'task-done') return sql`e.type = 'task.done'`
  if (is === 'changed' && fields.length > 0) return sql`(e.type = 'ticket.changed' and e.data -> 'changes' ?| ${columnsOf(fields)}::text[])`
  return sql`e.type = ${`ticket.${is}`}`
}
