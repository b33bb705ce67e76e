import { sql } from 'kysely'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { accessTicket, visibleTicketIds } from './access.ts'
import { wireTime } from './access-messages.ts'

/** Begun work: drafts kept on the server and the strip of open tickets, each a person's own. */
type DraftKind = 'reply' | 'note' | 'phone' | 'ticket'
type Draft = { id: string; ticketId: string | null; kind: DraftKind; content: Record<string, unknown>; changedAt: string; title: string }
type Open = { ticketId: string; number: number; subject: string; meaning: Meaning }

export async function beginnings(context: Context): Promise<{ drafts: Draft[]; open: Open[] }> {
  const me = context.actor.id
  const drafts = await sql<Draft>`select d.id, d.ticket_id as "ticketId", d.kind, d.content, ${wireTime('d.changed_at')} as "changedAt",
      coalesce(t.subject, d.content ->> 'subject', '') as title
    from draft d left join ticket t on t.id = d.ticket_id where d.person_id = ${me} order by d.changed_at desc limit 50`.execute(context.db)
  const open =
    await sql<Open>`select t.id as "ticketId", t.id::int8::int as number, t.subject, t.meaning from open_tab o join ticket t on t.id = o.ticket_id
    where o.person_id = ${me} order by o.position limit 30`.execute(context.db)
  const ids = [...drafts.rows.flatMap((d) => (d.ticketId === null ? [] : [d.ticketId])), ...open.rows.map((o) => o.ticketId)]
  const visible = await visibleTicketIds(context, ids)
  return {
    drafts: drafts.rows.filter((d) => d.ticketId === null || visible.has(d.ticketId)),
    open: open.rows.filter((o) => visible.has(o.ticketId)),
  }
}

export async function keepDraft(
  context: Context,
  draft: { ticketId: string | null; kind: DraftKind; content: Record<string, unknown> | null },
): Promise<void> {
  const me = context.actor.id
  if (draft.content !== null && JSON.stringify(draft.content).length > 600_000)
    throw invalid('content', 'too_big', 'The draft is too long to keep.')
  if (draft.ticketId !== null) await accessTicket(context, draft.ticketId, 'ticket.see')
  if (draft.content === null)
    return void (await sql`delete from draft where person_id = ${me} and ticket_id is not distinct from ${draft.ticketId}::bigint and kind = ${draft.kind}`.execute(
      context.db,
    ))
  await sql`insert into draft (person_id, ticket_id, kind, content, changed_at) values (${me}, ${draft.ticketId}, ${draft.kind}, ${JSON.stringify(draft.content)}, ${context.now.toString()})
    on conflict (person_id, ticket_id, kind) do update set content = excluded.content, changed_at = excluded.changed_at`.execute(context.db)
}

export async function keepOpen(context: Context, ticketIds: string[]): Promise<void> {
  const visible = await visibleTicketIds(context, ticketIds)
  const kept = [...new Set(ticketIds)].filter((id) => visible.has(id))
  await sql`delete from open_tab where person_id = ${context.actor.id}`.execute(context.db)
  await sql`insert into open_tab (person_id, ticket_id, position) select ${context.actor.id}::bigint, x.id, x.position
    from unnest(${kept}::bigint[]) with ordinality as x (id, position)`.execute(context.db)
}
