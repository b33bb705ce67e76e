import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { closedSentence } from '../calendars/access.ts'
import { deskFacts, type LetterFacts, letterFacts, replyFacts } from './access-letters.ts'
import { enqueueMail, linkMark, mayAnswer, type NewOutMail, type SealedLink } from './actions-outbox.ts'
import { layOut } from './layout.ts'
import { acknowledgement, type Letter, replyLetter, resolvedLetter, systemLetter, testLetter } from './letters.ts'
import { newMailToken } from './reply-address.ts'
import { mostAnswers } from './rules.ts'

/** Puts our own mails into the outbox. */
type From = Pick<LetterFacts, 'mailboxId' | 'address' | 'mailboxName' | 'way' | 'company'>

/** Computed here and nowhere else (B-028). The plus address only where our own listener takes it. */
export function senderOf(context: Context, facts: From, person = ''): NewOutMail['sender'] {
  const desk = facts.mailboxName ?? facts.company
  return {
    name: person === '' ? desk : `${person} (${desk})`,
    address: facts.address ?? `firstline@${context.kernel.settings.mailDomain}`,
    plus: facts.address !== null && facts.way === 'smtp',
  }
}

/** History is not mailed: the sample company's year, an import. */
export const isHistory = (context: Context): boolean =>
  context.past === true || context.kernel.clock.now().epochMilliseconds - context.now.epochMilliseconds > 600_000

export async function acknowledge(context: Context, ticketId: string): Promise<void> {
  const facts = await letterFacts(context.db, ticketId)
  if (!facts?.email || facts.acknowledge === 'off' || facts.automatic) return
  if (!(await mayAnswer(context, facts.email, mostAnswers(facts.verified)))) return
  const hours = await closedSentence(context, facts, facts.personLanguage)
  await enqueueMail(context, {
    kind: 'acknowledgement',
    ...about(facts),
    sender: senderOf(context, facts),
    ...wordsFor(
      context,
      () => acknowledgement(facts, hours),
      () => acknowledgement({ ...facts, wording: {} }, hours),
    ),
  })
}

const about = (facts: LetterFacts) => ({
  ticketId: facts.ticketId,
  messageId: null,
  mailboxId: facts.mailboxId,
  // What an unproven address calls itself is a stranger's text too (C-035).
  recipients: [{ name: facts.verified ? facts.name : '', address: facts.email ?? '', field: 'to' as const, personId: facts.requesterId }],
})

/** FT-42: a wording that cannot be filled costs its own words and not the mail. */
function wordsFor(context: Context, wanted: () => Letter, plain: () => Letter): Letter {
  try {
    return wanted()
  } catch (cause) {
    context.kernel.log.error('wording not usable', cause)
    return plain()
  }
}

/** The links answer for one ticket and one person, so this mail has exactly one recipient (B-027). */
export async function tellResolved(context: Context, ticketId: string): Promise<void> {
  const facts = await letterFacts(context.db, ticketId)
  if (!facts?.email || facts.automatic) return
  const token = newMailToken()
  await sql`insert into answer_link (token_hash, ticket_id, person_id, at) values (${hashOf(token)}, ${ticketId}, ${facts.requesterId}, ${context.now.toString()})`.execute(
    context.db,
  )
  const link = (answer: string) => `${context.kernel.settings.baseUrl}/answer/${token}?is=${answer}`
  const addresses = { solved: link('solved'), stillBroken: link('still-broken') }
  const letter = wordsFor(
    context,
    () => resolvedLetter(facts, addresses),
    () => resolvedLetter({ ...facts, wording: {} }, addresses),
  )
  await enqueueMail(context, { kind: 'resolved', ...about(facts), sender: senderOf(context, facts), ...letter })
}

export async function mailReply(context: Context, messageId: string): Promise<void> {
  const facts = await replyFacts(context.db, messageId)
  if (!facts) return
  const recipients = (['to', 'cc'] as const).flatMap((field) =>
    facts.recipients[field].map(({ name, email }) => ({ name, address: email, field })),
  )
  await enqueueMail(context, {
    kind: 'reply',
    ticketId: facts.ticketId,
    messageId,
    mailboxId: facts.mailboxId,
    sender: senderOf(context, facts, facts.agent),
    ...wordsFor(
      context,
      () => replyLetter(facts),
      () => replyLetter({ ...facts, wording: {}, signature: {} }),
    ),
    attachmentIds: facts.attachmentIds,
    ...(facts.byProgram ? { headers: { 'Auto-Submitted': 'auto-generated' } } : {}),
    recipients,
    ...(facts.undoUntil === null ? {} : { notBefore: Temporal.Instant.from(facts.undoUntil.replace(' ', 'T')) }),
  })
}

export type SystemLetter = SealedLink & {
  kind: 'sign-in' | 'invitation' | 'reset'
  personId: string
  address: string
  name: string
  language: string
}

/** A link that opens somebody's account: to exactly one recipient (B-027), and sealed while it lies here. */
export async function mailLink(context: Context, mail: SystemLetter): Promise<void> {
  const desk = await deskFacts(context)
  const language = mail.language === 'de' ? 'de' : 'en'
  const until = Temporal.Instant.from(mail.expiresAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const letter = systemLetter(mail.kind, desk, { name: mail.name, language, link: linkMark, until: `${until} UTC` })
  const { link, linkId, expiresAt } = mail
  const sender = { ...senderOf(context, { ...desk, way: null }), secret: { link, linkId, expiresAt } }
  const recipients = [{ name: mail.name, address: mail.address, field: 'to' as const, personId: mail.personId }]
  await enqueueMail(context, { kind: mail.kind, ticketId: null, messageId: null, mailboxId: desk.mailboxId, sender, ...letter, recipients })
}

export type SecretLetter = {
  kind: 'sign-in' | 'system'
  secret: SealedLink
  to: { personId: string | null; name: string; address: string }
  subject: string
  body: string
  /** Leads to where the sealed link goes. */
  button?: string
}

/** For the verification feature: a one-time code or a single-use link, to exactly one recipient. */
export async function mailSecret(context: Context, mail: SecretLetter): Promise<void> {
  const desk = await deskFacts(context)
  const buttons = mail.button === undefined ? [] : [{ label: mail.button, address: linkMark }]
  await enqueueMail(context, {
    kind: mail.kind,
    ticketId: null,
    messageId: null,
    mailboxId: desk.mailboxId,
    sender: { ...senderOf(context, { ...desk, way: null }), secret: mail.secret },
    subject: mail.subject,
    ...layOut({ body: mail.body, buttons, footer: desk.company }),
    recipients: [{ name: mail.to.name, address: mail.to.address, field: 'to', personId: mail.to.personId }],
  })
}

export async function mailTest(
  context: Context,
  mailbox: { id: string; address: string; name: string; language: 'en' | 'de' },
): Promise<void> {
  const token = newMailToken()
  await sql`insert into mailbox_proof (token_hash, mailbox_id, at) values (${hashOf(token)}, ${mailbox.id}, ${context.now.toString()})`.execute(
    context.db,
  )
  const sender = { name: mailbox.name, address: mailbox.address, plus: false }
  const headers = { 'X-Firstline-Proof': token }
  await enqueueMail(context, {
    kind: 'test',
    ticketId: null,
    messageId: null,
    mailboxId: mailbox.id,
    sender,
    ...testLetter(mailbox.language),
    headers,
    recipients: [{ name: mailbox.name, address: mailbox.address, field: 'to' }],
  })
}

export type Notice = {
  personId: string
  ticketId: string
  messageId: string | null
  /** What it tells of is beside the ticket: an answer to it stays there, too. */
  sideId?: string | null
  /** It tells of colleagues' work: an answer to it is an internal note. */
  inside: boolean
  subject: string
  text: string
  html: string
}

/** For the notices feature: one person, one mail. An answer to it joins the ticket as an answer to that message would. */
export async function mailNotice(context: Context, notice: Notice): Promise<void> {
  const facts = await letterFacts(context.db, notice.ticketId)
  const found = await sql<{
    name: string
    email: string | null
  }>`select name, email::text as email from person where id = ${notice.personId} and archived_at is null`.execute(context.db)
  const person = found.rows[0]
  if (!facts || !person?.email) return
  const { ticketId, messageId, sideId, inside, subject, text, html } = notice
  const recipients = [{ name: person.name, address: person.email, field: 'to' as const, personId: notice.personId }]
  await enqueueMail(context, {
    kind: 'notice',
    ticketId,
    messageId,
    inside,
    mailboxId: facts.mailboxId,
    sender: senderOf(context, facts),
    subject,
    text,
    html,
    ...(sideId ? { side: { id: sideId, messageId: null } } : {}),
    recipients,
  })
}
