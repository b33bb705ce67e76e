import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { NewEvent } from '../../kernel/events.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessTicket } from '../tickets/access.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { keepFiles } from '../tickets/actions-writing.ts'
import { insertSideMessage } from './actions-writing.ts'
import './events.ts'

type Carried = NonNullable<NewEvent<'mail.for-side'>['carry']>

/**
 * A mail that belongs here. Of the other side it is their answer; of a colleague or of the requester, who had it in Cc or
 * passed on, it is kept for staff to read and answers nothing. None of it becomes a message of the ticket (B-030).
 */
export async function takeSideMail(context: Context, sideId: string, mail: Carried): Promise<void> {
  if (mail.files.length > 0) await keepFiles(context, mail.files)
  const messageId = await insertSideMessage(context, sideId, {
    ...mail,
    direction: mail.standing === 'party' || mail.standing === 'none' ? 'in' : 'inside',
  })
  const answers = mail.standing === 'party' && mail.automatic === null && mail.unverified === null
  const found = await sql<{ ticket_id: string; organisation_id: string | null; meaning: string; waited: boolean; others: boolean }>`
    with before as (select s.id, s.ticket_id, s.keeps_waiting from side s where s.id = ${sideId} for update)
    update side s set answered_at = case when ${answers} then ${context.now.toString()}::timestamptz else s.answered_at end,
      keeps_waiting = case when ${answers} then 'no' else s.keeps_waiting end,
      chase_at = case when ${answers} then null else s.chase_at end,
      state = case when ${answers} then 'open' else s.state end, done_at = case when ${answers} then null else s.done_at end,
      done_by_id = case when ${answers} then null else s.done_by_id end, version = s.version + case when ${answers} then 1 else 0 end
    from before b join ticket t on t.id = b.ticket_id where s.id = b.id
    returning s.ticket_id, t.organisation_id, t.meaning, b.keeps_waiting = 'yes' as waited,
      exists (select 1 from side o where o.ticket_id = s.ticket_id and o.id <> s.id and o.keeps_waiting = 'yes') as others`.execute(
    context.db,
  )
  const row = found.rows[0]!
  await context.record({
    type: 'side.answered',
    subject: { kind: 'side', id: sideId },
    ticketId: row.ticket_id,
    organisationId: row.organisation_id,
    audience: 'staff',
    data: { sideId, messageId, by: mail.standing },
  })
  if (answers && row.waited && !row.others && row.meaning === 'waiting-vendor') await comeBack(context, row.ticket_id)
}

/** The ticket waited for exactly this. Where its rules do not let it (a field is missing), it goes on waiting: the mail must not be lost over that. */
async function comeBack(context: Context, ticketId: string): Promise<void> {
  const found = await sql<{
    id: string
  }>`select id from status where meaning = 'open' and archived_at is null order by position limit 1`.execute(context.db)
  if (!found.rows[0]) return
  try {
    await editTicket(context, await accessTicket(context, ticketId, 'ticket.edit'), { statusId: found.rows[0].id })
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    context.kernel.log.error('a ticket did not come back from waiting', cause, { ticketId })
  }
}

/** Side conversations go with a merged ticket, and home again when that is undone. */
export async function carrySides(context: Context, fromId: string, intoId: string): Promise<void> {
  await sql`update side set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint) where ticket_id = ${fromId}`.execute(
    context.db,
  )
}

export async function bringSidesBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  await sql`update side set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
    where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}

/** Rings where the day of chasing has come and nobody has answered; each day once. */
export async function ringDueChases(context: Context): Promise<void> {
  const due = await sql<{ id: string; ticket_id: string; organisation_id: string | null }>`
    update side s set chased_at = ${context.now.toString()} from ticket t where t.id = s.ticket_id and s.state = 'open' and s.chased_at is null
      and s.chase_at <= ${context.now.toString()}::timestamptz and t.deleted_at is null returning s.id, s.ticket_id, t.organisation_id`.execute(
    context.db,
  )
  for (const row of due.rows)
    await context.record({
      type: 'side.chase-due',
      subject: { kind: 'side', id: row.id },
      ticketId: row.ticket_id,
      organisationId: row.organisation_id,
      audience: 'staff',
      data: { sideId: row.id },
    })
}
