import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { TimeEntry, TimeSettings } from '../../../contract/time.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { usual } from './rules.ts'

/** One's own time always; that of others by a right of its own, and only on tickets that one sees. On `e` and its ticket `t`. */
export function visibleTime(actor: Actor): RawBuilder<SqlBool> {
  if (!actor.rights.has('time.see')) return sql`e.person_id = ${actor.id}`
  return sql`(e.person_id = ${actor.id} or (t.id is not null and ${visibleAsStaff(actor)}))`
}

export type EntryFacts = {
  id: string
  version: number
  ticket_id: string
  person_id: string
  work_date: string
  minutes: number
  counted_minutes: number
  billable: 'yes' | 'no'
}

/** An entry is changed by whose time it is, and by nobody else. */
export async function accessEntry(context: Context, id: string): Promise<Granted<EntryFacts, 'time.edit'>> {
  const found =
    await sql<EntryFacts>`select e.id, e.version, e.ticket_id, e.person_id, e.work_date::text as work_date, e.minutes, e.counted_minutes, e.billable
    from time_entry e left join ticket t on t.id = e.ticket_id where e.id = ${id} and ${visibleTime(context.actor)} for no key update of e`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) throw notFound()
  if (row.person_id !== context.actor.id) throw notAllowed()
  return row as unknown as Granted<EntryFacts, 'time.edit'>
}

/** Words of the ticket, its subject and its task, only where it is still in sight. */
export const entryColumns = (actor: Actor) => sql`e.id, e.version,
  json_build_object('id', e.ticket_id::text, 'number', e.ticket_id, 'subject', case when ${visibleAsStaff(actor)} then t.subject else '' end) as ticket,
  case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
  case when k.id is not null and ${visibleAsStaff(actor)} then json_build_object('id', k.id::text, 'title', k.title) end as task,
  json_build_object('id', e.person_id::text, 'name', firstline.name_of(e.person_id)) as person, e.work_date::text as "workDate", e.minutes,
  e.counted_minutes as counted, e.billable = 'yes' as billable, e.note, ${wireTime('e.changed_at')} as "changedAt",
  json_build_object('edit', e.person_id = ${actor.id}::bigint) as can`
export const entryJoins = sql`left join ticket t on t.id = e.ticket_id left join organisation o on o.id = t.organisation_id left join task k on k.id = e.task_id`

export async function readEntry(context: Context, id: string): Promise<TimeEntry> {
  const found = await sql<TimeEntry>`select ${entryColumns(context.actor)} from time_entry e ${entryJoins}
    where e.id = ${id} and ${visibleTime(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asEntry(found.rows[0])
}
export const asEntry = (row: TimeEntry): TimeEntry => ({ ...row, ticket: { ...row.ticket, number: Number(row.ticket.number) } })

export async function timeSettings({ db }: Context): Promise<TimeSettings> {
  const found = await sql<{ value: Partial<TimeSettings> }>`select value from setting where name = 'timekeeping'`.execute(db)
  return { ...usual, ...found.rows[0]?.value }
}

type Sums = { minutes: number; counted: number; billable: number }
export const sums = sql`coalesce(sum(e.minutes), 0)::int as minutes, coalesce(sum(e.counted_minutes), 0)::int as counted,
  coalesce(sum(e.counted_minutes) filter (where e.billable = 'yes'), 0)::int as billable`

type OfTicket = {
  items: TimeEntry[]
  totals: Sums
  people: { person: { id: string; name: string }; minutes: number; counted: number }[]
  everybody: boolean
  can: { add: boolean }
}

export async function timeOfTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<OfTicket> {
  const { actor } = context
  const entries = await sql<TimeEntry>`select ${entryColumns(actor)} from time_entry e ${entryJoins}
    where e.ticket_id = ${ticket.id} and ${visibleTime(actor)} order by e.work_date desc, e.id desc limit 200`.execute(context.db)
  const people = await sql<Sums & { id: string; name: string }>`select e.person_id as id, firstline.name_of(e.person_id) as name, ${sums}
    from time_entry e left join ticket t on t.id = e.ticket_id where e.ticket_id = ${ticket.id} and ${visibleTime(actor)}
    group by e.person_id order by counted desc, e.person_id`.execute(context.db)
  const total = (of: keyof Sums) => people.rows.reduce((sum, row) => sum + row[of], 0)
  return {
    items: entries.rows.map(asEntry),
    totals: { minutes: total('minutes'), counted: total('counted'), billable: total('billable') },
    people: people.rows.map(({ id, name, minutes, counted }) => ({ person: { id, name }, minutes, counted })),
    everybody: actor.rights.has('time.see'),
    can: { add: ticket.merged_into_id === null },
  }
}

type Was = { at: string; by: { id: string; name: string } | null; what: 'added' | 'changed' | 'removed' } & {
  minutes: number
  counted: number
  workDate: string
  billable: boolean
}

/** Read from the events, so that a removed entry has its history too: for its person, and for who sees others' time on that ticket. */
export async function historyOf(context: Context, id: string): Promise<{ items: Was[] }> {
  const { actor } = context
  const found = await sql<Was & { mine: boolean; seen: boolean }>`select ${wireTime('v.at')} as at, split_part(v.type, '.', 2) as what,
      case when v.actor_id is null then null else json_build_object('id', v.actor_id::text, 'name', firstline.name_of(v.actor_id)) end as by,
      (v.data ->> 'minutes')::int as minutes, (v.data ->> 'counted')::int as counted, v.data ->> 'workDate' as "workDate",
      (v.data ->> 'billable')::boolean as billable, v.actor_id is not distinct from ${actor.id}::bigint as mine, coalesce(${visibleAsStaff(actor)}, false) as seen
    from event v left join ticket t on t.id = (v.data ->> 'ticketId')::bigint
    where v.subject_kind = 'time-entry' and v.subject_id = ${id} order by v.id limit 200`.execute(context.db)
  // Whoever wrote it down is whose time it is, and nobody else can have changed it.
  const [first] = found.rows
  if (!first || !(first.mine || (actor.rights.has('time.see') && first.seen))) throw notFound()
  return { items: found.rows.map(({ mine: _, seen: __, ...was }) => was) }
}
