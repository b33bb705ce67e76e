import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { openTicket, personById } from '../tickets/actions-create.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { reopenTicket, resolveTicket } from '../tickets/actions-life.ts'
import { link } from '../tickets/actions-relations.ts'
import { insertMessage, type NewMessage } from '../tickets/actions-writing.ts'
import { isTouched, lonelyTickets, type Row, type Storm, type Teller, ticketNow } from './access-folding.ts'
import { gravityOf } from './rules.ts'
import { bodyFor, clearedText, repeatedLine, returnedText, type Speech, stormBody, stormSubject, subjectFor } from './words.ts'

/** What alerts do to tickets. A ticket that a person touched is told, never resolved. */
export type Desk = { context: Context; source: Teller; speech: Speech }

async function newTicket({ context, source, speech }: Desk, subject: string, body: string, priority: number): Promise<string> {
  const asker = await personById(context, source.person_id, 'personId')
  const made = await openTicket(
    context,
    {
      kind: 'incident',
      subject,
      ...gravityOf(priority),
      categoryId: null,
      channel: 'monitoring',
      requesterId: asker.id,
      onBehalfOfId: null,
      organisationId: source.organisation_id,
      siteId: source.site_id,
      teamId: source.team_id,
      assigneeId: null,
      mailboxId: null,
      language: speech.language,
      tags: [],
      acknowledge: false,
    },
    { kind: 'api', direction: 'in', audience: 'everyone', authorId: asker.id, from: { name: asker.name, email: '' }, body },
  )
  return made.id
}

export const priorityFor = (source: Teller, { severity }: Pick<Row, 'severity'>): number => source.priorities[severity] ?? 3

/** The ticket of one alert; linked with the one in which the same was worked on before. */
export async function ticketFor(desk: Desk, row: Row, before: string | null): Promise<string> {
  const { context, source, speech } = desk
  const id = await newTicket(desk, subjectFor(row), bodyFor(speech, row, source.name), priorityFor(source, row))
  const earlier = before === null ? undefined : await ticketNow(context, before)
  if (before !== null && earlier && !earlier.gone)
    await link(
      context,
      { id, organisation_id: source.organisation_id },
      { id: before, organisation_id: source.organisation_id },
      'continues',
    )
  return id
}

/** One ticket for many; what was opened one by one shortly before becomes its parts. */
export async function stormFor(desk: Desk, row: Row, lonely: readonly string[]): Promise<Storm> {
  const { context, source, speech } = desk
  const priority = priorityFor(source, row)
  const ticketId = await newTicket(desk, stormSubject(speech, source.name), stormBody(speech, source.name), priority)
  for (const id of new Set([...(await lonelyTickets(context, source.id)), ...lonely])) {
    try {
      await link(
        context,
        { id, organisation_id: source.organisation_id },
        { id: ticketId, organisation_id: source.organisation_id },
        'child',
      )
    } catch (cause) {
      // It has a parent already, given by hand: that one stays.
      if (!(cause instanceof Problem)) throw cause
    }
  }
  const at = context.now.toString()
  const made = await sql<{ id: string }>`insert into alert_storm (source_id, ticket_id, began_at, last_at)
    values (${source.id}, ${ticketId}, ${at}, ${at}) returning id`.execute(context.db)
  return { id: made.rows[0]!.id, ticketId, priority }
}

export async function raiseStorm({ context, source }: Desk, storm: Storm, row: Row): Promise<void> {
  const priority = priorityFor(source, row)
  if (priority >= storm.priority) return
  storm.priority = priority
  await editTicket(context, await accessTicket(context, storm.ticketId, 'ticket.edit'), gravityOf(priority))
}

const inside = ({ source }: Desk, body: string): NewMessage => ({
  kind: 'note',
  direction: 'inside',
  audience: 'staff',
  authorId: null,
  from: { name: source.name, email: '' },
  body,
})

export async function tellReturn(desk: Desk, ticketId: string): Promise<void> {
  const { context, speech } = desk
  const ticket = await ticketNow(context, ticketId)
  if (!ticket || ticket.gone || ticket.meaning === 'closed') return
  const text = returnedText(speech, context.now)
  if (ticket.meaning === 'resolved') await reopenTicket(context, await accessTicket(context, ticketId, 'ticket.reopen'), text)
  else await addMessage(context, await accessTicket(context, ticketId, 'ticket.note'), inside(desk, text))
}

export async function tellCleared(desk: Desk, ticketId: string): Promise<void> {
  const { context, source, speech } = desk
  const ticket = await ticketNow(context, ticketId)
  if (!ticket || ticket.gone || ['resolved', 'closed', 'cancelled'].includes(ticket.meaning)) return
  const text = clearedText(speech, context.now)
  if (source.resolves === 'no' || (await isTouched(context, ticketId)))
    await addMessage(context, await accessTicket(context, ticketId, 'ticket.note'), inside(desk, text))
  else await resolveTicket(context, await accessTicket(context, ticketId, 'ticket.edit'), { code: 'no-fault', text, tell: false })
}

/** The one line that counts: written at the first repeat, changed from then on; nobody is told of it. */
export async function keepLines(desk: Desk, rows: readonly Row[]): Promise<void> {
  const { context, speech } = desk
  const changed: { id: string; body: string }[] = []
  for (const row of rows) {
    if (row.ticketId === null || row.stand !== 'working') continue
    const body = repeatedLine(speech, row.count, Temporal.Instant.fromEpochMilliseconds(row.last))
    if (row.lineId !== null) changed.push({ id: row.lineId, body })
    else {
      const ticket = await accessTicket(context, row.ticketId, 'ticket.note')
      const touch = { meaning: null, waitingSince: ticket.waiting_since?.toString() ?? null, firstAnswered: false }
      row.lineId = await insertMessage(context, ticket, inside(desk, body), touch)
    }
  }
  if (changed.length === 0) return
  await sql`update message m set body = x.body, visible_body = x.body from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as x (id bigint, body text)
    where m.id = x.id`.execute(context.db)
}
