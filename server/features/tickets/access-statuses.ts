import { sql } from 'kysely'
import type { z } from 'zod'
import { leastRoles, type statuses } from '../../../contract/statuses.ts'
import type { Meaning, status } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound, Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from './access.ts'
import { isFinished } from './rules.ts'

/** Statuses, the moves between them, and where one ticket may go. */
export type Status = z.infer<typeof status>
export async function allStatuses({ db }: Context, archived = false): Promise<Status[]> {
  return (
    await sql<Status>`select id, version, meaning, name, position from status where (archived_at is not null) = ${archived} order by position, id`.execute(
      db,
    )
  ).rows
}

/** Where a ticket would go: whether this person may move it there by hand, and whether any field is mandatory there. */
export type Going = { id: string; meaning: Meaning; name: { en: string; de: string }; allowed: boolean; asks: boolean }

export async function statusFor(
  context: Context,
  ticket: Pick<TicketFacts, 'status_id'>,
  to: { id: string } | { meaning: Meaning },
): Promise<Going> {
  const which = 'id' in to ? sql`s.id = ${to.id}` : sql`s.meaning = ${to.meaning}`
  const found = await sql<Going>`select s.id, s.meaning, s.name,
      s.id = ${ticket.status_id} or not exists (select 1 from status_move) or exists (select 1 from status_move m
        where m.from_id = ${ticket.status_id} and m.to_id = s.id and m.least_role = any(${rolesOf(context)}::text[])) as allowed,
      exists (select 1 from field f where s.meaning = any(f.mandatory_in) and f.archived_at is null) as asks
    from status s where ${which} and s.archived_at is null order by s.position limit 1`.execute(context.db)
  const row = found.rows[0]
  if (!row)
    throw new Problem('validation_failed', 'This status does not exist.', {
      issues: [{ path: 'statusId', code: 'unknown', message: 'This status does not exist.' }],
    })
  // Rules, mail, time, and what is written after the fact are bound neither by roles nor by what a form asks.
  const byHand = context.actor.kind === 'person' && context.past === undefined
  return { ...row, allowed: row.allowed || !byHand, asks: row.asks && byHand }
}

/** Each role includes those before it. As with rights: what is given everywhere counts, else what holds in every place. */
function rolesOf({ actor }: Context): string[] {
  const best = new Map<string, number>()
  for (const { role, organisationId, teamId } of actor.grants) {
    const place = `${organisationId ?? ''}/${teamId ?? ''}`
    best.set(place, Math.max(best.get(place) ?? -1, (leastRoles as readonly string[]).indexOf(role)))
  }
  const everywhere = best.get('/') ?? -1
  const places = [...best.values()].filter((rank) => rank >= 0)
  return leastRoles.slice(0, (everywhere >= 0 || places.length === 0 ? everywhere : Math.min(...places)) + 1)
}

export function refuseMove(ticket: TicketFacts, going: Going): void {
  if (!going.allowed)
    throw new Problem('status_move_refused', `Your role does not move a ticket from "${ticket.meaning}" to “${going.name.en}” by hand.`)
}

type Facts = { id: string; version: number; meaning: Meaning; name: { en: string; de: string } }
/** Locked, so that no ticket takes it while it is taken out of use. */
export async function accessStatus(context: Context, id: string, archived = false): Promise<Granted<Facts, 'category.edit'>> {
  if (!context.actor.rights.has('category.edit')) throw notAllowed()
  const found =
    await sql<Facts>`select id, version, meaning, name from status where id = ${id} and (archived_at is not null) = ${archived} for update`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<Facts, 'category.edit'>
}

const most = 10_000
/** The program itself sets these: each keeps a status. */
const needed: readonly Meaning[] = ['new', 'open', 'resolved', 'closed']
type Use = z.output<(typeof statuses)['GET /api/statuses/:id/use']['returns']>

export async function statusUse(context: Context, { id, meaning }: Facts): Promise<Use> {
  const counted = await sql<{ n: number }>`select count(*)::int as n from (
    select 1 from ticket where meaning = ${meaning} and status_id = ${id} limit ${sql.lit(most + 1)}) x`.execute(context.db)
  const others = (await allStatuses(context)).filter((one) => one.id !== id)
  const same = others.filter((one) => one.meaning === meaning)
  // What only waits may wait or be worked on under another meaning; what is over stays over.
  const near = isFinished(meaning) || meaning === 'new' ? [] : others.filter((one) => !isFinished(one.meaning) && one.meaning !== 'new')
  const tickets = counted.rows[0]?.n ?? 0
  return {
    tickets: Math.min(tickets, most),
    more: tickets > most,
    replacements: (same.length > 0 ? same : near).map((one) => one.id),
    needed: needed.includes(meaning) && same.length === 0,
  }
}

type Moves = z.output<(typeof statuses)['GET /api/status-moves']['returns']>['moves']
export async function statusMoves(context: Context): Promise<Moves> {
  const found = await sql<NonNullable<Moves>[number]>`select m.from_id as "fromId", m.to_id as "toId", m.least_role as "leastRole"
    from status_move m order by m.from_id, m.to_id`.execute(context.db)
  return found.rows.length === 0 ? null : found.rows
}
