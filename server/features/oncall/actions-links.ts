import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { calendarOf } from '../visits/rules-ics.ts'
import { namesOf, readRota } from './access.ts'
import { finalSchedule } from './access-now.ts'
import { type OwnShift, shiftsOf } from './access-on-call.ts'
import { ahead } from './access-schedule.ts'
import './events.ts'

/**
 * Private addresses that calendar programs read: all my shifts, or a whole rota. Calendars cannot sign in, so the address
 * is the secret, of which only the hash is kept; it gives what its person may see now, and nothing once they have left.
 */
type LinkRow = { id: string; rota: { id: string; name: string } | null; since: string; usedAt: string | null }

export async function listLinks({ db, actor }: Context): Promise<LinkRow[]> {
  const found =
    await sql<LinkRow>`select k.id, case when r.id is null then null else json_build_object('id', r.id::text, 'name', r.name) end as rota,
      ${wireTime('k.made_at')} as since, ${wireTime('k.used_at')} as "usedAt"
    from on_call_link k left join rota r on r.id = k.rota_id where k.person_id = ${actor.id} order by k.id`.execute(db)
  return found.rows
}

const own = (context: Context) => ({ subject: { kind: 'person', id: context.actor.id ?? '0' }, audience: 'staff' as const })

export async function makeLink(context: Context, rotaId: string | null): Promise<{ id: string; address: string }> {
  if (rotaId !== null) await readRota(context, rotaId)
  const token = newToken()
  const made = await sql<{ id: string }>`insert into on_call_link (person_id, rota_id, token_hash, made_at)
    values (${context.actor.id}, ${rotaId}, ${hashOf(token)}, ${context.now.toString()})
    on conflict (person_id, rota_id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at, used_at = null returning id`.execute(
    context.db,
  )
  const { id } = made.rows[0]!
  await context.record({ type: 'oncall.link-made', ...own(context), data: { linkId: id, rotaId } })
  return { id, address: `${context.kernel.settings.baseUrl}/api/on-call-calendar/${token}.ics` }
}

export async function endLink(context: Context, id: string): Promise<void> {
  const gone = await sql<{
    rota_id: string | null
  }>`delete from on_call_link where id = ${id} and person_id = ${context.actor.id} returning rota_id`.execute(context.db)
  if (!gone.rows[0]) throw notFound()
  await context.record({ type: 'oncall.link-ended', ...own(context), data: { linkId: id, rotaId: gone.rows[0].rota_id } })
}

export async function calendarAt(kernel: Kernel, name: string, client: string): Promise<string> {
  await take(kernel, `calendar:${client}`, 600, 3600)
  const token = /^([A-Za-z0-9_-]{22})\.ics$/.exec(name)?.[1]
  if (token === undefined) throw notFound()
  return kernel.asSystem(async (context) => {
    const found = await sql<{
      id: string
      person_id: string
      rota_id: string | null
      name: string
    }>`select k.id, k.person_id, k.rota_id, p.name
      from on_call_link k join person p on p.id = k.person_id where k.token_hash = ${hashOf(token)} and p.archived_at is null`.execute(
      context.db,
    )
    const link = found.rows[0]
    if (!link) throw notFound()
    const stale = context.now.subtract({ hours: 1 }).toString()
    await sql`update on_call_link set used_at = ${context.now.toString()} where id = ${link.id} and coalesce(used_at < ${stale}::timestamptz, true)`.execute(
      context.db,
    )
    return actingAs(context, await actorOfPerson(context, link.person_id), async (mine) => {
      // Whoever is no longer of the staff keeps an address that gives nothing.
      if (!mine.actor.staff) throw notFound()
      return link.rota_id === null ? ownCalendar(mine, link.name) : rotaCalendar(mine, link.rota_id)
    })
  })
}

async function ownCalendar(context: Context, name: string): Promise<string> {
  const shifts = await shiftsOf(context, context.actor.id ?? '0')
  return written(context, `Firstline: ${name}`, shifts, (shift) => shift.rota.name)
}

async function rotaCalendar(context: Context, rotaId: string): Promise<string> {
  const rota = await readRota(context, rotaId)
  if (rota.archived) return written(context, rota.name, [], () => '')
  const shifts = await finalSchedule(context, rotaId, context.now.subtract({ hours: 24 }), context.now.add(ahead))
  const names = await namesOf(
    context,
    shifts.map((one) => one.personId),
  )
  const held = shifts
    .filter((one) => one.personId !== null)
    .map((one) => ({ ...one, rota: { id: rota.id, name: rota.name }, timeZone: rota.timeZone }))
  return written(context, rota.name, held, (shift) => `${rota.name}: ${names.get(shift.personId!)?.name ?? ''}`)
}

/** A shift has no number of its own: rota, person and beginning name it, and a feed that is read whole needs no cancellations. */
const written = (context: Context, name: string, shifts: readonly OwnShift[], summary: (shift: OwnShift) => string): string =>
  calendarOf(
    shifts.map((shift) => ({
      uid: `on-call-${shift.rota.id}-${shift.personId}-${shift.from.epochMilliseconds}@${context.kernel.settings.mailDomain}`,
      sequence: 0,
      startsAt: shift.from,
      endsAt: shift.to,
      changedAt: context.now,
      cancelled: false,
      summary: summary(shift),
      description: '',
      location: '',
      url: `${context.kernel.settings.baseUrl}/on-call/${shift.rota.id}`,
    })),
    { method: 'PUBLISH', now: context.now, name },
  )
