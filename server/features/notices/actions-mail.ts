import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { deskFacts } from '../mail/access-letters.ts'
import { mailNotice } from '../mail/actions-letters.ts'
import { enqueueMail } from '../mail/actions-outbox.ts'
import { type DueRow, dueNotices } from './access-due.ts'
import { type DueNotice, isForColleagues, mostMails, noticeLetter, onePerTicket } from './rules.ts'
import { mailNow } from './rules-choices.ts'
import { deskMatter } from './rules-desk.ts'

/**
 * Mails what stayed unread to those who chose that: at once, at the full hour, once a day, and never in their quiet
 * hours. What is due is taken and marked in one transaction, so two workers never mail it twice; what may no longer be
 * seen is marked and not mailed. After a standstill everything that was missed is one mail (FT-49).
 */
export async function mailDueNotices(context: Context, most = mostMails): Promise<void> {
  const due = await dueNotices(context, 'mail')
  if (due.length === 0) return
  const going: DueRow[] = []
  const done: string[] = []
  const off: string[] = []
  const waiting: { id: string; until: string; why: string }[] = []
  for (const row of due) {
    const next = row.seen && row.email !== null ? mailNow(row, row.chosen, context.now) : 'unseen'
    if (next === 'unseen') done.push(row.id)
    else if (next === 'off') off.push(row.id)
    else if (next !== 'send') waiting.push({ id: row.id, until: next.until.toString(), why: next.why })
    else if (row.lately < most) going.push(row)
  }
  await sql`update notice n set mail_due_at = w.until, mail_planned = w.why from jsonb_to_recordset(${JSON.stringify(waiting)}::jsonb) w (id bigint, until timestamptz, why text)
    where n.id = w.id`.execute(context.db)
  await sql`update notice set mail_due_at = null, mail_planned = null where id = any(${off}::bigint[])`.execute(context.db)
  // Without a bell and without a ticket there is no place where it could be read. What was gathered is gathered again when more happens.
  await sql`update notice set mailed_at = ${context.now.toString()}::timestamptz, mail_planned = case when id = any(${going.filter(isGathered).map(({ id }) => id)}::bigint[]) then 'gathered' end,
      read_at = case when bell = 'silent' and ticket_id is null then ${context.now.toString()}::timestamptz end
    where id = any(${[...done, ...going.map(({ id }) => id)]}::bigint[])`.execute(context.db)
  for (const rows of Map.groupBy(going, (row) => row.personId).values()) await mailTo(context, rows, most)
}

const isGathered = ({ reason, chosen }: DueRow): boolean => !chosen.byMail.includes(reason)

async function mailTo(context: Context, rows: DueRow[], most: number): Promise<void> {
  const { baseUrl } = context.kernel.settings
  const { personId, language, lately, name } = rows[0]!
  const notices = onePerTicket(rows.map(toldBy))
  const gathered = rows.some((row) => row.planned !== null || isGathered(row)) && notices.length > 1
  if (!gathered && notices.length + lately <= most) {
    for (const one of notices) await mailOne(context, rows[0]!, one)
    return
  }
  await enqueueMail(context, {
    ...(await fromDesk(context)),
    ...noticeLetter(notices, language, baseUrl),
    recipients: [to(personId, name, rows[0]!.email!)],
  })
}

async function mailOne(context: Context, { personId, name, email, language }: DueRow, one: DueNotice): Promise<void> {
  const letter = noticeLetter([one], language, context.kernel.settings.baseUrl)
  const { ticketId, messageId, sideId } = one
  if (ticketId === null) await enqueueMail(context, { ...(await fromDesk(context)), ...letter, recipients: [to(personId, name, email!)] })
  else await mailNotice(context, { personId, ticketId, messageId, sideId, inside: isForColleagues(one.reason), ...letter })
}

const to = (personId: string, name: string, address: string) => ({ name, address, field: 'to' as const, personId })

async function fromDesk(context: Context) {
  const desk = await deskFacts(context)
  const address = desk.address ?? `firstline@${context.kernel.settings.mailDomain}`
  const sender = { name: desk.mailboxName ?? desk.company, address, plus: false }
  return { kind: 'notice' as const, ticketId: null, messageId: null, mailboxId: desk.mailboxId, sender }
}

export const toldBy = (row: DueRow): DueNotice => ({
  reason: row.reason,
  times: row.times,
  ticketId: row.ticketId,
  messageId: row.messageId,
  sideId: row.sideId,
  subject: row.subject ?? '',
  actor: row.actor,
  matter: row.about === null ? null : deskMatter(row.about, row.language),
})
