import { type RawBuilder, sql } from 'kysely'
import type { Visit, VisitState } from '../../../contract/visits.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { isOver } from './rules.ts'

/** A visit is seen by whoever sees its ticket; its requester is told when who comes, and nothing of how one gets in. */
export type VisitFacts = {
  id: string
  version: number
  ticket_id: string
  site_id: string | null
  address: string
  access_note: string
  starts_at: Instant
  ends_at: Instant
  time_zone: string
  purpose: string
  contact_name: string
  contact_phone: string
  contact_email: string
  state: VisitState
  reason: string
  declined_at: Instant | null
  summary: string
  invited: 'yes' | 'no'
  calendar_uid: string
  calendar_sequence: number
  changed_at: Instant
}
type NotedTicket = Granted<TicketFacts, 'ticket.note'>
export type GrantedVisit = Granted<VisitFacts, 'visit.edit'> & { ticket: NotedTicket; people: string[] }

export const factColumns =
  sql.raw(`v.id, v.version, v.ticket_id, v.site_id, v.address, v.access_note, v.starts_at, v.ends_at, v.time_zone, v.purpose,
  v.contact_name, v.contact_phone, v.contact_email, v.state, v.reason, v.declined_at, v.summary, v.invited, v.calendar_uid, v.calendar_sequence, v.changed_at`)

async function ticketOf(context: Context, visitId: string): Promise<string> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from visit where id = ${visitId}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  return of.rows[0].ticket_id
}

/** To be changed: by staff who may write on its ticket, which is locked first. Also where the ticket is closed: a report may come late. */
export async function accessVisit(context: Context, id: string): Promise<GrantedVisit> {
  const ticket = await accessTicket(context, await ticketOf(context, id), 'ticket.note')
  const found = await sql<
    VisitFacts & { people: string[] }
  >`select ${factColumns}, array(select p.person_id::text from visit_person p where p.visit_id = v.id order by p.person_id) as people
    from visit v where v.id = ${id} and v.ticket_id = ${ticket.id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedVisit
}

/** By the side that asked, who may answer on the ticket. */
export async function accessVisitAsAsker(context: Context, id: string): Promise<Granted<VisitFacts, 'visit.decline'>> {
  const ticket = await accessTicket(context, await ticketOf(context, id), 'ticket.reply')
  const found = await sql<VisitFacts>`select ${factColumns} from visit v where v.id = ${id} and v.ticket_id = ${ticket.id}`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<VisitFacts, 'visit.decline'>
}

export const reference = (id: string, name: RawBuilder<unknown>) =>
  sql`case when ${sql.raw(id)} is null then null else json_build_object('id', ${sql.raw(id)}::text, 'name', ${name}) end`
const person = (id: string) => reference(id, sql`firstline.name_of(${sql.raw(id)})`)

/** A visit as it goes over the wire, on `v`, its ticket `t`, organisation `o` and site `s`. */
export const visitColumns = sql`v.id, v.version, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket,
  ${reference('o.id', sql`o.name`)} as organisation, ${reference('s.id', sql`s.name`)} as site, v.address, v.access_note as "accessNote",
  ${wireTime('v.starts_at')} as "startsAt", ${wireTime('v.ends_at')} as "endsAt", v.time_zone as "timeZone", v.purpose,
  coalesce((select json_agg(${person('p.person_id')} order by p.person_id) from visit_person p where p.visit_id = v.id), '[]') as people,
  json_build_object('name', v.contact_name, 'phone', v.contact_phone, 'email', v.contact_email) as contact, v.state, v.reason,
  case when v.declined_at is null then null else json_build_object('at', ${wireTime('v.declined_at')}, 'text', v.declined_text) end as declined,
  coalesce((select json_agg(json_build_object('state', x.state, 'at', ${wireTime('x.at')}, 'by', ${person('x.by_id')}) order by x.id) from visit_step x where x.visit_id = v.id), '[]') as steps,
  v.summary,
  coalesce((select json_agg(json_build_object('person', ${person('w.person_id')}, 'workMinutes', w.work_minutes, 'travelMinutes', w.travel_minutes, 'kilometres', w.kilometres) order by w.person_id)
    from visit_work w where w.visit_id = v.id), '[]') as spent,
  coalesce((select json_agg(json_build_object('name', i.name, 'number', i.number, 'quantity', i.quantity::float, 'serial', i.serial, 'price', i.price_cents) order by i.position)
    from visit_part i where i.visit_id = v.id), '[]') as parts,
  coalesce((select json_agg(json_build_object('id', r.id::text, 'number', r.number, 'signedAt', ${wireTime('r.signed_at')}, 'signer', r.signer, 'how', r.how) order by r.number desc)
    from visit_report r where r.visit_id = v.id), '[]') as reports`
export const visitJoins = sql`left join organisation o on o.id = t.organisation_id left join site s on s.id = v.site_id`

type Row = Omit<Visit, 'can'>
export function asVisit(row: Row, can: Visit['can']): Visit {
  return {
    ...row,
    ticket: { ...row.ticket, number: Number(row.ticket.number) },
    parts: row.parts.map((part) => ({ ...part, price: part.price === null ? null : Number(part.price) })),
    can,
  }
}

export async function readVisit(context: Context, id: string): Promise<Visit> {
  const found = await sql<Row>`select ${visitColumns} from visit v join ticket t on t.id = v.ticket_id ${visitJoins}
    where v.id = ${id} and ${visibleAsStaff(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asVisit(found.rows[0], { edit: true, decline: false })
}

/** As the one who asked sees it: what was written for colleagues stays with them. */
export function asAskerSees(visit: Visit, now: Instant): Visit {
  const decline = !isOver(visit.state) && visit.declined === null && Date.parse(visit.startsAt) > now.epochMilliseconds
  return { ...visit, accessNote: '', steps: [], summary: '', spent: [], parts: [], can: { edit: false, decline } }
}

/** What comes stands before what was. */
export async function visitsOf(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.see'>,
): Promise<{ items: Visit[]; can: { plan: boolean } }> {
  const found = await sql<Row>`select ${visitColumns} from visit v join ticket t on t.id = v.ticket_id ${visitJoins}
    where v.ticket_id = ${ticket.id} order by v.state in ('done', 'cancelled', 'not-met'), abs(extract(epoch from v.starts_at - ${context.now.toString()}::timestamptz)), v.id limit 100`.execute(
    context.db,
  )
  const items = found.rows.map((row) => asVisit(row, { edit: ticket.merged_into_id === null, decline: false }))
  const plan = ticket.as_staff && ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null
  return { items: ticket.as_staff ? items : items.map((one) => asAskerSees(one, context.now)), can: { plan } }
}
