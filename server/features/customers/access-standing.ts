import { sql } from 'kysely'
import type { HistoryRow, Standing, StandingWithTickets } from '../../../contract/customers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import type { PersonFacts } from '../people/access.ts'
import { siteJson } from '../people/access-organisations.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { contactGone, personJson } from './access.ts'
import { customerState } from './access-overview.ts'
import { mayOrder, type Orderer } from './rules.ts'

/** What one must know of somebody while a ticket is open or being written, in two statements: one for the standing, one for the state. */
type Of = { personId: string; organisationId: string | null; siteId: string | null }
type Row = Omit<Standing, 'order' | 'state'> & { orderers: Orderer[] }

async function readStanding(context: Context, { personId, organisationId, siteId }: Of): Promise<Standing> {
  const contacts = sql`customer_contact c join person p on p.id = c.person_id where c.organisation_id = o.id and not ${contactGone}`
  // Row-level security lets everybody see their own organisation, but not what the desk says of it.
  const { organisations } = context.actor
  const inScope = organisations === 'all' ? sql`true` : sql`o.id = any(${organisations}::bigint[])`
  const found = await sql<Row>`select
      json_build_object('id', w.id::text, 'name', firstline.name_of(w.id), 'specialHandling', coalesce(me.special_handling, '')) as person,
      case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name, 'specialHandling', o.special_handling, 'timeZone', o.time_zone) end as organisation,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'orders', true, 'limit', c.order_limit) order by 'main' = any(c.roles) desc, p.name, p.id)
        from ${contacts} and c.orders = 'yes'), '[]') as orderers,
      exists (select 1 from ${contacts} and c.person_id = w.id and c.approves = 'yes') as approves,
      (select json_build_object('id', p.id::text, 'name', p.name, 'email', p.email, 'phones', p.phones) from ${contacts} and 'main' = any(c.roles) order by c.id limit 1) as "mainContact",
      (select ${personJson('u.in_charge_id')} from customer u where u.organisation_id = o.id) as "inCharge",
      coalesce((select json_agg(json_build_object('id', d.id::text, 'title', d.title, 'fileId', f.id::text, 'name', f.name) order by d.title, d.id)
        from (select * from document y where y.organisation_id = o.id and y.pinned = 'yes' order by y.title, y.id limit 10) d
        join lateral (select x.id, x.name from document_file x where x.document_id = d.id order by x.number desc limit 1) f on true), '[]') as documents,
      (select ${siteJson} from site s where s.id = coalesce(${siteId}::bigint, me.site_id) and s.organisation_id = o.id and s.archived_at is null) as site
    from (select ${personId}::bigint as id) w left join person me on me.id = w.id left join organisation o on o.id = ${organisationId}::bigint and ${inScope}`.execute(
    context.db,
  )
  const { orderers, ...row } = found.rows[0]!
  const state = row.organisation === null ? null : await customerState(context, row.organisation.id)
  return { ...row, state, order: mayOrder(personId, orderers) }
}

/** Of the one for whom the ticket is, in the organisation that asked. */
export const standingOfTicket = (context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<Standing> =>
  readStanding(context, {
    personId: ticket.on_behalf_of_id ?? ticket.requester_id,
    organisationId: ticket.organisation_id,
    siteId: ticket.site_id,
  })

const shown = 5
async function historyOf(context: Context, personId: string): Promise<{ open: HistoryRow[]; past: HistoryRow[] }> {
  const language = context.actor.language === 'de' ? 'de' : 'en'
  const finished = sql`t.meaning in ('resolved', 'closed', 'cancelled')`
  const some = (
    which: ReturnType<typeof sql>,
  ) => sql`coalesce((select json_agg(json_build_object('id', h.id::text, 'number', h.id, 'subject', h.subject, 'meaning', h.meaning,
      'statusName', (select firstline.said(y.name, ${language}) from status y where y.id = h.status_id), 'createdAt', ${wireTime('h.created_at')}, 'resolution', h.resolution) order by h.id desc)
    from (select t.* from ticket t where t.requester_id = ${personId} and ${which} and t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(context.actor)}
      order by t.id desc limit ${sql.lit(shown)}) h), '[]')`
  const found = await sql<{
    open: HistoryRow[]
    past: HistoryRow[]
  }>`select ${some(sql`not ${finished}`)} as open, ${some(finished)} as past`.execute(context.db)
  return found.rows[0]!
}

/** While somebody is on the phone or at the counter. */
export async function standingOfPerson(context: Context, person: Granted<PersonFacts, 'person.see'>): Promise<StandingWithTickets> {
  if (!context.actor.staff) throw notFound()
  const standing = await readStanding(context, { personId: person.id, organisationId: person.organisation_id, siteId: null })
  return { ...standing, ...(await historyOf(context, person.id)) }
}
