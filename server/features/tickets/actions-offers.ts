import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'
import './events.ts'

/**
 * Drafts are a person's own. One that is offered may be read and taken over by the colleagues who see the ticket; then it
 * is theirs, with its files, and whoever sends it is its author. Nobody writes in another's draft (B-029).
 */
type Kind = 'reply' | 'note' | 'phone'
type Offered = {
  id: string
  kind: Kind
  writer: { id: string; name: string }
  text: string
  files: number
  changedAt: string
  mine: boolean
}
type Ticket = Granted<TicketFacts, 'ticket.note'>

const about = (ticket: TicketFacts, draftId: string) => ({
  subject: { kind: 'draft', id: draftId },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

export async function offeredDrafts(context: Context, ticket: Ticket): Promise<Offered[]> {
  const found =
    await sql<Offered>`select d.id, d.kind, json_build_object('id', p.id::text, 'name', p.name) as writer, left(coalesce(d.content ->> 'body', ''), 20000) as text,
      case when jsonb_typeof(d.content -> 'files') = 'array' then jsonb_array_length(d.content -> 'files') else 0 end as files,
      ${wireTime('d.changed_at')} as "changedAt", d.person_id = ${context.actor.id} as mine
    from draft d join person p on p.id = d.person_id where d.ticket_id = ${ticket.id} and d.offered_at is not null order by d.offered_at, d.id limit 50`.execute(
      context.db,
    )
  return found.rows
}

export async function offerDraft(context: Context, ticket: Ticket, { kind, offered }: { kind: Kind; offered: boolean }): Promise<void> {
  const changed = await sql<{ id: string; before: boolean }>`with old as (select id, offered_at is not null as before from draft
      where person_id = ${context.actor.id} and ticket_id = ${ticket.id} and kind = ${kind} for update)
    update draft d set offered_at = case when ${offered} then coalesce(d.offered_at, ${context.now.toString()}::timestamptz) end from old where d.id = old.id returning d.id, old.before`.execute(
    context.db,
  )
  const row = changed.rows[0]
  if (!row) throw notFound()
  if (row.before !== offered)
    await context.record({ type: offered ? 'draft.offered' : 'draft.kept', ...about(ticket, row.id), data: { draftId: row.id } })
}

export async function takeDraft(context: Context, id: string): Promise<{ ticketId: string; kind: Kind; content: Record<string, unknown> }> {
  const me = context.actor.id
  const of = await sql<{ ticket_id: string | null }>`select ticket_id from draft where id = ${id} and offered_at is not null`.execute(
    context.db,
  )
  if (!of.rows[0]?.ticket_id) throw notFound()
  const ticket = await accessTicket(context, of.rows[0].ticket_id, 'ticket.note')
  const found = await sql<{
    person_id: string
    kind: Kind
    content: Record<string, unknown>
    busy: boolean
  }>`select d.person_id, d.kind, d.content,
      exists (select 1 from draft o where o.person_id = ${me} and o.ticket_id = d.ticket_id and o.kind = d.kind and o.id <> d.id) as busy
    from draft d where d.id = ${id} and d.offered_at is not null for update`.execute(context.db)
  const draft = found.rows[0]
  if (!draft) throw notFound()
  const { person_id: from, kind, content } = draft
  if (from === me) return { ticketId: ticket.id, kind, content }
  if (draft.busy) throw new Problem('already_exists', 'You have begun something of this kind here yourself. Send it or empty it first.')
  await sql`with d as (update draft set person_id = ${me}, offered_at = null, changed_at = ${context.now.toString()} where id = ${id} returning content)
    update attachment a set uploaded_by_id = ${me} from d, jsonb_path_query(d.content, '$.files[*].id') f
    where a.message_id is null and a.uploaded_by_id = ${from} and a.id::text = f #>> '{}'`.execute(context.db)
  await context.record({ type: 'draft.taken', ...about(ticket, id), data: { draftId: id, fromPersonId: from } })
  return { ticketId: ticket.id, kind, content }
}
