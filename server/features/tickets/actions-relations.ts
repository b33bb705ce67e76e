import { sql } from 'kysely'
import type { Relation } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { accessLink, accessOther, accessToLink, openBlockers } from './access-relations.ts'
import { addMessage } from './actions-converse.ts'
import { createTicket } from './actions-create.ts'
import { editTicket } from './actions-edit.ts'
import { type LinkKind, linkOf } from './rules-relations.ts'
import './events.ts'

/** Links between two tickets, each an event on both; and another kind of ticket. */
type Editable = Granted<TicketFacts, 'ticket.edit'>
type End = Pick<TicketFacts, 'id' | 'organisation_id'>
const about = (ticket: End) => ({ subject: { kind: 'ticket', id: ticket.id }, ticketId: ticket.id, organisationId: ticket.organisation_id })

export async function addLink(context: Context, ticket: Editable, input: { relation: Relation; ticketId: string }): Promise<void> {
  if (input.ticketId === ticket.id) throw invalid('ticketId', 'same', 'A ticket is not linked with itself. Choose another.')
  const other = await accessToLink(context, input.ticketId, 'ticketId')
  const { kind, forward } = linkOf(input.relation)
  await link(context, forward ? ticket : other, forward ? other : ticket, kind)
}

export async function link(context: Context, from: End, to: End, kind: LinkKind): Promise<void> {
  if (kind === 'child') await refuseParent(context, from.id, to.id)
  const made = await sql`insert into ticket_link (from_id, to_id, kind, at, by_id)
    select ${from.id}::bigint, ${to.id}::bigint, ${kind}, ${context.now.toString()}::timestamptz, ${context.actor.id}::bigint
    where ${kind !== 'related'} or not exists (select 1 from ticket_link l where l.from_id = ${to.id} and l.to_id = ${from.id} and l.kind = 'related')
    on conflict do nothing`.execute(context.db)
  if (made.numAffectedRows === 0n) throw new Problem('already_exists', 'These two tickets are linked like that already.')
  await recordLink(context, 'ticket.linked', from, to, kind)
}

/** One parent each, and nobody above themselves. */
async function refuseParent(context: Context, childId: string, parentId: string): Promise<void> {
  // Two links made at once could close a circle that neither of them sees.
  await sql`select pg_advisory_xact_lock(hashtextextended('ticket-parents', 11))`.execute(context.db)
  const found = await sql<{
    above: boolean
    parent: string | null
  }>`select exists (select 1 from firstline.ancestors(${parentId}) a where a = ${childId}) as above,
    (select l.to_id from ticket_link l where l.from_id = ${childId} and l.kind = 'child') as parent`.execute(context.db)
  const { above, parent } = found.rows[0] ?? { above: false, parent: null }
  if (above) throw invalid('ticketId', 'circle', `#${childId} stands above #${parentId} already. A ticket cannot be below itself.`)
  if (parent === parentId) throw new Problem('already_exists', 'These two tickets are linked like that already.')
  if (parent !== null) throw invalid('ticketId', 'has-parent', `#${childId} has a parent already. Take that link away first.`)
}

async function recordLink(context: Context, type: 'ticket.linked' | 'ticket.unlinked', from: End, to: End, kind: LinkKind): Promise<void> {
  await context.record({ type, ...about(from), audience: 'staff', data: { toId: to.id, kind } })
  await context.record({ type, ...about(to), audience: 'staff', data: { toId: from.id, kind } })
}

export async function removeLink(context: Context, ticket: Editable, linkId: string): Promise<void> {
  const { from_id, to_id, kind, id } = await accessLink(context, ticket, linkId)
  const other = await accessOther(context, from_id === ticket.id ? to_id : from_id, 'ticket.see', 'linkId')
  await sql`delete from ticket_link where id = ${id}`.execute(context.db)
  await recordLink(context, 'ticket.unlinked', from_id === ticket.id ? ticket : other, from_id === ticket.id ? other : ticket, kind)
}

/** "Blocks" is a warning: whoever resolves all the same says so. */
export async function refuseBlocked(context: Context, ticket: Editable): Promise<void> {
  const blockers = await openBlockers(context, ticket.id)
  if (blockers.length === 0) return
  const said = blockers.map((one) => `#${one.id}`).join(', ')
  throw new Problem('ticket_blocked', `Not finished yet, and it blocks this ticket: ${said}. Resolve all the same?`, {
    details: { blockers: blockers.map((one) => ({ id: one.id, number: Number(one.id), subject: one.subject })) },
  })
}

/** INC-10: the service request that an incident brings up, for the same person, and linked. */
export async function openLinked(
  context: Context,
  ticket: Editable,
  input: { kind: 'incident' | 'request'; relation: Relation; subject: string; body: string },
): Promise<string> {
  const id = await createTicket(context, {
    subject: input.subject,
    body: input.body,
    kind: input.kind,
    requesterId: ticket.requester_id,
    ...(ticket.on_behalf_of_id === null ? {} : { onBehalfOfId: ticket.on_behalf_of_id }),
  })
  const { kind, forward } = linkOf(input.relation)
  const end = { id, organisation_id: ticket.organisation_id }
  await link(context, forward ? ticket : end, forward ? end : ticket, kind)
  return id
}

/** Incident to request and back. What its fields demand of the other kind is asked by the edit itself. */
export async function convertTicket(
  context: Context,
  ticket: Editable,
  input: { kind: 'incident' | 'request'; reason: string },
): Promise<void> {
  if (ticket.kind === input.kind) throw invalid('kind', 'same', 'It is of this kind already.')
  await editTicket(context, ticket, { kind: input.kind })
  if (input.reason.trim() === '') return
  const { actor } = context
  await addMessage(context, await accessTicket(context, ticket.id, 'ticket.note'), {
    kind: 'note',
    direction: 'inside',
    audience: 'staff',
    authorId: actor.id,
    from: { name: actor.name, email: actor.email ?? '' },
    body: input.reason,
  })
}
