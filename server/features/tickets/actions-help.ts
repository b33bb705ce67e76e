import { sql } from 'kysely'
import type { z } from 'zod'
import type { helps } from '../../../contract/help.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from './access.ts'
import type { GrantedHelp } from './access-help.ts'
import './events.ts'

type Input = z.output<(typeof helps)['POST /api/tickets/:id/help']['body']>

const about = (ticket: TicketFacts, helpId: string) => ({
  subject: { kind: 'help', id: helpId },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

/** Whoever has the ticket keeps it; its status and its clock go on. */
export async function askForHelp(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, input: Input): Promise<string> {
  await refuseUnable(context, ticket, input)
  const { personId, teamId, skillId } = input
  const made = await sql<{ id: string }>`insert into help (ticket_id, question, person_id, team_id, skill_id, asked_at, asked_by_id)
    values (${ticket.id}, ${input.question.trim()}, ${personId}::bigint, ${teamId}::bigint, ${skillId}::bigint, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'help.asked', ...about(ticket, id), data: { helpId: id, askedPersonId: personId, teamId, skillId } })
  return id
}

/** Whoever is asked must be able to see what is asked about. */
async function refuseUnable(context: Context, ticket: TicketFacts, { personId, teamId, skillId }: Input): Promise<void> {
  const found = await sql<{ person: boolean | null; team: boolean; skill: boolean }>`select
      (select firstline.staff_sees(p.id, t) and p.id is distinct from ${context.actor.id}::bigint from person p where p.id = ${personId}::bigint and p.archived_at is null) as person,
      exists (select 1 from team_member m where m.team_id = ${teamId}::bigint and firstline.staff_sees(m.person_id, t)) as team,
      exists (select 1 from person_skill k where k.skill_id = ${skillId}::bigint and firstline.staff_sees(k.person_id, t)) as skill
    from ticket t where t.id = ${ticket.id}`.execute(context.db)
  const can = found.rows[0]!
  if (personId !== null && can.person !== true)
    throw invalid('personId', 'sees_not', 'This person cannot help here. Choose another who sees the ticket.')
  if (teamId !== null && !can.team) throw invalid('teamId', 'team_sees_not', 'Nobody of this team sees the ticket. Choose another team.')
  if (skillId !== null && !can.skill)
    throw invalid('skillId', 'nobody', 'Nobody who sees the ticket has this skill. Choose another, or ask a team.')
}

/** Of two who say so at once the first helps; the other is told. */
export async function acceptHelp(context: Context, help: GrantedHelp): Promise<void> {
  if (help.helper_id === context.actor.id && help.state === 'accepted') return
  if (help.asked_by_id === context.actor.id) throw notAllowed()
  if (help.state !== 'open') throw new Problem('help_taken', 'Somebody helps already, or help is no longer needed.')
  await sql`update help set state = 'accepted', helper_id = ${context.actor.id}, accepted_at = ${context.now.toString()} where id = ${help.id}`.execute(
    context.db,
  )
  await context.record({ type: 'help.accepted', ...about(help.ticket, help.id), data: { helpId: help.id } })
}

/** Who answers an open question is who helps. */
export async function answerHelp(context: Context, help: GrantedHelp, body: string): Promise<void> {
  refuseSettled(help)
  const takes = help.state === 'open' && help.asked_by_id !== context.actor.id
  await sql`with n as (insert into help_note (help_id, at, author_id, body) values (${help.id}, ${context.now.toString()}, ${context.actor.id}, ${body.trim()}))
    update help set state = case when ${takes} then 'accepted' else state end, helper_id = case when ${takes} then ${context.actor.id}::bigint else helper_id end,
      accepted_at = case when ${takes} then ${context.now.toString()}::timestamptz else accepted_at end where id = ${help.id}`.execute(
    context.db,
  )
  await context.record({ type: 'help.answered', ...about(help.ticket, help.id), data: { helpId: help.id } })
}

export async function settleHelp(context: Context, help: GrantedHelp, state: 'done' | 'withdrawn'): Promise<void> {
  if (help.state === state) return
  refuseSettled(help)
  if (state === 'withdrawn' && help.asked_by_id !== context.actor.id) throw notAllowed()
  await sql`update help set state = ${state}, settled_at = ${context.now.toString()} where id = ${help.id}`.execute(context.db)
  await context.record({ type: `help.${state}`, ...about(help.ticket, help.id), data: { helpId: help.id } })
}

function refuseSettled(help: GrantedHelp): void {
  if (help.state === 'done' || help.state === 'withdrawn') throw new Problem('help_over', 'This is settled. Ask anew.')
}

/** Help goes with a merged ticket, and home again when that is undone. */
export async function carryHelp(context: Context, fromId: string, intoId: string): Promise<void> {
  await sql`update help set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint) where ticket_id = ${fromId}`.execute(
    context.db,
  )
}
export async function bringHelpBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  await sql`update help set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
    where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}
