import { sql } from 'kysely'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Given } from '../fields/rules.ts'
import { refuseNoCategory, type TicketFacts } from './access.ts'
import { refuseMove, statusFor } from './access-statuses.ts'
import { ownFieldsAfter } from './actions-fields.ts'
import { insertMessage } from './actions-writing.ts'
import './events.ts'

type Editable = Granted<TicketFacts, 'ticket.edit'>

const about = (ticket: TicketFacts) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
})

/** Refuses an update of fields that somebody else changed meanwhile, and shows the present state. */
export async function refuseStale(ticket: TicketFacts, version: number, current: () => Promise<unknown>): Promise<void> {
  if (ticket.version !== version)
    throw new Problem('version_stale', 'Somebody changed this ticket meanwhile.', { details: { current: await current() } })
}

async function moveTo(context: Context, ticket: TicketFacts, meaning: Meaning, more: ReturnType<typeof sql> = sql``): Promise<void> {
  await sql`update ticket set status_id = s.id, meaning = s.meaning, version = version + 1, changed_at = ${context.now.toString()}${more}
    from (select id, meaning from status where meaning = ${meaning} and archived_at is null order by position limit 1) s where ticket.id = ${ticket.id}`.execute(
    context.db,
  )
}

/** With a code and a text; the text goes to the requester as the last answer when `tell` is on. */
export async function resolveTicket(
  context: Context,
  ticket: Editable,
  input: { code: string; text: string; tell: boolean; categoryId?: string | null | undefined; fields?: Given | undefined },
): Promise<void> {
  if (ticket.meaning === 'resolved') throw new Problem('status_move_refused', 'This ticket is resolved already.')
  const own = await refuseUnready(context, ticket, 'resolved', input.fields)
  if (input.categoryId) await refuseNoCategory(context, input.categoryId)
  const turnedOut = input.categoryId === undefined ? ticket.category_id : input.categoryId
  const at = context.now.toString()
  await moveTo(
    context,
    ticket,
    'resolved',
    sql`, resolved_at = ${at}, resolution_code = ${input.code}, resolution = ${input.text}, waiting_since = null, revisit_at = null,
    category_at_close_id = ${turnedOut}::bigint, fields = coalesce(${own ? JSON.stringify(own.values) : null}::jsonb, fields),
    assignee_id = coalesce(assignee_id, ${context.actor.rights.has('ticket.work') ? context.actor.id : null}::bigint)`,
  )
  if (own) await context.record({ type: 'ticket.changed', ...about(ticket), audience: 'staff', data: { changes: own.told } })
  await context.record({
    type: 'ticket.resolved',
    ...about(ticket),
    audience: 'everyone',
    data: {
      code: input.code,
      tell: input.tell,
      messageId: null,
      ...(turnedOut === null || turnedOut === ticket.category_id ? {} : { categoryId: turnedOut }),
    },
  })
}

/** Who moves it there by hand needs a role that may, and what is mandatory there filled. */
async function refuseUnready(context: Context, ticket: TicketFacts, meaning: Meaning, given?: Given) {
  const going = await statusFor(context, ticket, { meaning })
  refuseMove(ticket, going)
  return ownFieldsAfter(context, ticket, { given, entering: going.asks ? meaning : null })
}

export async function reopenTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.reopen'>, text: string): Promise<void> {
  const { actor } = context
  let messageId: string | null = null
  if (text.trim() !== '')
    messageId = await insertMessage(
      context,
      ticket,
      {
        kind: ticket.as_staff ? 'note' : 'portal',
        direction: ticket.as_staff ? 'inside' : 'in',
        audience: ticket.as_staff ? 'staff' : 'everyone',
        authorId: actor.id,
        from: { name: actor.name, email: actor.email ?? '' },
        body: text,
      },
      { meaning: null, waitingSince: null, firstAnswered: false },
    )
  if (ticket.as_staff) await refuseUnready(context, ticket, 'open')
  const waiting = ticket.as_staff ? null : context.now.toString()
  await moveTo(
    context,
    ticket,
    'open',
    sql`, resolved_at = null, resolution_code = null, resolution = null, category_at_close_id = null, reopened_count = reopened_count + 1, waiting_since = ${waiting}::timestamptz`,
  )
  await context.record({ type: 'ticket.reopened', ...about(ticket), audience: 'everyone', data: { messageId } })
}

export async function closeTicket(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.see'>,
  how: 'requester' | 'staff' | 'time',
): Promise<void> {
  if (ticket.meaning !== 'resolved') throw new Problem('status_move_refused', 'Only a resolved ticket can be closed.')
  if (how === 'staff') await refuseUnready(context, ticket, 'closed')
  await moveTo(context, ticket, 'closed', sql`, closed_at = ${context.now.toString()}`)
  await context.record({ type: 'ticket.closed', ...about(ticket), audience: 'everyone', data: { how } })
}

/** Spam is set aside at once and deleted for good after 30 days; until then it can be brought back. */
export async function removeTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.remove'>): Promise<void> {
  await sql`update ticket set deleted_at = ${context.now.toString()}, version = version + 1, waiting_since = null where id = ${ticket.id}`.execute(
    context.db,
  )
  await context.record({ type: 'ticket.removed', ...about(ticket), audience: 'staff', data: {} })
}
export async function bringBackTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.remove'>): Promise<void> {
  await sql`update ticket set deleted_at = null, version = version + 1 where id = ${ticket.id}`.execute(context.db)
  await context.record({ type: 'ticket.brought-back', ...about(ticket), audience: 'staff', data: {} })
}
