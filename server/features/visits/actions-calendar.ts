import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import { type FeedRow, myFeed } from './access-calendar.ts'
import { placeOf } from './actions-invite.ts'
import { calendarOf } from './rules-ics.ts'
import './events.ts'

/**
 * A private address that a calendar program reads. Calendars cannot sign in, so the address is the secret: 128 random
 * bits, of which only the hash is kept; it shows what its person would see now, and nothing once they may no longer.
 */
export async function makeCalendarLink(context: Context): Promise<string> {
  const token = newToken()
  await sql`insert into calendar_link (person_id, token_hash, made_at) values (${context.actor.id}, ${hashOf(token)}, ${context.now.toString()})
    on conflict (person_id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at, used_at = null`.execute(context.db)
  await context.record({
    type: 'calendar-link.made',
    subject: { kind: 'person', id: context.actor.id ?? '0' },
    audience: 'staff',
    data: {},
  })
  return `${context.kernel.settings.baseUrl}/api/calendar/${token}.ics`
}

export async function endCalendarLink(context: Context): Promise<void> {
  const gone = await sql`delete from calendar_link where person_id = ${context.actor.id} returning 1`.execute(context.db)
  if (gone.rows.length > 0)
    await context.record({
      type: 'calendar-link.ended',
      subject: { kind: 'person', id: context.actor.id ?? '0' },
      audience: 'staff',
      data: {},
    })
}

export async function calendarAt(kernel: Kernel, name: string, client: string): Promise<string> {
  await take(kernel, `calendar:${client}`, 600, 3600)
  const token = /^([A-Za-z0-9_-]{22})\.ics$/.exec(name)?.[1]
  if (token === undefined) throw notFound()
  return kernel.asSystem(async (context) => {
    const found = await sql<{
      person_id: string
      name: string
    }>`select l.person_id, p.name from calendar_link l join person p on p.id = l.person_id
      where l.token_hash = ${hashOf(token)} and p.archived_at is null`.execute(context.db)
    const owner = found.rows[0]
    if (!owner) throw notFound()
    const at = context.now
    await sql`update calendar_link set used_at = ${at.toString()} where person_id = ${owner.person_id} and coalesce(used_at < ${at.subtract({ hours: 1 }).toString()}::timestamptz, true)`.execute(
      context.db,
    )
    const rows = await actingAs(context, await actorOfPerson(context, owner.person_id), (own) => myFeed(own))
    return calendarOf(
      rows.map((row) => asEntry(row, kernel.settings.baseUrl)),
      { method: 'PUBLISH', now: at, name: `Firstline: ${owner.name}` },
    )
  })
}

const asEntry = (row: FeedRow, baseUrl: string) => ({
  uid: row.calendar_uid,
  sequence: row.calendar_sequence,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  changedAt: row.changed_at,
  cancelled: row.state === 'cancelled' || row.state === 'not-met',
  summary: `#${row.ticket_id} ${row.purpose}`,
  description: [[row.contact_name, row.contact_phone].filter(Boolean).join(', '), row.access_note].filter(Boolean).join('\n'),
  location: placeOf(row),
  url: `${baseUrl}/tickets/${row.ticket_id}`,
})
