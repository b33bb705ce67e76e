import { sql } from 'kysely'
import type { z } from 'zod'
import type { TimeSettings, time } from '../../../contract/time.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { type EntryFacts, readEntry, timeSettings } from './access.ts'
import { counted } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof time)['POST /api/tickets/:id/time']['body']>
type Change = z.output<(typeof time)['PATCH /api/time/:id']['body']>
type Entry = Granted<EntryFacts, 'time.edit'>

const about = (id: string) => ({ subject: { kind: 'time-entry', id }, audience: 'staff' as const })

/** Today where the person sits. */
export const todayOf = ({ now, actor }: Context): string =>
  now
    .toZonedDateTimeISO(actor.timeZone ?? 'UTC')
    .toPlainDate()
    .toString()

export async function addTime(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, input: Input): Promise<string> {
  const { actor } = context
  if (actor.id === null) throw invalid('minutes', 'unknown', 'Only a person spends time.')
  const settings = await timeSettings(context)
  const workDate = input.workDate ?? todayOf(context)
  refuseFuture(context, workDate)
  await refuseStrangeTask(context, ticket.id, input.taskId)
  const billable = input.billable ?? settings.billable
  const figures = { minutes: input.minutes, counted: counted(input.minutes, settings), workDate, billable }
  const at = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into time_entry (ticket_id, task_id, person_id, work_date, minutes, counted_minutes, billable, note, created_at, changed_at)
    values (${ticket.id}, ${input.taskId ?? null}, ${actor.id}, ${workDate}, ${figures.minutes}, ${figures.counted}, ${billable ? 'yes' : 'no'}, ${input.note ?? ''}, ${at}, ${at})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'time.added', ...about(id), data: { ticketId: ticket.id, ...figures } })
  return id
}

export async function changeTime(context: Context, entry: Entry, version: number, change: Change): Promise<void> {
  if (entry.version !== version)
    throw new Problem('version_stale', 'This entry was changed meanwhile.', { details: { current: await readEntry(context, entry.id) } })
  if (change.workDate) refuseFuture(context, change.workDate)
  if (change.taskId) await refuseStrangeTask(context, entry.ticket_id, change.taskId)
  const minutes = change.minutes ?? entry.minutes
  const figures = {
    minutes,
    // Only other minutes are counted anew: a new note does not bring an old entry under a new rule.
    counted: minutes === entry.minutes ? entry.counted_minutes : counted(minutes, await timeSettings(context)),
    workDate: change.workDate ?? entry.work_date,
    billable: change.billable ?? entry.billable === 'yes',
  }
  const note = change.note === undefined ? sql`` : sql`, note = ${change.note}`
  const task = change.taskId === undefined ? sql`` : sql`, task_id = ${change.taskId}`
  await sql`update time_entry set version = version + 1, minutes = ${figures.minutes}, counted_minutes = ${figures.counted}, work_date = ${figures.workDate},
    billable = ${figures.billable ? 'yes' : 'no'}, changed_at = ${context.now.toString()}${note}${task} where id = ${entry.id}`.execute(
    context.db,
  )
  await context.record({ type: 'time.changed', ...about(entry.id), data: { ticketId: entry.ticket_id, ...figures } })
}

export async function removeTime(context: Context, entry: Entry): Promise<void> {
  await context.db.deleteFrom('time_entry').where('id', '=', entry.id).execute()
  const figures = { minutes: entry.minutes, counted: entry.counted_minutes, workDate: entry.work_date, billable: entry.billable === 'yes' }
  await context.record({ type: 'time.removed', ...about(entry.id), data: { ticketId: entry.ticket_id, ...figures } })
}

/** A day's grace: the date line lies between a person and the server. */
function refuseFuture(context: Context, day: string): void {
  const last = context.now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 1 })
  if (Temporal.PlainDate.compare(Temporal.PlainDate.from(day), last) > 0)
    throw invalid('workDate', 'in_future', 'This day is still to come. Choose today or a day before.')
}

export async function refuseStrangeTask(context: Context, ticketId: string, taskId: string | null | undefined): Promise<void> {
  if (!taskId) return
  const found = await sql`select 1 from task k join ticket t on t.id = k.ticket_id
    where k.id = ${taskId} and t.id = ${ticketId} and ${visibleAsStaff(context.actor)}`.execute(context.db)
  if (found.rows.length === 0) throw invalid('taskId', 'unknown', 'Choose a task of the same ticket.')
}

export async function changeTimeSettings(
  context: Context,
  change: Partial<{ [K in keyof TimeSettings]: TimeSettings[K] | undefined }>,
): Promise<void> {
  const value = JSON.stringify({ ...(await timeSettings(context)), ...change })
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('timekeeping', ${value}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  await context.record({
    type: 'time.settings-changed',
    subject: { kind: 'setting', id: '0' },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}
