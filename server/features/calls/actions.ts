import { sql } from 'kysely'
import type { z } from 'zod'
import type { calls } from '../../../contract/calls.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { addPerson } from '../people/actions-people.ts'
import { personByEmail } from '../people/actions-sender.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { createTicket } from '../tickets/actions-create.ts'
import { passTicket } from '../tickets/actions-edit.ts'
import { accessCall, type CallFacts } from './access.ts'
import { numberOf } from './access-callers.ts'
import { askCallBack } from './actions-backs.ts'
import './events.ts'

type Input = z.output<(typeof calls)['POST /api/calls']['body']>

/** A call written down: its person, its ticket by one of four endings, its row in the log, and a call-back if one was asked for. */
export async function logCall(context: Context, input: Input): Promise<{ callId: string; ticketId: string }> {
  const told = input.callId === undefined ? null : await accessCall(context, input.callId)
  const personId = await callerOf(context, input, told)
  const ticketId = input.ending === 'add' ? await addToTicket(context, input, told) : await openFor(context, input, personId!)
  const ticket = await accessTicket(context, ticketId, 'ticket.note')
  const callId = await keepCall(context, input, told, ticket)
  await context.record({
    type: 'call.logged',
    subject: { kind: 'ticket', id: ticketId },
    ticketId,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { callId, direction: told?.direction ?? 'in', ending: input.ending },
    carry: { severity: input.severity ?? null },
  })
  if (input.callBack) await askCallBack(context, await accessTicket(context, ticketId, 'ticket.edit'), input.callBack)
  return { callId, ticketId }
}

/** A new caller becomes a person with name and number; one whose address is known is that person. */
async function callerOf(context: Context, input: Input, told: Granted<CallFacts, 'call.log'> | null): Promise<string | null> {
  if (input.personId !== undefined) return input.personId
  if (input.newPerson === undefined) return null
  const { name, email, organisationId } = input.newPerson
  const known = email ? await personByEmail(context.db, email) : undefined
  if (known) return known.id
  const number = told?.number ?? (input.number === '' ? null : ((await numberOf(context, input.number)) ?? input.number))
  const phones = number === null ? [] : [{ kind: 'work' as const, number }]
  return addPerson(context, { name, email, phones, ...(organisationId === undefined ? {} : { organisationId }) })
}

async function openFor(context: Context, input: Input, personId: string): Promise<string> {
  const kept = input.ending === 'keep' || input.ending === 'solve'
  const ticketId = await createTicket(context, {
    subject: input.subject,
    body: input.ending === 'send' || input.text.trim() === '' ? input.subject : input.text,
    requesterId: personId,
    channel: 'phone',
    acknowledge: false,
    fields: input.fields,
    ...(input.categoryId === null ? {} : { categoryId: input.categoryId }),
    ...(kept && context.actor.id !== null ? { assigneeId: context.actor.id } : {}),
    ...(input.ending === 'solve' ? { resolve: { code: input.code, text: input.text } } : {}),
  })
  if (input.ending === 'send')
    await passTicket(context, await accessTicket(context, ticketId, 'ticket.edit'), {
      teamId: input.teamId!,
      assigneeId: input.assigneeId,
      note: input.text,
      parts: input.parts,
    })
  return ticketId
}

async function addToTicket(context: Context, input: Input, told: Granted<CallFacts, 'call.log'> | null): Promise<string> {
  const ticket = await accessTicket(context, input.ticketId!, 'ticket.reply')
  const { actor } = context
  const text = [input.subject, input.text].filter((part) => part.trim() !== '').join('\n\n')
  await addMessage(context, ticket, {
    kind: 'phone',
    direction: told?.direction ?? 'in',
    audience: 'everyone',
    authorId: actor.id,
    from: { name: actor.name, email: actor.email ?? '' },
    subject: ticket.subject,
    body: text,
  })
  return ticket.id
}

async function keepCall(context: Context, input: Input, told: Granted<CallFacts, 'call.log'> | null, ticket: TicketFacts): Promise<string> {
  const at = context.now.toString()
  const me = context.actor.id
  if (told) {
    await sql`update call set ticket_id = ${ticket.id}, person_id = ${ticket.requester_id}, agent_id = coalesce(agent_id, ${me}::bigint), ending = ${input.ending},
      settled_at = ${at}, settled_by_id = ${me} where id = ${told.id}`.execute(context.db)
    return told.id
  }
  const made = await sql<{
    id: string
  }>`insert into call (direction, state, number, person_id, agent_id, ticket_id, started_at, answered_at, ended_at, settled_at, settled_by_id, ending)
    values ('in', 'ended', ${input.number === '' ? null : await numberOf(context, input.number)}, ${ticket.requester_id}, ${me}, ${ticket.id}, ${at}, ${at}, ${at}, ${at}, ${me}, ${input.ending}) returning id`.execute(
    context.db,
  )
  return made.rows[0]!.id
}

/** A missed one that was seen to: called back by hand, or not worth it. */
export async function settleCall(context: Context, call: Granted<CallFacts, 'call.log'>): Promise<void> {
  if (call.settled) return
  await sql`update call set settled_at = ${context.now.toString()}, settled_by_id = ${context.actor.id} where id = ${call.id}`.execute(
    context.db,
  )
  await context.record({ type: 'call.changed', subject: { kind: 'call', id: call.id }, audience: 'staff', data: { state: 'settled' } })
}
