import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from './access.ts'
import { accessMerge, accessPair, type Before, type MergeRow, mergeFacts, refuseMerge } from './access-merge.ts'
import { addCopies, followMessages } from './actions-joining.ts'
import './events.ts'

/**
 * Merging. The merged ticket keeps its row and points to the other; its number, its thread and its links lead there for
 * ever (firstline.survivor). One thing stays true: a message lies on the survivor of its home, where the home is the
 * ticket it was written on, or to whose thread it came later. So undoing needs no list of messages: what is at home in
 * the ticket, or in one that was merged into it before, goes back with it, however long the chain has grown since.
 */
type Editable = Granted<TicketFacts, 'ticket.edit'>
type End = Pick<TicketFacts, 'id' | 'organisation_id'>
const about = (ticket: End) => ({ subject: { kind: 'ticket', id: ticket.id }, ticketId: ticket.id, organisationId: ticket.organisation_id })

export async function mergeTickets(
  context: Context,
  fromId: string,
  input: { intoId: string; tell: boolean; acrossOrganisations: boolean },
): Promise<string> {
  const { from, into } = await accessPair(context, fromId, input.intoId)
  const facts = await mergeFacts(context, from, into)
  refuseMerge(context, facts, input)
  const people = await carryPeople(
    context,
    from,
    into,
    facts.gainsCopies.map((one) => one.id),
  )
  const links = await carryLinks(context, from.id, into.id)
  const mergeId = await closeAsMerged(context, from, into, { people, ...links })
  const moved =
    await sql`update message set ticket_id = ${into.id}, merged_from_id = coalesce(merged_from_id, ${from.id}::bigint) where ticket_id = ${from.id}`.execute(
      context.db,
    )
  await followMessages(context, [from.id, into.id])
  // Whoever waited in either of them still waits, also where we wrote to the other in between.
  await sql`update ticket set waiting_since = least(${into.waiting_since?.toString() ?? null}::timestamptz, ${from.waiting_since?.toString() ?? null}::timestamptz, waiting_since),
      version = version + 1 where id = ${into.id} and meaning not in ('resolved', 'closed', 'cancelled')`.execute(context.db)
  const ids = { mergeId, fromId: from.id, intoId: into.id }
  const messages = Number(moved.numAffectedRows ?? 0n)
  await context.record({ type: 'ticket.merged', ...about(from), audience: 'everyone', data: { ...ids, messages, tell: input.tell } })
  await context.record({ type: 'ticket.took-over', ...about(into), audience: 'everyone', data: ids })
  return mergeId
}

/** Copies for its people as far as they may read the other ticket, and whoever follows it follows on. */
async function carryPeople(context: Context, from: Editable, into: Editable, copyIds: string[]): Promise<Before['people']> {
  const before = await sql<{ person_id: string }>`select person_id from ticket_person where ticket_id = ${into.id} and role = 'cc'`.execute(
    context.db,
  )
  await addCopies(context, into, copyIds)
  const after = await sql<{ person_id: string }>`select person_id from ticket_person where ticket_id = ${into.id} and role = 'cc'`.execute(
    context.db,
  )
  const had = new Set(before.rows.map((row) => row.person_id))
  const followers = await sql<{ person_id: string }>`insert into ticket_person (ticket_id, person_id, role, since)
    select ${into.id}, w.person_id, 'watcher', ${context.now.toString()}::timestamptz from ticket_person w, ticket t
    where w.ticket_id = ${from.id} and w.role = 'watcher' and t.id = ${into.id} and firstline.staff_sees(w.person_id, t) on conflict do nothing returning person_id`.execute(
    context.db,
  )
  return [
    ...after.rows.filter((row) => !had.has(row.person_id)).map((row) => ({ personId: row.person_id, role: 'cc' as const })),
    ...followers.rows.map((row) => ({ personId: row.person_id, role: 'watcher' as const })),
  ]
}

/** Its links become the other's, as far as they still say something; a second parent or a doubled link does not. */
async function carryLinks(context: Context, fromId: string, intoId: string): Promise<Pick<Before, 'links' | 'madeLinks'>> {
  const old = await sql<
    Before['links'][number]
  >`delete from ticket_link where ${fromId} in (from_id, to_id) returning from_id, to_id, kind, at::text as at, by_id`.execute(context.db)
  if (old.rows.length === 0) return { links: [], madeLinks: [] }
  const mine = (column: 'from_id' | 'to_id') =>
    sql`case when ${sql.ref(`o.${column}`)} = ${fromId} then ${intoId} else ${sql.ref(`o.${column}`)} end`
  const made = await sql<{ id: string }>`insert into ticket_link (from_id, to_id, kind, at, by_id)
    select n.from_id, n.to_id, n.kind, n.at, n.by_id from (select ${mine('from_id')} as from_id, ${mine('to_id')} as to_id, o.kind, o.at, o.by_id
      from jsonb_to_recordset(${JSON.stringify(old.rows)}::jsonb) as o (from_id bigint, to_id bigint, kind text, at timestamptz, by_id bigint)) n
    where n.from_id <> n.to_id and not exists (select 1 from ticket_link l where n.kind = 'related' and l.kind = 'related' and l.from_id = n.to_id and l.to_id = n.from_id)
    on conflict do nothing returning id`.execute(context.db)
  return { links: old.rows, madeLinks: made.rows.map((row) => row.id) }
}

async function closeAsMerged(
  context: Context,
  from: Editable,
  into: Editable,
  carried: Pick<Before, 'people' | 'links' | 'madeLinks'>,
): Promise<string> {
  const now = context.now.toString()
  const kept = await sql<{ id: string }>`insert into ticket_merge (from_id, into_id, at, by_id, before)
    select t.id, ${into.id}, ${now}, ${context.actor.id}::bigint, ${JSON.stringify(carried)}::jsonb || jsonb_build_object('statusId', t.status_id::text, 'meaning', t.meaning,
      'closedAt', t.closed_at, 'resolutionCode', t.resolution_code, 'revisitAt', t.revisit_at) from ticket t where t.id = ${from.id} returning id`.execute(
    context.db,
  )
  await sql`update ticket set merged_into_id = ${into.id}, status_id = s.id, meaning = s.meaning, closed_at = ${now}, resolution_code = 'duplicate', waiting_since = null,
      revisit_at = null, version = version + 1, changed_at = ${now}
    from (select id, meaning from status where meaning = 'closed' and archived_at is null order by position limit 1) s where ticket.id = ${from.id}`.execute(
    context.db,
  )
  return kept.rows[0]!.id
}

/** Each message goes back to its home, later ones of that thread too; what was written on the other ticket stays there. */
export async function undoMerge(context: Context, mergeId: string): Promise<string> {
  const { merge, from, holder } = await accessMerge(context, mergeId)
  const found = await sql<{ homes: string[] }>`select array(select firstline.merged_with(${from.id}))::text[] as homes`.execute(context.db)
  const homes = found.rows[0]?.homes ?? [from.id]
  await takeBackPeople(context, merge)
  await takeBackLinks(context, merge.before)
  await sql`update ticket_merge set undone_at = ${context.now.toString()}, undone_by_id = ${context.actor.id} where id = ${merge.id}`.execute(
    context.db,
  )
  await reopenAsBefore(context, merge)
  await sql`update message set ticket_id = ${from.id}, merged_from_id = nullif(merged_from_id, ${from.id}::bigint)
    where ticket_id = ${holder.id} and merged_from_id = any(${homes}::bigint[])`.execute(context.db)
  await followMessages(context, [from.id, holder.id])
  const ids = { mergeId: merge.id, fromId: from.id, intoId: holder.id }
  await context.record({ type: 'ticket.merge-undone', ...about(from), audience: 'everyone', data: { ...ids, homes } })
  await context.record({ type: 'ticket.gave-back', ...about(holder), audience: 'everyone', data: ids })
  return from.id
}

/** As it was; but what waited for its requester is open when they have written since. */
async function reopenAsBefore(context: Context, { id, from_id, before }: MergeRow): Promise<void> {
  const answered = sql`(t.was = 'waiting-requester' and exists (select 1 from message m, ticket_merge g where g.id = ${id} and m.merged_from_id = ${from_id} and m.direction = 'in' and m.at > g.at
    and m.automatic is null and m.bounce is null))`
  await sql`update ticket set merged_into_id = null, status_id = s.id, meaning = s.meaning, closed_at = ${before.closedAt}::timestamptz, resolution_code = ${before.resolutionCode},
      revisit_at = ${before.revisitAt}::timestamptz, version = version + 1, changed_at = ${context.now.toString()}
    from (select ${before.meaning}::text as was) t, lateral (select x.id, x.meaning from status x
      where x.archived_at is null and x.meaning = case when ${answered} then 'open' else t.was end order by x.id = ${before.statusId}::bigint desc, x.position limit 1) s
    where ticket.id = ${from_id}`.execute(context.db)
}

/** Whoever came with it goes with it, also from where the chain brought them since. */
async function takeBackPeople(context: Context, { from_id, before }: MergeRow): Promise<void> {
  if (before.people.length === 0) return
  await sql`with recursive chain (from_id, into_id, before, depth) as (
      select g.from_id, g.into_id, g.before, 1 from ticket_merge g where g.from_id = ${from_id} and g.undone_at is null
      union all select g.from_id, g.into_id, g.before, c.depth + 1 from chain c join ticket_merge g on g.from_id = c.into_id and g.undone_at is null where c.depth < 1000)
    delete from ticket_person tp using chain c, jsonb_to_recordset(c.before -> 'people') as p ("personId" bigint, role text)
    where tp.ticket_id = c.into_id and tp.person_id = p."personId" and tp.role = p.role
      and (tp.person_id, tp.role) in (select x."personId", x.role from jsonb_to_recordset(${JSON.stringify(before.people)}::jsonb) as x ("personId" bigint, role text))`.execute(
    context.db,
  )
}

async function takeBackLinks(context: Context, { links, madeLinks }: Before): Promise<void> {
  if (links.length === 0) return
  await sql`delete from ticket_link where id = any(${madeLinks}::bigint[])`.execute(context.db)
  await sql`insert into ticket_link (from_id, to_id, kind, at, by_id)
    select o.from_id, o.to_id, o.kind, o.at, o.by_id from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as o (from_id bigint, to_id bigint, kind text, at timestamptz, by_id bigint)
    join ticket a on a.id = o.from_id join ticket b on b.id = o.to_id on conflict do nothing`.execute(context.db)
}
