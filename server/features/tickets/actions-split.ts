import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import type { TicketFacts } from './access.ts'
import { personById } from './actions-create.ts'
import { followMessages, linkTickets } from './actions-joining.ts'
import { plainSubject } from './rules.ts'
import './events.ts'

/**
 * Some messages of a ticket become one of their own that continues it. Its requester is who wrote the first of them. The
 * messages keep their identity: what is answered to a moved one lands on the new ticket, what is answered to one that
 * stayed lands on the old (the mail feature moves what it knows of them by 'ticket.split').
 */
type Editable = Granted<TicketFacts, 'ticket.edit'>
type Chosen = {
  id: string
  author_id: string | null
  direction: string
  audience: string
  subject: string
  body: string
  by_staff: boolean
}
type Input = { messageIds: string[]; how: 'move' | 'copy'; subject?: string | undefined }

export async function splitTicket(context: Context, from: Editable, input: Input): Promise<string> {
  const wanted = [...new Set(input.messageIds)]
  const chosen = await chosenMessages(context, from, wanted)
  if (chosen.length !== wanted.length)
    throw invalid('messageIds', 'unknown', 'One of the messages is not on this ticket any more. Look again and choose anew.')
  if (input.how === 'move') await refuseNothingLeft(context, from, wanted)
  const asker = chosen.find((one) => one.direction === 'in' && one.author_id !== null && !one.by_staff)?.author_id ?? from.requester_id
  const subject = input.subject ?? (plainSubject(chosen.find((one) => one.subject !== '')?.subject ?? '') || from.subject)
  const to = await openPart(context, from, asker, subject, chosen)
  if (input.how === 'move')
    await sql`update message set ticket_id = ${to.id}, merged_from_id = null where id = any(${wanted}::bigint[]) and ticket_id = ${from.id}`.execute(
      context.db,
    )
  else await copyMessages(context, to.id, wanted)
  await followMessages(context, [from.id, to.id])
  await tellOfPart(context, from, to, subject, input.how, wanted)
  return to.id
}

async function chosenMessages(context: Context, from: Editable, ids: string[]): Promise<Chosen[]> {
  const found = await sql<Chosen>`select m.id, m.author_id, m.direction, m.audience, m.subject, m.body,
      exists (select 1 from role_grant g where g.person_id = m.author_id and g.role in ('agent', 'lead', 'manager', 'administrator')) as by_staff
    from message m where m.ticket_id = ${from.id} and m.id = any(${ids}::bigint[]) and m.withdrawn_at is null order by m.id for update of m`.execute(
    context.db,
  )
  return found.rows
}

async function refuseNothingLeft(context: Context, from: Editable, ids: string[]): Promise<void> {
  const left =
    await sql`select 1 from message where ticket_id = ${from.id} and not id = any(${ids}::bigint[]) and withdrawn_at is null limit 1`.execute(
      context.db,
    )
  if (left.rows.length === 0) throw invalid('messageIds', 'all', 'Leave at least one message on the ticket, or merge it instead.')
}

type Part = { id: string; organisation_id: string | null; requester_id: string; team_id: string | null; assignee_id: string | null }

/** With the old one's kind, priority, category, team and restriction, and its own fields where it is the same person's; nobody reads in it what they could not read before. */
async function openPart(context: Context, from: Editable, askerId: string, subject: string, chosen: Chosen[]): Promise<Part> {
  const asker = await personById(context, askerId, 'messageIds')
  const others = chosen.some((one) => one.audience === 'everyone' && one.author_id !== asker.id && !one.by_staff)
  if (askerId !== from.requester_id && asker.organisationId !== from.organisation_id && others)
    throw invalid(
      'messageIds',
      'across',
      `${asker.name} belongs to another organisation and would read what others wrote. Choose only their own messages.`,
    )
  const now = context.now.toString()
  const same = askerId === from.requester_id
  const made =
    await sql<Part>`insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, category_id, channel, requester_id, on_behalf_of_id,
      organisation_id, site_id, team_id, assignee_id, mailbox_id, language, tags, fields, category_at_open_id, created_by_id, created_at, changed_at, restricted_at)
    select t.kind, ${subject}, s.id, s.meaning, t.impact, t.urgency, t.priority, t.priority, t.category_id, t.channel, ${asker.id}::bigint,
      ${same ? from.on_behalf_of_id : null}::bigint, ${same ? from.organisation_id : asker.organisationId}::bigint, ${same ? from.site_id : asker.siteId}::bigint, t.team_id, t.assignee_id, t.mailbox_id,
      t.language, t.tags, ${same ? sql`t.fields` : sql`'{}'::jsonb`}, t.category_id, ${context.actor.id}::bigint, ${now}, ${now}, case when t.restricted_at is null then null else ${now}::timestamptz end
    from ticket t, (select id, meaning from status where meaning = ${from.assignee_id === null ? 'new' : 'open'} and archived_at is null order by position limit 1) s
    where t.id = ${from.id} returning id, organisation_id, requester_id, team_id, assignee_id`.execute(context.db)
  const part = made.rows[0]!
  if (from.restricted_at !== null)
    await sql`insert into ticket_restriction (ticket_id, person_id, team_id) select ${part.id}, person_id, team_id from ticket_restriction where ticket_id = ${from.id}`.execute(
      context.db,
    )
  return part
}

/** A copy is words only: no mail leaves for it, and what is answered to the original stays where that is. */
async function copyMessages(context: Context, toId: string, ids: string[]): Promise<void> {
  await sql`with o as (select m.*, nextval(pg_get_serial_sequence('message', 'id')) as new_id from (select * from message where id = any(${ids}::bigint[]) order by id) m),
    c as (insert into message (id, ticket_id, at, kind, direction, audience, author_id, from_name, from_address, recipients, subject, body, visible_body, html, automatic, unverified)
      overriding system value select new_id, ${toId}, at, kind, direction, audience, author_id, from_name, from_address, recipients, subject, body, visible_body, html, automatic, unverified from o)
    insert into attachment (message_id, name, media_type, size, sha256, content_id, shown_inline, created_at)
      select o.new_id, a.name, a.media_type, a.size, a.sha256, a.content_id, a.shown_inline, ${context.now.toString()}::timestamptz from attachment a join o on o.id = a.message_id`.execute(
    context.db,
  )
}

async function tellOfPart(
  context: Context,
  from: Editable,
  to: Part,
  subject: string,
  how: 'move' | 'copy',
  messageIds: string[],
): Promise<void> {
  const first = await sql<{
    id: string
    body: string
  }>`select id, body from message where ticket_id = ${to.id} order by id limit 1`.execute(context.db)
  const { id: messageId, body } = first.rows[0]!
  await context.record({
    type: 'ticket.created',
    subject: { kind: 'ticket', id: to.id },
    ticketId: to.id,
    organisationId: to.organisation_id,
    audience: 'everyone',
    data: {
      messageId,
      channel: 'api',
      kind: from.kind,
      priority: from.priority,
      teamId: to.team_id,
      acknowledge: false,
      inboundMailId: null,
    },
    carry: {
      subject,
      body,
      mailboxId: from.mailbox_id,
      categoryId: from.category_id,
      organisationId: to.organisation_id,
      teamId: to.team_id,
      requesterId: to.requester_id,
      assigneeId: to.assignee_id,
      restricted: from.restricted_at !== null,
    },
  })
  await context.record({
    type: 'ticket.split',
    subject: { kind: 'ticket', id: from.id },
    ticketId: from.id,
    organisationId: from.organisation_id,
    audience: 'everyone',
    data: { fromId: from.id, toId: to.id, messageIds, how },
  })
  await linkTickets(context, to, from.id, 'continues')
}
