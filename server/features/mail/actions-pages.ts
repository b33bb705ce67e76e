import type { Context } from '../../kernel/context.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { deskFacts, letterFacts } from './access-letters.ts'
import { senderOf } from './actions-letters.ts'
import { enqueueMail, linkMark } from './actions-outbox.ts'
import { layOut } from './layout.ts'

/** For the pager: somebody is woken by mail. It goes out before all other mail, to exactly one recipient. */
export type PageLetter = {
  to: { id: string; name: string; address: string }
  subject: string
  body: string
  /** The link to where it is acknowledged, sealed while it lies here. */
  link?: { token: string; label: string; hours: number; messageId: string }
  /** Of one ticket: from its own mailbox, and what answers it joins the ticket as a note. Many tickets have no thread. */
  ticketId?: string
}

export async function mailPage(context: Context, letter: PageLetter): Promise<void> {
  const { to, link, ticketId } = letter
  const ofTicket = ticketId ? await letterFacts(context.db, ticketId) : undefined
  const desk = ofTicket ?? { ...(await deskFacts(context)), way: null }
  const sender = senderOf(context, desk)
  const linkId = hashOf(newToken()).toString('hex')
  const secret = link && {
    link: context.kernel.secrets.seal(link.token, { table: 'link', column: 'token', row: linkId }).toString('base64'),
    linkId,
    expiresAt: context.now.add({ hours: link.hours }).toString(),
    is: 'page' as const,
  }
  await enqueueMail(context, {
    kind: 'page',
    ticketId: ofTicket ? (ticketId ?? null) : null,
    messageId: null,
    inside: true,
    mailboxId: desk.mailboxId,
    sender: { ...sender, plus: sender.plus && ofTicket !== undefined, ...(secret ? { secret } : {}) },
    subject: letter.subject,
    ...layOut({ body: letter.body, buttons: link ? [{ label: link.label, address: linkMark }] : [], footer: desk.company }),
    headers: { Importance: 'high', 'X-Priority': '1' },
    ...(link ? { pageMessageId: link.messageId } : {}),
    recipients: [{ name: to.name, address: to.address, field: 'to', personId: to.id }],
  })
}
