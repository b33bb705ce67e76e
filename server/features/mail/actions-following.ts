import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { letterFacts } from './access-letters.ts'
import { isHistory, senderOf } from './actions-letters.ts'
import { enqueueMail, mayAnswer } from './actions-outbox.ts'
import { mergedLetter } from './letters.ts'
import { mostAnswers } from './rules.ts'

/**
 * The post follows messages from ticket to ticket. Merging leaves Message-IDs and secrets with the home of their thread,
 * for a mail to it lands on the survivor anyway (firstline.survivor); splitting moves them with their messages, so that
 * each answer finds the part that it answers. The journal's and the outbox's lines lie where their message lies.
 */
export async function followTicket(context: Context, fromId: string, toId: string): Promise<void> {
  for (const table of ['inbound_mail', 'outbound_mail'] as const)
    await sql`update ${sql.table(table)} p set ticket_id = m.ticket_id from message m
      where p.ticket_id in (${fromId}, ${toId}) and m.id = p.created_message_id and m.ticket_id in (${fromId}, ${toId}) and m.ticket_id <> p.ticket_id`.execute(
      context.db,
    )
}

export async function followSplit(context: Context, fromId: string, toId: string, messageIds: readonly string[]): Promise<void> {
  const ids = sql`${[...messageIds]}::bigint[]`
  await sql`update known_message k set ticket_id = ${toId} where k.created_message_id = any(${ids}) and k.ticket_id in (select firstline.merged_with(${fromId}))
    and not exists (select 1 from known_message x where x.message_id = k.message_id and x.ticket_id = ${toId})`.execute(context.db)
  await sql`update mail_token set ticket_id = ${toId} where created_message_id = any(${ids}) and ticket_id in (select firstline.merged_with(${fromId}))`.execute(
    context.db,
  )
  await followTicket(context, fromId, toId)
}

/** The requester of a merged ticket is told where it goes on. Said of the number only: whose ticket that is, is not theirs to know. */
export async function tellMerged(context: Context, fromId: string, intoId: string): Promise<void> {
  const facts = await letterFacts(context.db, fromId)
  if (!facts?.email || facts.automatic || isHistory(context)) return
  if (!(await mayAnswer(context, facts.email, mostAnswers(facts.verified)))) return
  await enqueueMail(context, {
    kind: 'system',
    ticketId: fromId,
    messageId: null,
    mailboxId: facts.mailboxId,
    sender: senderOf(context, facts),
    ...mergedLetter(facts, intoId),
    recipients: [{ name: facts.verified ? facts.name : '', address: facts.email, field: 'to', personId: facts.requesterId }],
  })
}
