import { sql } from 'kysely'
import type { z } from 'zod'
import type { tickets } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, notAllowed } from '../../kernel/problem.ts'
import { judgedFields } from '../fields/actions-values.ts'
import type { Given } from '../fields/rules.ts'
import { personOfSender, type Sender } from '../people/actions-sender.ts'
import { accessTicket, refuseNoCategory } from './access.ts'
import { setCopies } from './actions-care.ts'
import { resolveTicket } from './actions-life.ts'
import { insertTicket, type Made, type NewMessage, type NewTicket } from './actions-writing.ts'
import { impactOf, plainSubject, priorityOf, urgencyOf } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof tickets)['POST /api/tickets']['body']>
export type Asker = {
  id: string
  name: string
  email: string | null
  organisationId: string | null
  siteId: string | null
  language: string
  specialHandling: string
}

/** Opens a ticket from any channel: writes it with its first message and tells the rest of the product. */
export async function openTicket(
  context: Context,
  input: Omit<NewTicket, 'priority' | 'waiting' | 'meaning'> & { acknowledge: boolean },
  message: NewMessage,
): Promise<Made> {
  const { acknowledge, ...fields } = input
  const ticket: NewTicket = {
    ...fields,
    subject: plainSubject(fields.subject) || '…',
    meaning: 'new',
    priority: priorityOf(fields.impact, fields.urgency),
    waiting: message.direction === 'in',
  }
  const made = await insertTicket(context, ticket, message)
  await context.record({
    type: 'ticket.created',
    subject: { kind: 'ticket', id: made.id },
    ticketId: made.id,
    organisationId: ticket.organisationId,
    audience: 'everyone',
    data: {
      messageId: made.messageId,
      channel: ticket.channel,
      kind: ticket.kind,
      priority: ticket.priority,
      teamId: ticket.teamId,
      acknowledge: acknowledge && !message.automatic,
      inboundMailId: message.inboundMailId ?? null,
    },
    carry: {
      subject: ticket.subject,
      body: message.body,
      mailboxId: ticket.mailboxId,
      categoryId: ticket.categoryId,
      organisationId: ticket.organisationId,
      teamId: ticket.teamId,
      requesterId: ticket.requesterId,
      assigneeId: ticket.assigneeId,
      restricted: false,
    },
  })
  return made
}

/**
 * POST /api/tickets: staff for anybody they see, a requester for themself only. What is mandatory from the start is asked
 * where a form asks for own fields; who takes a call is not held up by it.
 */
export async function createTicket(context: Context, input: Input, asks: 'all' | 'given' = 'given'): Promise<string> {
  const staff = context.actor.rights.has('ticket.work')
  if (!staff) refuseStaffFields(input)
  const asker = staff ? await askerOf(context, input) : await personById(context, context.actor.id ?? '', 'requester')
  const behalf = staff && input.onBehalfOfId !== undefined ? await personById(context, input.onBehalfOfId, 'onBehalfOfId') : null
  const forWhom = behalf ?? asker
  if (input.siteId) await refuseUnseenSite(context, input.siteId)
  if (input.assigneeId) await refuseNoStaff(context, input.assigneeId)
  if (input.categoryId) await refuseNoCategory(context, input.categoryId)
  const asked = (given: Given) =>
    judgedFields(context, {
      ticket: { kind: input.kind ?? 'incident', categoryId: input.categoryId ?? null },
      before: {},
      given,
      by: staff ? 'staff' : 'requester',
      entering: asks === 'all' ? 'new' : null,
    })
  const own = input.fields && (await asked(input.fields))
  const channel = staff ? (input.channel ?? 'api') : context.actor.tokenId === null ? 'portal' : 'api'
  const made = await openTicket(
    context,
    {
      kind: input.kind ?? 'incident',
      subject: input.subject,
      impact: input.impact ?? impactOf[input.affected ?? 'me'],
      urgency: input.urgency ?? urgencyOf[input.canWork ?? 'yes'],
      categoryId: input.categoryId ?? null,
      channel,
      requesterId: asker.id,
      onBehalfOfId: behalf?.id ?? null,
      organisationId: forWhom.organisationId,
      siteId: input.siteId ?? forWhom.siteId,
      teamId: input.teamId ?? null,
      assigneeId: input.assigneeId ?? null,
      mailboxId: input.mailboxId ?? null,
      language: input.language ?? asker.language,
      tags: input.tags ?? [],
      ...(own ? { fields: own.values } : {}),
      acknowledge: input.acknowledge !== false && input.resolve === undefined,
    },
    firstMessage(input, asker, channel, staff),
  )
  // Asked only where there is something to ask: most desks have no such field, and need no further query.
  if (asks === 'all' && made.asks && !own) await asked({})
  if (staff && input.cc?.length) await setCopies(context, await accessTicket(context, made.id, 'ticket.edit'), input.cc)
  if (staff && input.resolve)
    await resolveTicket(context, await accessTicket(context, made.id, 'ticket.edit'), { ...input.resolve, tell: false })
  return made.id
}

function firstMessage(input: Input, asker: Asker, channel: string, staff: boolean): NewMessage {
  const kind = channel === 'phone' || channel === 'counter' || channel === 'portal' ? channel : 'api'
  return {
    kind,
    direction: 'in',
    audience: 'everyone',
    authorId: staff && kind === 'phone' ? asker.id : asker.id,
    from: { name: asker.name, email: asker.email ?? '' },
    subject: input.subject,
    body: input.body,
    ...(input.uploadIds ? { uploadIds: input.uploadIds } : {}),
  }
}

/** E-059: what only staff may set is refused by name, not silently dropped. */
function refuseStaffFields(input: Input): void {
  const theirs = [
    'requester',
    'requesterId',
    'onBehalfOfId',
    'teamId',
    'assigneeId',
    'mailboxId',
    'impact',
    'urgency',
    'categoryId',
    'tags',
    'cc',
    'resolve',
    'channel',
    'acknowledge',
  ] as const
  const set = theirs.filter((field) => input[field] !== undefined)
  if (set.length > 0) throw notAllowed(`Only staff may set: ${set.join(', ')}.`)
}

async function askerOf(context: Context, input: Input): Promise<Asker> {
  if (input.requesterId !== undefined) return personById(context, input.requesterId, 'requesterId')
  if (input.requester !== undefined) {
    const sender: Sender = { email: input.requester.email, name: input.requester.name, language: input.language ?? null }
    return personById(context, (await personOfSender(context, sender)).id, 'requester')
  }
  if (context.actor.id === null) throw invalid('requester', 'missing', 'Say who asks.')
  return personById(context, context.actor.id, 'requesterId')
}

/** Read under row-level security: a person one may not see does not exist. */
export async function personById(context: Context, id: string, field: string): Promise<Asker> {
  const found = await sql<Asker>`select id, name, email::text as email, organisation_id as "organisationId", site_id as "siteId", language,
    special_handling as "specialHandling" from person where id = ${id} and archived_at is null`.execute(context.db)
  if (!found.rows[0]) throw invalid(field, 'unknown', 'This person does not exist.')
  return found.rows[0]
}

/** Likewise of sites: those of other customers do not exist (E-059). */
export async function refuseUnseenSite(context: Context, id: string): Promise<void> {
  const found = await sql`select 1 from site where id = ${id}`.execute(context.db)
  if (found.rows.length === 0) throw invalid('siteId', 'unknown', 'This site does not exist. Choose another.')
}

/** What lies with a team that is gone is in nobody's list. */
export async function refuseNoTeam(context: Context, id: string): Promise<void> {
  // What is written afterwards went to teams that were there then.
  if (context.past) return
  const found = await sql`select 1 from team where id = ${id} and archived_at is null`.execute(context.db)
  if (found.rows.length === 0) throw invalid('teamId', 'unknown', 'This team does not exist any more. Choose another.')
}

export async function refuseNoStaff(context: Context, id: string): Promise<void> {
  const found =
    await sql`select 1 from person p join role_grant g on g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')
    where p.id = ${id} and p.archived_at is null limit 1`.execute(context.db)
  if (found.rows.length === 0) throw invalid('assigneeId', 'unknown', 'Only somebody of the staff can be given a ticket.')
}
