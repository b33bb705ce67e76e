import { sql } from 'kysely'
import type { z } from 'zod'
import type { scheduled } from '../../../contract/scheduled.ts'
import type { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import { accessTicket } from '../tickets/access.ts'
import { replyToTicket } from '../tickets/actions-converse.ts'
import { personById } from '../tickets/actions-create.ts'
import { accessReadymade } from './access.ts'
import { isLate, type RecurringFacts, readRecurring } from './access-recurring.ts'
import { openFromTemplate, prefillFrom } from './actions-templates.ts'
import { nextTimes, type Occurrence, overdueTimes, requireTimeZone } from './rules-calendar.ts'
import { asLanguage, type Language } from './rules-variables.ts'
import './events.ts'

/** Tickets that come by calendar: a date belongs to whoever writes its row first, and gets its ticket in that transaction. */
type Input = z.output<(typeof scheduled)['POST /api/recurring-tickets']['body']>
type Change = z.output<(typeof scheduled)['PATCH /api/recurring-tickets/:id']['body']>
type Editable = Granted<RecurringFacts, 'template.edit'>
const about = (id: string) => ({ subject: { kind: 'recurring-ticket', id }, audience: 'staff' as const })

export async function addRecurring(context: Context, input: Input): Promise<string> {
  await refuseUnfit(context, input)
  const next = upcoming(context, input.calendar, input.timeZone)
  const made = await sql<{
    id: string
  }>`insert into recurring_ticket (template_id, requester_id, owner_id, calendar, time_zone, next_date, next_at, created_at)
    values (${input.templateId}, ${input.requesterId}, ${context.actor.id}, ${JSON.stringify(input.calendar)}, ${input.timeZone}, ${next.date}, ${next.at}, ${context.now.toString()})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'recurring-ticket.created', ...about(id), data: { templateId: input.templateId } })
  return id
}

export async function changeRecurring(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this meanwhile.', {
      details: { current: await readRecurring(context, row.id) },
    })
  const now = {
    templateId: change.templateId ?? row.template_id,
    requesterId: change.requesterId ?? row.requester_id,
    calendar: change.calendar ?? row.calendar,
    timeZone: change.timeZone ?? row.time_zone,
  }
  await refuseUnfit(context, now)
  // What fell into a pause is not made up for: it goes on with the next date from now.
  const next = upcoming(context, now.calendar, now.timeZone)
  const paused = change.paused === undefined ? sql`paused_at` : sql`${change.paused ? context.now.toString() : null}::timestamptz`
  await sql`update recurring_ticket set version = version + 1, template_id = ${now.templateId}, requester_id = ${now.requesterId}, calendar = ${JSON.stringify(now.calendar)}::jsonb,
    time_zone = ${now.timeZone}, next_date = ${next.date}, next_at = ${next.at}, paused_at = ${paused}, switched_off_at = null where id = ${row.id}`.execute(
    context.db,
  )
  await context.record({ type: 'recurring-ticket.changed', ...about(row.id), data: { fields: Object.keys(change) } })
}

export async function removeRecurring(context: Context, row: Editable): Promise<void> {
  await sql`delete from recurring_ticket where id = ${row.id}`.execute(context.db)
  await context.record({ type: 'recurring-ticket.removed', ...about(row.id), data: {} })
}

async function refuseUnfit(context: Context, input: Input): Promise<void> {
  requireTimeZone(input.timeZone)
  const template = await accessReadymade(context, input.templateId, 'readymade.use').catch(() => null)
  if (template === null || (template.kind !== 'template' && template.kind !== 'model'))
    throw invalid('templateId', 'unknown', 'Choose a template that is there and switched on.')
  await personById(context, input.requesterId, 'requesterId')
  if (nextTimes(input.calendar, input.timeZone, context.now, 1).length === 0)
    throw invalid(
      'calendar',
      'never',
      'This calendar names no day: each of its days is a weekend that is skipped. Change the weekend rule.',
    )
}

function upcoming(context: Context, calendar: RecurringFacts['calendar'], timeZone: string): { date: string | null; at: string | null } {
  const [next] = nextTimes(calendar, timeZone, context.now, 1)
  return { date: next?.date.toString() ?? null, at: next?.at.toString() ?? null }
}

type Due = RecurringFacts & { next_date: Temporal.PlainDate }

/** Which are due now. Each is made in a transaction of its own, so that one that fails holds up no other. */
export async function dueRecurring(context: Context): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from recurring_ticket where paused_at is null and switched_off_at is null
    and next_at <= ${context.now.toString()}::timestamptz order by next_at, id limit 200`.execute(context.db)
  return found.rows.map((row) => row.id)
}

/** One ticket, for the newest date that is over; dates before it that nobody was there to make are written down as missed. */
export async function makeDue(context: Context, id: string): Promise<void> {
  const found =
    await sql<Due>`select c.id, c.version, c.template_id, c.requester_id, c.owner_id, c.calendar, c.time_zone, c.paused_at, c.next_date from recurring_ticket c
    where c.id = ${id} and c.paused_at is null and c.switched_off_at is null and c.next_at <= ${context.now.toString()}::timestamptz for update skip locked`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) return
  const over = overdueTimes(row.calendar, row.time_zone, row.next_date, context.now)
  const due = over.at(-1)
  const next = upcoming(context, row.calendar, row.time_zone)
  await sql`update recurring_ticket set next_date = ${next.date}, next_at = ${next.at} where id = ${id}`.execute(context.db)
  if (!due) return
  const missed = over.slice(0, -1)
  for (const one of missed) await claim(context, id, one)
  if (!(await claim(context, id, due))) return
  const ticketId = await open(context, row, due, missed)
  await sql`update recurring_made set ticket_id = ${ticketId} where recurring_id = ${id} and due_date = ${due.date.toString()}`.execute(
    context.db,
  )
  await context.record({
    type: 'recurring-ticket.made',
    ...about(id),
    data: { ticketId, date: due.date.toString(), late: isLate(due.at, context.now), missed: missed.length },
  })
}

async function claim(context: Context, id: string, { date, at }: Occurrence): Promise<boolean> {
  const taken = await sql`insert into recurring_made (recurring_id, due_date, due_at, made_at)
    values (${id}, ${date.toString()}, ${at.toString()}, ${context.now.toString()}) on conflict do nothing`.execute(context.db)
  return taken.numAffectedRows === 1n
}

async function open(context: Context, row: Due, due: Occurrence, missed: Occurrence[]): Promise<string> {
  const owner = await actorOfPerson(context, row.owner_id)
  return actingAs(context, owner, async (own) => {
    const template = await accessReadymade(own, row.template_id, 'readymade.use')
    const begun = await prefillFrom(own, template, row.requester_id)
    const id = await openFromTemplate(own, template, {
      subject: begun.subject,
      body: begun.body,
      requesterId: row.requester_id,
      kind: begun.kind,
      channel: 'api',
      impact: begun.impact,
      urgency: begun.urgency,
      tags: begun.tags,
      acknowledge: false,
      ...(begun.categoryId === null ? {} : { categoryId: begun.categoryId }),
      ...(begun.teamId === null ? {} : { teamId: begun.teamId }),
    })
    if (isLate(due.at, own.now)) {
      const ticket = await accessTicket(own, id, 'ticket.note')
      await replyToTicket(own, ticket.id, { body: lateNote(asLanguage(owner.language), due, missed, row.time_zone), internal: true })
    }
    return id
  })
}

/** Late, it says so: a backup check of Monday that comes on Wednesday is another thing. */
function lateNote(language: Language, due: Occurrence, missed: Occurrence[], timeZone: string): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const when = new Date(due.at.epochMilliseconds).toLocaleString(locale, { timeZone, dateStyle: 'full', timeStyle: 'short' })
  const days = missed.map(({ date }) => new Date(`${date}T12:00:00Z`).toLocaleDateString(locale, { timeZone: 'UTC', dateStyle: 'medium' }))
  if (language === 'de')
    return `Dieses Ticket war für ${when} vorgesehen und kommt später, weil Firstline nicht lief.${days.length > 0 ? ` Ausgefallen: ${days.join(', ')}.` : ''}`
  return `This ticket was due on ${when} and comes late, because Firstline was not running.${days.length > 0 ? ` Missed: ${days.join(', ')}.` : ''}`
}
