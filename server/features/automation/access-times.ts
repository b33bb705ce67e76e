import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Occasion } from '../../../contract/automation.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { inViews, matching, viewerOf } from '../views/access-query.ts'
import type { RuleFacts } from './access.ts'

/**
 * Tickets for which the time of a rule has come. Each is found once for each point in time that it counts from: a new
 * message begins anew. Whatever moved one of these times also moved changed_at, whose index bounds what is read.
 */
type Timed = Extract<Occasion, { on: 'time' }>
const columnOf = {
  created: 'created_at',
  changed: 'changed_at',
  'last-message': 'last_message_at',
  'waiting-since': 'waiting_since',
  resolved: 'resolved_at',
} as const

/** Conditions that come true later still count for a week. */
const late = { hours: 7 * 24 }

export const anchorColumn = ({ since }: Timed): RawBuilder<unknown> => sql.ref(`t.${columnOf[since]}`)

export const between = (occasion: Timed, from: Instant, until: Instant): RawBuilder<SqlBool> => {
  const column = anchorColumn(occasion)
  const lower = from.subtract({ hours: occasion.hours }).toString()
  return sql`(t.changed_at > ${lower}::timestamptz and ${column} > ${lower}::timestamptz
    and ${column} <= ${until.subtract({ hours: occasion.hours }).toString()}::timestamptz)`
}

export type TimedTicket = { id: string; anchor: string }

export async function dueTickets(context: Context, rule: RuleFacts & { active_since: string }, most: number): Promise<TimedTicket[]> {
  if (rule.occasion.on !== 'time') return []
  const { occasion } = rule
  const week = context.now.subtract(late)
  const active = Temporal.Instant.from(rule.active_since.replace(' ', 'T'))
  const from = Temporal.Instant.compare(active, week) > 0 ? active : week
  const anchor = sql`${occasion.since} || ' ' || ${anchorColumn(occasion)}::text`
  const found = await sql<TimedTicket>`select t.id, ${anchor} as anchor from ticket t
    where ${between(occasion, from, context.now)} and ${inViews(context)} and ${matching(rule.query, viewerOf(context))}
      and not exists (select 1 from automation_run u where u.ticket_id = t.id and u.rule_id = ${rule.id} and u.anchor = ${anchor})
    order by ${anchorColumn(occasion)}, t.id limit ${sql.lit(most)}`.execute(context.db)
  return found.rows
}
