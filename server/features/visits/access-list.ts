import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Visit, VisitClash, visits } from '../../../contract/visits.ts'
import type { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { asVisit, visitColumns, visitJoins } from './access.ts'
import { freeWindows, isTimeZone, type Span } from './rules.ts'

type Query = z.output<(typeof visits)['GET /api/visits']['query']>
type Condition = RawBuilder<SqlBool>

function marked(cursor: string): [string, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (!Number.isNaN(Date.parse(String(at))) && /^\d{1,18}$/.test(String(id))) return [String(at), String(id)]
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

/** One person's are read from that person's index, all from the one by time; either way the page is found before it is joined. */
export async function listVisits(context: Context, query: Query): Promise<{ items: Visit[]; next: string | null }> {
  const { actor } = context
  const of = query.person === 'me' ? actor.id : query.person
  const from = of ? sql`visit_person k join visit v on v.id = k.visit_id` : sql`visit v`
  const at = of ? sql`k.starts_at` : sql`v.starts_at`
  const id = of ? sql`k.visit_id` : sql`v.id`
  const where: Condition[] = [visibleAsStaff(actor), sql`t.deleted_at is null`]
  if (of) where.push(sql`k.person_id = ${of}`)
  if (query.from) where.push(sql`${at} >= ${query.from}::timestamptz`)
  if (query.until) where.push(sql`${at} < ${query.until}::timestamptz`)
  if (query.after) {
    const [mark, last] = marked(query.after)
    where.push(sql`(${at}, ${id}) > (${mark}::timestamptz, ${last}::bigint)`)
  }
  const found = await sql<Visit & { mark: string }>`with page as materialized (
      select ${id} as id from ${from} join ticket t on t.id = v.ticket_id where ${sql.join(where, sql` and `)}
      order by ${at}, ${id} limit ${sql.raw(String(query.limit + 1))})
    select ${visitColumns}, v.starts_at::text as mark from page join visit v on v.id = page.id join ticket t on t.id = v.ticket_id ${visitJoins} order by v.starts_at, v.id`.execute(
    context.db,
  )
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return { items: rows.map(({ mark: _, ...row }) => asVisit(row, { edit: true, decline: false })), next }
}

/** Other visits of these people at that time, and who is away today. What the visit is about is told only to who may see it. */
export async function clashesOf(
  context: Context,
  wanted: { people: readonly string[]; startsAt: string; endsAt: string; except?: string | undefined },
): Promise<VisitClash[]> {
  const { people, startsAt, endsAt, except } = wanted
  const taken = await sql<{ personId: string; name: string; id: string; startsAt: string; endsAt: string; ticket: string | null }>`
    select k.person_id as "personId", firstline.name_of(k.person_id) as name, k.visit_id as id, ${wireTime('k.starts_at')} as "startsAt", ${wireTime('k.ends_at')} as "endsAt", t.id as ticket
    from visit_person k left join visit v on v.id = k.visit_id left join ticket t on t.id = v.ticket_id and ${visibleAsStaff(context.actor)}
    where k.person_id = any(${[...people]}::bigint[]) and k.taken = 'yes' and k.visit_id is distinct from ${except ?? null}::bigint
      and k.starts_at < ${endsAt}::timestamptz and k.ends_at > ${startsAt}::timestamptz and k.starts_at > ${startsAt}::timestamptz - interval '24 hours'
    order by k.starts_at, k.visit_id limit 50`.execute(context.db)
  const soon = Date.parse(startsAt) - context.now.epochMilliseconds < 12 * 3_600_000
  const away = soon
    ? await sql<{
        id: string
        name: string
      }>`select id, name from person where id = any(${[...people]}::bigint[]) and state = 'away'`.execute(context.db)
    : { rows: [] }
  return [
    ...taken.rows.map(({ personId, name, id, ticket, ...at }) => ({
      person: { id: personId, name },
      why: 'visit' as const,
      visit: { id, ...at, ticket: ticket === null ? null : Number(ticket) },
    })),
    ...away.rows.map((person) => ({ person, why: 'away' as const, visit: null })),
  ]
}

export type Place = {
  site: { id: string; name: string } | null
  address: string
  accessNote: string
  timeZone: string
  contact: { name: string; phone: string; email: string }
}

/** Where the ticket's requester sits, or another site of the same organisation. */
export async function placeFor(context: Context, ticket: TicketFacts, siteId: string | null | undefined): Promise<Place> {
  const wanted = siteId === undefined ? ticket.site_id : siteId
  const found = await sql<{
    site_id: string | null
    site: string
    address: string
    access_note: string
    zone: string | null
    name: string
    phone: string | null
    email: string | null
  }>`select s.id as site_id, s.name as site, coalesce(s.address, '') as address, coalesce(s.access_note, '') as access_note, coalesce(s.time_zone, p.time_zone) as zone,
      p.name, coalesce(p.phones -> 0 ->> 'number', '') as phone, p.email::text as email
    from person p left join site s on s.id = coalesce(${wanted}::bigint, case when ${siteId === undefined} then p.site_id end)
      and s.archived_at is null and s.organisation_id = ${ticket.organisation_id}::bigint
    where p.id = ${ticket.on_behalf_of_id ?? ticket.requester_id}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (siteId && row.site_id === null) throw invalid('siteId', 'site_unknown', 'Choose a site of the organisation that asked.')
  const zone = row.zone ?? context.actor.timeZone ?? 'UTC'
  return {
    site: row.site_id === null ? null : { id: row.site_id, name: row.site },
    address: row.address,
    accessNote: row.access_note,
    timeZone: isTimeZone(zone) ? zone : 'UTC',
    contact: { name: row.name, phone: row.phone ?? '', email: row.email ?? '' },
  }
}

type Wanted = z.output<(typeof visits)['GET /api/tickets/:id/visits/windows']['query']>

export async function windowsFor(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>, { people, minutes, site }: Wanted) {
  const place = await placeFor(context, ticket, site)
  const ids = people === '' ? [] : people.split(',')
  const from = context.now.subtract({ hours: 24 }).toString()
  const found = await sql<Span>`select starts_at as "startsAt", ends_at as "endsAt" from visit_person
    where person_id = any(${ids}::bigint[]) and taken = 'yes' and starts_at > ${from}::timestamptz and starts_at < ${from}::timestamptz + interval '20 days' limit 500`.execute(
    context.db,
  )
  const free = freeWindows(found.rows, { minutes, timeZone: place.timeZone, now: context.now, most: 5 })
  const wire = (at: Temporal.Instant) => at.toString({ fractionalSecondDigits: 3 })
  return { items: free.map((span) => ({ startsAt: wire(span.startsAt), endsAt: wire(span.endsAt) })), ...place }
}
