import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import type { EscalationFacts } from './access.ts'
import './events.ts'

/** Two ways up, counted apart: to skill, when a ticket moves to a higher tier, and to authority, when its manager is told. */
export type Move = { ticketId: string; organisationId: string | null; fromTeamId: string; teamId: string; messageId: string | null }

const moved = new WeakMap<Context, Move[]>()

/** One statement for all moves of the transaction where there are many. */
export async function noteMove(context: Context, move: Move): Promise<void> {
  if (!context.many) return keepMoves(context, [move])
  const known = moved.get(context) ?? []
  moved.set(context, known)
  known.push(move)
  context.atEnd('tiers.moved', () => keepMoves(context, known.splice(0)))
}

async function keepMoves(context: Context, moves: Move[]): Promise<void> {
  const given = moves.map((m) => ({ ticket_id: m.ticketId, from_team_id: m.fromTeamId, to_team_id: m.teamId, message_id: m.messageId }))
  const kept = await sql<{ ticket_id: string; escalation_id: string }>`select ticket_id::text, escalation_id::text
    from firstline.moved_up(${JSON.stringify(given)}::jsonb, ${context.actor.id}::bigint, ${context.now.toString()}::timestamptz)`.execute(
    context.db,
  )
  for (const { ticket_id, escalation_id } of kept.rows) {
    const move = moves.find((m) => m.ticketId === ticket_id)
    if (!move) continue
    await context.record({
      type: 'ticket.escalated',
      subject: { kind: 'ticket', id: ticket_id },
      ticketId: ticket_id,
      organisationId: move.organisationId,
      audience: 'staff',
      data: { how: 'functional', escalationId: escalation_id, fromTeamId: move.fromTeamId, teamId: move.teamId },
    })
  }
}

/** One at most is open for a ticket: told again, it is added to that one, and rings again. */
export async function tellLeads(context: Context, ticket: Granted<TicketFacts, 'ticket.edit'>, why: string): Promise<string> {
  const { db, actor } = context
  const at = context.now.toString()
  // The ticket is locked, so that of two who tell at once the second adds.
  const open = await sql<{ id: string }>`select id::text from escalation where ticket_id = ${ticket.id} and kind = 'hierarchical'
    and settled_at is null for update`.execute(db)
  const known = open.rows[0]?.id
  const again = known
    ? await sql<{
        id: string
      }>`insert into escalation_again (escalation_id, at, by_person_id, why) values (${known}, ${at}, ${actor.id}, ${why})
        returning id::text`.execute(db)
    : undefined
  const id =
    known ??
    (
      await sql<{ id: string }>`insert into escalation (ticket_id, at, kind, from_team_id, by_person_id, why)
        values (${ticket.id}, ${at}, 'hierarchical', ${ticket.team_id}::bigint, ${actor.id}, ${why}) returning id::text`.execute(db)
    ).rows[0]!.id
  const told = await tell(context, id, ticket)
  if (told.length === 0) throw new Problem('nobody_to_tell', 'Nobody who leads may see this ticket. Ask an administrator to name a lead.')
  await context.record({
    type: 'ticket.escalated',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { how: 'hierarchical', escalationId: id, againId: again?.rows[0]?.id ?? null, personIds: told },
  })
  return id
}

/**
 * The leads of its team who see it; where there is none but whoever tells, the administrators.
 */
async function tell({ db, actor }: Context, id: string, ticket: TicketFacts): Promise<string[]> {
  const found = await sql<{ id: string }>`
    with ranked as (select m.person_id, 1 as rank from team_member m where m.team_id = ${ticket.team_id}::bigint and m.is_lead = 'yes'
      union all select g.person_id, 1 from role_grant g where g.role = 'lead' and g.team_id = ${ticket.team_id}::bigint
      union all select g.person_id, 2 from role_grant g where g.role = 'administrator' and g.organisation_id is null and g.team_id is null),
    able as (select r.person_id, r.rank from ranked r join person p on p.id = r.person_id cross join ticket t
      where t.id = ${ticket.id} and p.archived_at is null and p.id is distinct from ${actor.id}::bigint and firstline.staff_sees(p.id, t)),
    chosen as (select distinct person_id from able where rank = (select min(rank) from able)),
    kept as (insert into escalation_told (escalation_id, person_id) select ${id}::bigint, person_id from chosen on conflict do nothing)
    select person_id::text as id from chosen order by person_id`.execute(db)
  return found.rows.map((row) => row.id)
}

/** Settled twice is settled once: whoever comes second has nothing left to do. */
export async function settleEscalation(context: Context, escalation: Granted<EscalationFacts, 'escalation.settle'>): Promise<void> {
  if (escalation.settled) return
  await sql`update escalation set settled_at = ${context.now.toString()}, settled_by_id = ${context.actor.id} where id = ${escalation.id}`.execute(
    context.db,
  )
  await context.record({
    type: 'ticket.escalation-settled',
    subject: { kind: 'ticket', id: escalation.ticket_id },
    ticketId: escalation.ticket_id,
    organisationId: escalation.ticket.organisation_id,
    audience: 'staff',
    data: { escalationId: escalation.id },
  })
}
