import type { Context } from '../../kernel/context.ts'
import { letterFacts } from './access-letters.ts'
import { isHistory, senderOf } from './actions-letters.ts'
import { enqueueMail, type OutRecipient } from './actions-outbox.ts'
import { keptFiles, type Post } from './actions-post.ts'
import type { Outcome } from './actions-settle.ts'
import { layOut } from './layout.ts'
import { sideTag } from './rules.ts'
import type { SideCandidate } from './threading-sides.ts'
import { fill, wordingOf } from './wording.ts'
import './events.ts'

/** A mail for a side conversation: handed to the feature that has it, in this transaction. It never becomes a message of the ticket. */
export async function joinSide(context: Context, post: Post, side: SideCandidate, unverified: string | null): Promise<Outcome> {
  const { inbound, mail, facts } = post
  const from = mail.from ?? { name: '', address: '' }
  const contact = ({ name, address }: { name: string; address: string }) => ({ name, email: address })
  await context.record({
    type: 'mail.for-side',
    subject: { kind: 'inbound-mail', id: inbound.id },
    audience: 'staff',
    data: { sideId: side.sideId },
    carry: {
      inboundMailId: inbound.id,
      ticketId: side.ticketId,
      standing: side.standing,
      authorId: unverified === null ? (facts.person?.id ?? null) : null,
      from: contact(from),
      to: mail.to.slice(0, 100).map(contact),
      cc: mail.cc.slice(0, 100).map(contact),
      subject: mail.subject,
      body: mail.sealed?.text ?? mail.text,
      visibleBody: mail.sealed?.visibleText ?? mail.visibleText,
      automatic: mail.automatic?.why ?? null,
      unverified,
      at: inbound.receivedAt,
      files: await keptFiles(context, mail),
    },
  })
  return {
    verdict: 'followed-up',
    reason: 'side',
    ticketId: side.ticketId,
    sideId: side.sideId,
    detail: { via: side.via, sender: side.standing },
  }
}

type SideLetter = {
  ticketId: string
  side: { id: string; messageId: string }
  subject: string
  body: string
  agent: string
  files: { name: string; mediaType: string; sha256: string }[]
  recipients: OutRecipient[]
}

/** Says nothing of the ticket beyond what its writer wrote: no number, no subject, no address of whoever asked. */
export async function mailBeside(context: Context, letter: SideLetter): Promise<void> {
  if (isHistory(context)) return
  const facts = await letterFacts(context.db, letter.ticketId)
  if (!facts) return
  const language = facts.language
  const own = facts.signature[language]?.trim()
  const values = { number: '', subject: '', name: '', company: facts.company, agent: letter.agent }
  await enqueueMail(context, {
    kind: 'side',
    ticketId: letter.ticketId,
    messageId: null,
    mailboxId: facts.mailboxId,
    sender: senderOf(context, facts, letter.agent),
    subject: `${letter.subject} ${sideTag(letter.side.id)}`,
    ...layOut({ body: letter.body, signature: fill('signature', own ? own : wordingOf('signature', language), values) }),
    files: letter.files,
    side: letter.side,
    recipients: letter.recipients,
  })
}
