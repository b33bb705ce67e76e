import { sql } from 'kysely'
import type { Escalation } from '../../../contract/tiers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** Each time that a ticket went up: seen by the staff who see the ticket, and by nobody else. */
const ref = (of: ReturnType<typeof sql>) =>
  sql`case when ${of} is not null then json_build_object('id', ${of}::text, 'name', firstline.name_of(${of})) end`
const team = (of: ReturnType<typeof sql>) =>
  sql`(select json_build_object('id', m.id::text, 'name', m.name) from team m where m.id = ${of})`
const maySettle = ({ actor }: Context) => sql`(e.kind = 'hierarchical' and e.settled_at is null and (e.by_person_id = ${actor.id}::bigint
  or ${actor.rights.has('team.edit')} or exists (select 1 from escalation_told o where o.escalation_id = e.id and o.person_id = ${actor.id}::bigint)))`

const columns = (
  context: Context,
) => sql`e.id::text, ${wireTime('e.at')} as at, e.kind, ${team(sql`e.from_team_id`)} as "from", ${team(sql`e.to_team_id`)} as "to",
  ${ref(sql`e.by_person_id`)} as by, coalesce(e.why, (select x.body from message x where x.id = e.message_id and x.withdrawn_at is null
    and (x.ticket_id = e.ticket_id or x.merged_from_id = e.ticket_id))) as why,
  coalesce((select json_agg(json_build_object('id', o.person_id::text, 'name', firstline.name_of(o.person_id)) order by o.person_id)
    from escalation_told o where o.escalation_id = e.id), '[]') as told,
  coalesce((select json_agg(json_build_object('at', ${wireTime('a.at')}, 'by', ${ref(sql`a.by_person_id`)}, 'why', a.why) order by a.id)
    from (select * from escalation_again where escalation_id = e.id order by id desc limit 50) a), '[]') as again,
  ${wireTime('e.settled_at')} as "settledAt", ${ref(sql`e.settled_by_id`)} as "settledBy", json_build_object('settle', ${maySettle(context)}) as can`

export async function escalationsOf(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<Escalation[]> {
  const found = await sql<Escalation>`select ${columns(context)} from escalation e where e.ticket_id = ${ticket.id}
    order by e.id desc limit 100`.execute(context.db)
  return found.rows
}

export async function readEscalation(context: Context, id: string): Promise<Escalation> {
  const found = await sql<Escalation>`select ${columns(context)} from escalation e where e.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type EscalationFacts = { id: string; ticket_id: string; settled: boolean; ticket: Granted<TicketFacts, 'ticket.see'> }

/** To be settled: by whoever was told, by whoever told, and by whoever looks after teams. */
export async function accessEscalation(context: Context, id: string): Promise<Granted<EscalationFacts, 'escalation.settle'>> {
  const of = await sql<{ ticket_id: string }>`select ticket_id::text from escalation where id = ${id} and kind = 'hierarchical'`.execute(
    context.db,
  )
  if (!of.rows[0]) throw notFound()
  const ticket = await accessTicketAsStaff(context, of.rows[0].ticket_id)
  const found = await sql<{ id: string; ticket_id: string; settled: boolean; may: boolean }>`select e.id::text, e.ticket_id::text,
    e.settled_at is not null as settled, ${maySettle(context)} as may from escalation e where e.id = ${id} for update of e`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.settled && !row.may) throw notAllowed()
  return { ...row, ticket } as unknown as Granted<EscalationFacts, 'escalation.settle'>
}
