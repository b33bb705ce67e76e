import { sql } from 'kysely'
import type { z } from 'zod'
import type { sides } from '../../../contract/sides.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { type GrantedSide, readSide } from './access.ts'
import { type Parties, refuseUnfitParties } from './actions-parties.ts'
import { filesFor, type KeptFile, writeOut } from './actions-writing.ts'
import { reminderText } from './rules.ts'
import './events.ts'

type Opening = z.output<(typeof sides)['POST /api/tickets/:id/sides']['body']>
type Writing = z.output<(typeof sides)['POST /api/sides/:id/messages']['body']>
type Change = z.output<(typeof sides)['PATCH /api/sides/:id']['body']>
type Ticket = Granted<TicketFacts, 'ticket.edit'>

const about = (ticket: TicketFacts, sideId: string) => ({
  subject: { kind: 'side', id: sideId },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

export async function openSide(context: Context, ticket: Ticket, input: Opening): Promise<string> {
  const parties = { to: input.to, cc: input.cc }
  await refuseUnfitParties(context, ticket, parties)
  const files = await filesFor(context, ticket.id, input)
  const made = await sql<{ id: string }>`insert into side (ticket_id, subject, reference, target_on, chase_at, created_at, created_by_id)
    values (${ticket.id}, ${input.subject}, ${input.reference}, ${input.targetOn}, ${input.chaseAt}, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await writeParties(context, id, parties)
  await writeOut(context, { id, ticket_id: ticket.id, subject: input.subject }, input.body, files)
  await context.record({ type: 'side.opened', ...about(ticket, id), data: { sideId: id } })
  if (input.wait) await letWait(context, ticket, id)
  return id
}

/** A name that is known of the address from before stays with it. */
async function writeParties(context: Context, sideId: string, { to, cc }: Parties): Promise<void> {
  const rows = [...to.map((address) => ({ address, field: 'to' })), ...cc.map((address) => ({ address, field: 'cc' }))]
  await sql`with gone as (delete from side_party where side_id = ${sideId} returning address, name)
    insert into side_party (side_id, address, name, field)
    select distinct on (x.address) ${sideId}::bigint, x.address, coalesce((select g.name from gone g where g.address = x.address),
      (select p.name from person p where p.email = x.address), ''), x.field
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (address citext, field text) order by x.address, x.field desc
    on conflict (side_id, address) do update set field = excluded.field`.execute(context.db)
}

export async function writeToSide(context: Context, side: GrantedSide, input: Writing): Promise<void> {
  await refuseBehind(context, side.id, input.seenMessageId)
  await refuseUnfitParties(context, side.ticket, await partiesOf(context, side.id))
  const files = await filesFor(context, side.ticket_id, input)
  const messageId = await writeOut(context, side, input.body, files)
  await context.record({ type: 'side.written', ...about(side.ticket, side.id), data: { sideId: side.id, messageId } })
  if (side.state === 'done') await reopenSide(context, side)
  if (input.wait) await letWait(context, side.ticket, side.id)
}

export async function remindSide(context: Context, side: GrantedSide, body: string | undefined, chaseAt: string | null): Promise<void> {
  await refuseUnfitParties(context, side.ticket, await partiesOf(context, side.id))
  const text = body ?? reminderText(context.actor.language === 'de' ? 'de' : 'en', side)
  const messageId = await writeOut(context, side, text, [] as KeptFile[], 'yes')
  await sql`update side set chase_at = ${chaseAt}::timestamptz, chased_at = null, version = version + 1 where id = ${side.id}`.execute(
    context.db,
  )
  await context.record({ type: 'side.reminded', ...about(side.ticket, side.id), data: { sideId: side.id, messageId } })
}

async function partiesOf(context: Context, sideId: string): Promise<Parties> {
  const found = await sql<{
    address: string
    field: 'to' | 'cc'
  }>`select address::text as address, field from side_party where side_id = ${sideId}`.execute(context.db)
  const of = (field: 'to' | 'cc') => found.rows.filter((row) => row.field === field).map((row) => row.address)
  return { to: of('to'), cc: of('cc') }
}

async function refuseBehind(context: Context, sideId: string, seen: string | null | undefined): Promise<void> {
  if (seen === undefined || seen === null) return
  const found = await sql<{
    id: string
  }>`select id from side_message where side_id = ${sideId} and id > ${seen} order by id desc limit 1`.execute(context.db)
  if (found.rows[0])
    throw new Problem('newer_message', 'There is a newer message. Read it, then send again.', {
      details: { lastMessageId: found.rows[0].id },
    })
}

/** The ticket waits for the vendor until they answer here. */
async function letWait(context: Context, ticket: Ticket, sideId: string): Promise<void> {
  const found = await sql<{
    id: string
  }>`select id from status where meaning = 'waiting-vendor' and archived_at is null order by position limit 1`.execute(context.db)
  if (!found.rows[0]) return
  await sql`update side set keeps_waiting = 'yes' where id = ${sideId}`.execute(context.db)
  if (ticket.meaning !== 'waiting-vendor') await editTicket(context, ticket, { statusId: found.rows[0].id })
}

const columnOf = { subject: 'subject', reference: 'reference', targetOn: 'target_on', chaseAt: 'chase_at' } as const

export async function changeSide(context: Context, side: GrantedSide, version: number, change: Change): Promise<void> {
  if (side.version !== version)
    throw new Problem('version_stale', 'Somebody changed this side conversation meanwhile.', {
      details: { current: await readSide(context, side.id) },
    })
  const fields = (Object.keys(columnOf) as (keyof typeof columnOf)[]).filter(
    (field) => change[field] !== undefined && change[field] !== side[columnOf[field]],
  )
  const sets = fields.map((field) => sql`${sql.ref(columnOf[field])} = ${change[field]}`)
  // Another day rings anew.
  if (fields.includes('chaseAt')) sets.push(sql`chased_at = null`)
  const people = change.to !== undefined || change.cc !== undefined
  if (people) {
    const before = await partiesOf(context, side.id)
    const parties = { to: change.to ?? before.to, cc: change.cc ?? before.cc }
    await refuseUnfitParties(context, side.ticket, parties)
    await writeParties(context, side.id, parties)
  }
  if (sets.length === 0 && !people) return
  await sql`update side set ${sql.join([sql`version = version + 1`, ...sets])} where id = ${side.id}`.execute(context.db)
  await context.record({
    type: 'side.changed',
    ...about(side.ticket, side.id),
    data: { sideId: side.id, fields: [...fields, ...(people ? ['people'] : [])] },
  })
}

export async function finishSide(context: Context, side: GrantedSide): Promise<void> {
  if (side.state === 'done') return
  await sql`update side set state = 'done', keeps_waiting = 'no', version = version + 1, done_at = ${context.now.toString()}, done_by_id = ${context.actor.id} where id = ${side.id}`.execute(
    context.db,
  )
  await context.record({ type: 'side.done', ...about(side.ticket, side.id), data: { sideId: side.id } })
}

export async function reopenSide(context: Context, side: GrantedSide): Promise<void> {
  if (side.state === 'open') return
  await sql`update side set state = 'open', version = version + 1, done_at = null, done_by_id = null where id = ${side.id}`.execute(
    context.db,
  )
  await context.record({ type: 'side.reopened', ...about(side.ticket, side.id), data: { sideId: side.id } })
}
