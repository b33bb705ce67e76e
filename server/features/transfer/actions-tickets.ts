import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { companySettings } from '../company/access.ts'
import { indexMessages, indexTicket } from '../search/actions.ts'
import { accessTicket } from '../tickets/access.ts'
import { insertMessage, insertTicket, type NewMessage } from '../tickets/actions-writing.ts'
import '../tickets/events.ts'
import { isFinished } from '../tickets/rules.ts'
import { categoryByName, knownId, knownMessages, type PersonPlace, placeOfPerson } from './access-known.ts'
import { countOne, keepRef, organisationId, personId, requesterId, teamId, type World } from './actions-world.ts'
import './events.ts'
import type { MessageRecord, TicketRecord } from './records.ts'

/**
 * A ticket of another desk with its conversation, its files and its times: written as it was, without the steps between,
 * so that it is neither routed nor reopened and nobody hears of it. Known already: only messages that are new are added.
 */
export async function importTicket(world: World, record: TicketRecord, filesToRead: string[]): Promise<void> {
  const known = await knownId(world, 'ticket', record.externalId)
  if (known !== undefined) return catchUp(world, known, record, filesToRead)
  const requester = await requesterId(world, record.requester)
  const organisation = await organisationId(world, record.organisation)
  const team = await teamId(world, record.team)
  // The dry run goes no further: a ticket's number would be used up for nothing.
  if (world.dry || requester === undefined) {
    countOne(world, 'tickets', 'added')
    return countOne(world, 'messages', 'added', record.messages.length)
  }
  const asker = await placeOfPerson(world.context, requester)
  if (!asker) throw new Error('The requester is gone.')
  const id = await writeTicket(world, record, { asker, organisation, team }, filesToRead)
  await keepRef(world, 'ticket', record.externalId, id)
  countOne(world, 'tickets', 'added')
}

type Places = { asker: PersonPlace; organisation: string | null; team: string | null }

async function writeTicket(
  world: World,
  record: TicketRecord,
  { asker, organisation, team }: Places,
  filesToRead: string[],
): Promise<string> {
  const past = pastOf(world)
  const createdAt = past(record.createdAt)
  const context = world.at(createdAt)
  const times = await timesOf(world, record, createdAt)
  const category = record.category === null ? undefined : await categoryByName(context, record.category)
  // What has no place here stays findable: the old number, and a category that nobody knows.
  const tags = [
    ...(record.number === '' ? [] : [`#${record.number}`]),
    ...record.tags,
    ...(record.category !== null && category === undefined ? [record.category.slice(0, 50)] : []),
  ]
  const assignee = await personId(world, record.assignee)
  const [first = emptyMessage(record), ...rest] = inOrder(record.messages)
  const made = await insertTicket(
    context,
    {
      kind: record.kind,
      subject: record.subject,
      meaning: times.meaning,
      impact: record.impact,
      urgency: record.urgency,
      priority: record.priority,
      categoryId: category ?? null,
      channel: record.channel,
      requesterId: asker.id,
      onBehalfOfId: null,
      organisationId: organisation ?? asker.organisationId,
      siteId: organisation === null || organisation === asker.organisationId ? asker.siteId : null,
      teamId: team,
      assigneeId: assignee !== undefined && (await placeOfPerson(context, assignee))?.staff === true ? assignee : null,
      mailboxId: null,
      language: asker.language,
      tags: [...new Set(tags)],
      waiting: false,
    },
    await messageOf(world, first, asker),
  )
  await context.record({
    type: 'ticket.created',
    ...about(made.id, organisation ?? asker.organisationId),
    audience: 'everyone',
    data: {
      messageId: made.messageId,
      channel: record.channel,
      kind: record.kind,
      priority: record.priority,
      teamId: team,
      acknowledge: false,
      inboundMailId: null,
    },
  })
  await settleMessage(world, made.id, made.messageId, first, filesToRead)
  for (const message of rest) await addOld(world, made.id, message, asker, filesToRead)
  await settleTicket(world, made.id, organisation ?? asker.organisationId, record, times)
  return made.id
}

const about = (id: string, organisationId: string | null) => ({ subject: { kind: 'ticket', id }, ticketId: id, organisationId })
/** Clocks of other machines run ahead: nothing is written in the future. */
const pastOf = (world: World) => (at: Instant) => (at.epochMilliseconds > world.context.now.epochMilliseconds ? world.context.now : at)
const inOrder = (messages: MessageRecord[]) => [...messages].sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
const emptyMessage = (record: TicketRecord): MessageRecord => ({
  externalId: `${record.externalId}/0`,
  at: record.createdAt,
  kind: 'api',
  side: 'in',
  author: record.requester,
  from: { name: '', email: '' },
  to: [],
  cc: [],
  subject: '',
  body: record.subject,
  html: null,
  messageId: null,
  files: [],
})

async function messageOf(world: World, message: MessageRecord, asker: PersonPlace): Promise<NewMessage> {
  const author = (await personId(world, message.author)) ?? (message.side === 'in' ? asker.id : null)
  const writer = author === null ? undefined : author === asker.id ? asker : await placeOfPerson(world.context, author)
  return {
    kind: message.side === 'inside' ? 'note' : message.kind,
    direction: message.side,
    audience: message.side === 'inside' ? 'staff' : 'everyone',
    authorId: author,
    from: { name: message.from.name || writer?.name || '', email: message.from.email || writer?.email || '' },
    to: message.to,
    cc: message.cc,
    subject: message.subject,
    body: message.body,
    html: message.html,
    at: pastOf(world)(message.at).toString(),
    files: message.files.map(({ contentId, ...file }) => ({ ...file, ...(contentId === null ? {} : { contentId }) })),
  }
}

async function addOld(world: World, ticketId: string, message: MessageRecord, asker: PersonPlace, filesToRead: string[]): Promise<void> {
  const context = world.at(pastOf(world)(message.at))
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  const id = await insertMessage(context, ticket, await messageOf(world, message, asker), {
    meaning: null,
    waitingSince: ticket.waiting_since?.toString() ?? null,
    firstAnswered: message.side === 'out',
  })
  await context.record({
    type: 'ticket.replied',
    subject: { kind: 'message', id },
    ticketId,
    organisationId: ticket.organisation_id,
    audience: message.side === 'inside' ? 'staff' : 'everyone',
    data: {
      messageId: id,
      direction: message.side,
      internal: message.side === 'inside',
      kind: message.kind,
      inboundMailId: null,
      undoUntil: null,
    },
  })
  await settleMessage(world, ticketId, id, message, filesToRead)
}

async function settleMessage(
  world: World,
  ticketId: string,
  messageId: string,
  message: MessageRecord,
  filesToRead: string[],
): Promise<void> {
  await keepRef(world, 'message', message.externalId, ticketId)
  // So that an answer to an old mail finds its ticket.
  if (message.messageId !== null)
    await sql`insert into known_message (message_id, ticket_id, created_message_id, ours, at)
      values (${message.messageId}, ${ticketId}, ${messageId}, 'no', ${world.context.now.toString()}) on conflict do nothing`.execute(
      world.context.db,
    )
  if (message.files.length > 0) filesToRead.push(messageId)
  countOne(world, 'messages', 'added')
  countOne(world, 'files', 'added', message.files.length)
}

type Times = { meaning: TicketRecord['meaning']; resolvedAt: Instant | null; closedAt: Instant | null }

/** Resolved longer ago than a desk waits: it comes closed, or the nightly job would close it and ask for its survey. */
async function timesOf(world: World, record: TicketRecord, createdAt: Instant): Promise<Times> {
  const past = pastOf(world)
  if (!isFinished(record.meaning)) return { meaning: record.meaning, resolvedAt: null, closedAt: null }
  const last = record.messages.reduce((latest, { at }) => (at.epochMilliseconds > latest.epochMilliseconds ? at : latest), createdAt)
  const resolvedAt = past(record.resolvedAt ?? record.closedAt ?? last)
  if (record.meaning === 'cancelled') return { meaning: 'cancelled', resolvedAt: null, closedAt: null }
  if (record.meaning === 'closed') return { meaning: 'closed', resolvedAt, closedAt: past(record.closedAt ?? resolvedAt) }
  const closes = resolvedAt.add({ hours: 24 * (await companySettings(world.context.db)).closeAfterDays })
  return closes.epochMilliseconds > world.context.now.epochMilliseconds
    ? { meaning: 'resolved', resolvedAt, closedAt: null }
    : { meaning: 'closed', resolvedAt, closedAt: closes }
}

async function settleTicket(
  world: World,
  id: string,
  organisation: string | null,
  record: TicketRecord,
  { meaning, resolvedAt, closedAt }: Times,
): Promise<void> {
  const open = !isFinished(meaning)
  await sql`update ticket t set resolved_at = ${resolvedAt?.toString() ?? null}::timestamptz, closed_at = ${closedAt?.toString() ?? null}::timestamptz,
      resolution = ${resolvedAt === null ? null : record.resolution}::text, resolution_code = ${resolvedAt === null ? null : 'solved'}::text,
      changed_at = greatest(t.last_message_at, t.created_at, ${(closedAt ?? resolvedAt ?? world.at(record.createdAt).now).toString()}::timestamptz),
      waiting_since = case when ${open} then (select min(m.at) from message m where m.ticket_id = t.id and m.direction = 'in'
        and m.id > coalesce((select max(o.id) from message o where o.ticket_id = t.id and o.direction = 'out'), 0)) end,
      last_message_at = (select l.at from message l where l.id = t.last_message_id)
    where t.id = ${id}`.execute(world.context.db)
  if (resolvedAt !== null)
    await world.at(resolvedAt).record({
      type: 'ticket.resolved',
      ...about(id, organisation),
      audience: 'everyone',
      data: { code: 'solved', tell: true, messageId: null },
    })
  if (closedAt !== null)
    await world.at(closedAt).record({ type: 'ticket.closed', ...about(id, organisation), audience: 'everyone', data: { how: 'staff' } })
  await world.context.record({
    type: 'ticket.imported',
    ...about(id, organisation),
    audience: 'staff',
    data: { runId: world.run.id, source: world.run.source },
  })
  await indexAll(world.context, id)
}

async function indexAll(context: Context, ticketId: string): Promise<void> {
  await indexTicket(context, ticketId)
  await indexMessages(context, ticketId, null)
}

/** Imported before: what was written there since is added; what was done to it here stays. */
async function catchUp(world: World, id: string, record: TicketRecord, filesToRead: string[]): Promise<void> {
  const known = await knownMessages(
    world,
    record.messages.map(({ externalId }) => externalId),
  )
  const fresh = inOrder(record.messages).filter(({ externalId }) => !known.has(externalId))
  if (fresh.length === 0 || world.dry) return countOne(world, 'tickets', 'skipped')
  const asker = await sql<{ id: string }>`select requester_id as id from ticket where id = ${id}`.execute(world.context.db)
  const place = await placeOfPerson(world.context, asker.rows[0]?.id ?? '0')
  if (!place) return countOne(world, 'tickets', 'skipped')
  for (const message of fresh) await addOld(world, id, message, place, filesToRead)
  await indexAll(world.context, id)
  countOne(world, 'tickets', 'changed')
}

export const readFilesLater = (messageIds: string[]) => messageIds.map((messageId) => job('search.files', { messageId }, { priority: 10 }))
