import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

export type FeedRow = {
  ticket_id: string
  purpose: string
  address: string
  site: string | null
  organisation: string | null
  access_note: string
  contact_name: string
  contact_phone: string
  starts_at: Instant
  ends_at: Instant
  changed_at: Instant
  state: string
  calendar_uid: string
  calendar_sequence: number
}

/** A month back and a year ahead; what was cancelled is told once more, or a calendar would keep it for ever. */
export async function myFeed(context: Context): Promise<FeedRow[]> {
  const { actor, now } = context
  const found =
    await sql<FeedRow>`select v.ticket_id, v.purpose, v.address, s.name as site, o.name as organisation, v.access_note, v.contact_name, v.contact_phone,
      v.starts_at, v.ends_at, v.changed_at, v.state, v.calendar_uid, v.calendar_sequence
    from visit_person k join visit v on v.id = k.visit_id join ticket t on t.id = v.ticket_id left join site s on s.id = v.site_id left join organisation o on o.id = t.organisation_id
    where k.person_id = ${actor.id} and k.starts_at > ${now.subtract({ hours: 24 * 31 }).toString()}::timestamptz
      and k.starts_at < ${now.add({ hours: 24 * 366 }).toString()}::timestamptz and ${visibleAsStaff(actor)} and t.deleted_at is null
    order by k.starts_at, k.visit_id limit 1000`.execute(context.db)
  return found.rows
}

export async function calendarLink(context: Context): Promise<{ since: string | null; usedAt: string | null }> {
  const found = await sql<{
    since: string
    usedAt: string | null
  }>`select ${wireTime('made_at')} as since, ${wireTime('used_at')} as "usedAt" from calendar_link where person_id = ${context.actor.id}`.execute(
    context.db,
  )
  return found.rows[0] ?? { since: null, usedAt: null }
}
