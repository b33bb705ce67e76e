import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { deskFacts } from '../mail/access-letters.ts'
import { mailNotice } from '../mail/actions-letters.ts'
import { enqueueMail } from '../mail/actions-outbox.ts'
import { type DueNotice, isForColleagues, mostMails, noticeLetter } from './rules.ts'

type Due = { personId: string; email: string; name: string; language: 'en' | 'de'; lately: number; notices: DueNotice[] }

/**
 * Mails what stayed unread to those who chose that. What is due is taken and marked in one statement, so two workers
 * never mail it twice; what may no longer be seen is marked and not mailed.
 */
export async function mailDueNotices(context: Context): Promise<void> {
  const now = context.now.toString()
  const taken =
    await sql<Due>`with due as (select id from notice where mail_due_at <= ${now}::timestamptz and mailed_at is null and read_at is null
      order by mail_due_at limit 2000 for update skip locked),
    lately as materialized (select n.person_id, count(distinct n.mailed_at || '/' || n.ticket_id)::int as mails from notice n where n.mailed_at > ${now}::timestamptz - interval '1 minute' group by 1),
    marked as (update notice n set mailed_at = ${now}::timestamptz from due where n.id = due.id returning n.id, n.person_id, n.reason, n.ticket_id, n.message_id, n.side_id, n.actor_id)
    select p.id as "personId", p.email::text as email, p.name, p.language, coalesce(max(l.mails), 0) as lately, json_agg(json_build_object('reason', m.reason, 'ticketId', t.id::text,
      'messageId', m.message_id::text, 'sideId', m.side_id::text, 'subject', t.subject, 'actor', a.name) order by m.id) as notices
    from marked m join person p on p.id = m.person_id join ticket t on t.id = m.ticket_id left join person a on a.id = m.actor_id left join lately l on l.person_id = p.id
    where p.email is not null and p.archived_at is null and firstline.staff_sees(p.id, t) group by p.id`.execute(context.db)
  for (const due of taken.rows) await mailTo(context, due)
}

async function mailTo(context: Context, due: Due): Promise<void> {
  const { baseUrl } = context.kernel.settings
  const notices = onePerTicket(due.notices)
  if (notices.length + due.lately <= mostMails) {
    for (const one of notices)
      await mailNotice(context, {
        personId: due.personId,
        ticketId: one.ticketId,
        messageId: one.messageId,
        sideId: one.sideId,
        inside: isForColleagues(one.reason),
        ...noticeLetter([one], due.language, baseUrl),
      })
    return
  }
  const desk = await deskFacts(context)
  await enqueueMail(context, {
    kind: 'notice',
    ticketId: null,
    messageId: null,
    mailboxId: desk.mailboxId,
    sender: {
      name: desk.mailboxName ?? desk.company,
      address: desk.address ?? `firstline@${context.kernel.settings.mailDomain}`,
      plus: false,
    },
    ...noticeLetter(notices, due.language, baseUrl),
    recipients: [{ name: due.name, address: due.email, field: 'to', personId: due.personId }],
  })
}

/** A mention and an answer on the same ticket are one mail; the stronger reason names it. */
function onePerTicket(notices: DueNotice[]): DueNotice[] {
  const strength = [
    'system',
    'team',
    'switched-off',
    'rule',
    'reply-dropped',
    'task-done',
    'side-chase',
    'help-answer',
    'passed',
    'unclaimed',
    'task',
    'side',
    'help',
    'reply',
    'undelivered',
    'assigned',
    'mention',
  ]
  const best = new Map<string, DueNotice>()
  for (const one of notices) {
    const known = best.get(one.ticketId)
    if (!known || strength.indexOf(one.reason) > strength.indexOf(known.reason)) best.set(one.ticketId, one)
  }
  return [...best.values()]
}
