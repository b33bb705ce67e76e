import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { mailPage } from '../mail/actions-pages.ts'
import type { ToPerson } from './access-message.ts'
import { failMessage } from './actions-settle.ts'
import { linkHours } from './rules.ts'
import type { Outcome } from './senders.ts'
import { openWords, replyWords, saidOf, type ToldPage, testWords } from './words.ts'

/**
 * A page by mail goes through the outbox, in a lane before all other mail. The outbox never gives up soon; a page does:
 * what its server has not taken after some seconds counts as failed here, and the next way is used.
 */
type Mailed = { id: string; token: string; language: 'en' | 'de'; pages: ToldPage[]; count: number }
const firstLook = { seconds: 5 }
const looksUntil = 25

export async function mailPages(context: Context, message: Mailed, to: ToPerson): Promise<Outcome> {
  if (to.email === null) return { sent: false, cause: 'NO_ADDRESS' }
  const { language, pages, count, token } = message
  const said = saidOf(pages, count, language)
  const single = count === 1
  await mailPage(context, {
    to: { id: to.id, name: to.name, address: to.email },
    subject: single ? `${said.title}: ${said.body}` : said.title,
    body: [said.title, said.body, ...(single ? [replyWords(language)] : [])].join('\n\n'),
    link: { token, label: openWords(language), hours: linkHours, messageId: message.id },
    ...(single ? { ticketId: pages[0]!.number } : {}),
  })
  context.later(job('paging.check-mail', { messageId: message.id }, { at: context.now.add(firstLook), priority: -20 }))
  return { sent: true, providerId: null }
}

export async function mailTestPage(context: Context, to: ToPerson): Promise<Outcome> {
  if (to.email === null) return { sent: false, cause: 'NO_ADDRESS' }
  const said = testWords(to.language)
  await mailPage(context, { to: { id: to.id, name: to.name, address: to.email }, subject: said.title, body: said.body })
  return { sent: true, providerId: null }
}

/** How its mail fares: taken, or not soon enough. */
export async function checkMail(context: Context, messageId: string): Promise<void> {
  const found = await sql<{
    state: string
    answer: string
    seconds: number
    attempts: number
  }>`select o.state, o.last_answer as answer, o.attempts,
      extract(epoch from greatest(${context.now.toString()}::timestamptz, clock_timestamp()) - o.created_at)::int as seconds
    from outbound_mail o where o.page_message_id = ${messageId} order by o.id desc limit 1`.execute(context.db)
  const mail = found.rows[0]
  if (!mail || mail.state === 'sent') return
  const waits = ['ready', 'sending', 'waiting'].includes(mail.state) && mail.attempts <= 1 && mail.answer === ''
  if (waits && mail.seconds < looksUntil)
    return context.later(job('paging.check-mail', { messageId }, { at: context.now.add({ seconds: 10 }), priority: -20 }))
  await failMessage(context, messageId, mail.answer === '' ? `MAIL_${mail.state.toUpperCase()}` : mail.answer.slice(0, 200))
}

/** Refused for good, or bounced later: the next way at once. */
export async function failUndelivered(context: Context, outboundMailId: string): Promise<void> {
  const found = await sql<{ id: string; answer: string }>`select page_message_id as id, last_answer as answer from outbound_mail
    where id = ${outboundMailId} and page_message_id is not null`.execute(context.db)
  const mail = found.rows[0]
  if (mail) await failMessage(context, mail.id, mail.answer.slice(0, 200) || 'MAIL_FAILED')
}
