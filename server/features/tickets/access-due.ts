import { type RawBuilder, sql } from 'kysely'
import type { TicketDue } from '../../../contract/tickets.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { compiledCalendar } from '../calendars/access-compiled.ts'
import { elapsed } from '../calendars/rules.ts'
import { type OpenCalendar, openCalendar } from '../calendars/rules-days.ts'

/**
 * The next target of a ticket, as the clocks wrote it (service levels do; tickets know nothing of agreements). Joined to
 * what is read anyway, and without rows for those who are no staff. The time left is counted here: it passes by itself.
 */
export type DueRow = {
  due_target: TicketDue['target'] | null
  due_state: TicketDue['state'] | null
  due_at: string | null
  due_paused_why: string | null
  due_left_ms: string | null
  due_calendar_id: string | null
  due_revision: string | null
  due_zone: string | null
}
export const dueColumns: RawBuilder<unknown> =
  sql.raw(`td.target as due_target, td.state as due_state, td.due_at::text as due_at, td.paused_why as due_paused_why,
  td.left_ms as due_left_ms, td.calendar_id as due_calendar_id, dc.revision as due_revision, td.time_zone as due_zone`)
export const dueJoin: RawBuilder<unknown> = sql.raw(
  'left join ticket_due td on td.ticket_id = t.id left join calendar dc on dc.id = td.calendar_id',
)

const moved = new Map<string, OpenCalendar>()
function inZone(open: OpenCalendar, revision: string, zone: string | null): OpenCalendar {
  if (zone === null || zone === open.form.tz) return open
  const key = `${revision} ${zone}`
  const known = moved.get(key) ?? openCalendar({ ...open.form, tz: zone })
  if (moved.size > 200) moved.clear()
  moved.set(key, known)
  return known
}

export async function duesOf(context: Context, rows: readonly DueRow[]): Promise<(TicketDue | null)[]> {
  const found: (TicketDue | null)[] = []
  for (const row of rows) found.push(row.due_target === null ? null : await dueOf(context, row, row.due_target))
  return found
}

async function dueOf(context: Context, row: DueRow, target: TicketDue['target']): Promise<TicketDue> {
  const at = row.due_at === null ? null : Temporal.Instant.from(row.due_at.replace(' ', 'T'))
  const state = row.due_state ?? 'running'
  const left = row.due_left_ms !== null || at === null ? Number(row.due_left_ms ?? 0) : await leftUntil(context, row, at)
  const isLate = state === 'running' && at !== null && Temporal.Instant.compare(at, context.now) < 0
  return {
    target,
    state: isLate ? 'breached' : state,
    at: at === null ? null : at.toString({ fractionalSecondDigits: 3 }),
    leftMs: left,
    pausedWhy: row.due_paused_why,
  }
}

async function leftUntil(context: Context, row: DueRow, at: Temporal.Instant): Promise<number> {
  const { now } = context
  if (row.due_calendar_id === null || row.due_revision === null) return at.epochMilliseconds - now.epochMilliseconds
  const open = await compiledCalendar(context, { id: row.due_calendar_id, revision: row.due_revision })
  const calendar = inZone(open, row.due_revision, row.due_zone)
  return Temporal.Instant.compare(at, now) < 0 ? -elapsed(calendar, at, now) : elapsed(calendar, now, at)
}
