import type { Context } from '../../kernel/context.ts'
import { personOfSender } from '../people/actions-sender.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { openTicket } from '../tickets/actions-create.ts'
import { addCopies, linkTickets } from '../tickets/actions-joining.ts'
import type { NewFile, NewMessage } from '../tickets/actions-writing.ts'
import { unsaid } from '../tickets/rules.ts'
import type { OwnMailbox } from './access-addresses.ts'
import { actingAs, actorOfPerson } from './access-agent.ts'
import type { Facts, Inbound, SenderFacts } from './access-facts.ts'
import { answerGoesTo, companionsOf, namedBeside } from './access-participants.ts'
import type { Outcome } from './actions-settle.ts'
import type { Proof } from './authenticate.ts'
import type { MailAddress, ParsedMail } from './parsed-mail.ts'
import { isNoReply, splitAddress } from './reply-address.ts'
import type { Threading } from './threading.ts'

/** A mail becomes a message: on the ticket that it belongs to, or as the first of a new one. */
export type Post = { inbound: Inbound; mail: ParsedMail; facts: Facts; proof: Proof }
type Into = Extract<Threading, { to: 'ticket' }>
type Opening = { link: Extract<Threading, { to: 'new' }>['link']; unverified: string | null }

export async function joinTicket(context: Context, post: Post, into: Into): Promise<Outcome> {
  const { facts } = post
  const detail = { via: into.via, sender: into.standing, ...replyToOf(post.mail), ...sealedOf(post.mail) }
  if (into.standing === 'staff' && facts.person) return { ...(await joinAsAgent(context, post, into, facts.person)), detail }
  const ticket = await accessTicket(context, into.ticketId, 'ticket.reply')
  const message = { ...(await messageOf(context, post, into.unverified, into.internal)), homeId: homeOf(into) }
  const messageId = await addMessage(context, ticket, message, { countsAsAnswer: !into.internal })
  if (message.audience === 'everyone') await bringCompanions(context, post, ticket)
  return { verdict: 'followed-up', reason: into.via, ticketId: ticket.id, homeId: into.namedId, messageId, detail }
}

/** To a merged ticket's thread: that one has it back when merging is undone. */
const homeOf = (into: Into): string | null => (into.namedId === into.ticketId ? null : into.namedId)

/**
 * A proven agent answers by mail: to the requester, or internally where an internal note was answered. Only
 * what the agent wrote goes out: what is quoted may be a notification with internal text.
 */
async function joinAsAgent(context: Context, post: Post, into: Into, person: SenderFacts): Promise<Outcome> {
  const { inbound, mail } = post
  const actor = await actorOfPerson(context, person.id)
  const files = await keptFiles(context, mail)
  const own = {
    kind: 'mail',
    authorId: person.id,
    from: { name: person.name, email: person.email },
    subject: mail.subject,
    body: mail.visibleText,
    automatic: mail.automatic?.why ?? null,
    inboundMailId: inbound.id,
    homeId: homeOf(into),
    files,
  } as const
  const messageId = await actingAs(context, actor, async (acting) => {
    if (into.internal || mail.automatic)
      return addMessage(acting, await accessTicket(acting, into.ticketId, 'ticket.note'), {
        ...own,
        direction: 'inside',
        audience: 'staff',
      })
    const ticket = await accessTicket(acting, into.ticketId, 'ticket.reply')
    const { to, cc } = await answerGoesTo(acting, into.ticketId)
    return addMessage(acting, ticket, {
      ...own,
      direction: 'out',
      audience: 'everyone',
      to,
      cc,
      delivery: to.length > 0 ? 'waiting' : null,
    })
  })
  return { verdict: 'followed-up', reason: into.via, ticketId: into.ticketId, homeId: into.namedId, messageId }
}

export async function openByMail(context: Context, post: Post, { link, unverified }: Opening): Promise<Outcome> {
  const { inbound, mail, facts } = post
  const forwarded = forwardedBy(post)
  const author = forwarded ?? mail.from ?? { name: '', address: inbound.envelopeFrom }
  if (author.address === '') return { verdict: 'quarantined', reason: 'no-author' }
  const mailbox = mailboxOf(post)
  const language = mail.language ?? mailbox?.language ?? 'en'
  const known =
    !forwarded && facts.person ? facts.person : await personOfSender(context, { email: author.address, name: author.name, language })
  const message = await messageOf(context, post, forwarded ? 'forwarded' : unverified, false)
  const made = await openTicket(
    context,
    {
      kind: 'incident',
      subject: forwarded && mail.forwarded?.subject ? mail.forwarded.subject : mail.subject,
      ...unsaid,
      categoryId: null,
      channel: 'mail',
      requesterId: known.id,
      onBehalfOfId: null,
      organisationId: known.organisationId,
      siteId: facts.person?.id === known.id ? facts.person.siteId : null,
      // Rules first, then the mailbox's team: the routing feature decides while this is being written.
      teamId: null,
      assigneeId: null,
      mailboxId: mailbox?.id ?? null,
      language: facts.person?.id === known.id ? facts.person.language : (mail.language ?? known.language),
      tags: [],
      acknowledge: mayAcknowledge(post, author.address, unverified),
    },
    {
      ...message,
      authorId: unverified === null ? known.id : null,
      from: { name: author.name, email: author.address },
      ...(forwarded ? { audience: 'everyone' as const } : {}),
    },
  )
  const ticket = { id: made.id, organisation_id: known.organisationId }
  if (link) await linkTickets(context, ticket, link.ticketId, link.kind)
  if (message.audience === 'everyone' && !forwarded) await bringCompanions(context, post, ticket)
  return {
    verdict: 'created',
    reason: link ? link.kind : forwarded ? 'forwarded' : 'new',
    ticketId: made.id,
    messageId: made.messageId,
    detail: { ...(link ? { linked: link.ticketId } : {}), ...replyToOf(mail), ...sealedOf(mail), proof: post.proof.result },
  }
}

/** A mail that a proven agent passes on becomes the ticket of whoever wrote it first. */
function forwardedBy({ mail, facts, proof }: Post): MailAddress | null {
  if (!facts.person?.staff || proof.result !== 'pass' || !mail.forwarded) return null
  const { from } = mail.forwarded
  const own = facts.mailboxes.some((one) => splitAddress(one.address).base === splitAddress(from.address).base)
  return own || from.address.toLowerCase() === facts.person.email.toLowerCase() ? null : from
}

/** RFC 3834, section 2: nobody who has no return path, no program, and nobody whose name was borrowed. */
function mayAcknowledge({ inbound, mail, facts }: Post, address: string, unverified: string | null): boolean {
  return (
    unverified === null &&
    mail.automatic === null &&
    !isNoReply(address) &&
    !(inbound.source === 'smtp' && inbound.envelopeFrom === '') &&
    !facts.blocked
  )
}

export function mailboxOf({ inbound, mail, facts }: Post): OwnMailbox | undefined {
  const byAddress = (address: string) => facts.mailboxes.find((one) => one.address.toLowerCase() === splitAddress(address).base)
  return (
    facts.mailboxes.find((one) => one.id === inbound.mailboxId) ??
    [...inbound.envelopeTo, ...mail.to.map((one) => one.address), ...mail.cc.map((one) => one.address)]
      .map(byAddress)
      .find((one) => one !== undefined)
  )
}

/**
 * Programs' mail is shown to staff only, unless its author is proven: a confirmation mail of somebody else's service,
 * caught by a ticket's address, must not reach whoever opened that ticket (B-023).
 */
async function messageOf(
  context: Context,
  { inbound, mail, facts, proof }: Post,
  unverified: string | null,
  internal: boolean,
): Promise<NewMessage> {
  const from = mail.from ?? { name: '', address: '' }
  const robot = (mail.automatic !== null || isNoReply(from.address)) && proof.result !== 'pass'
  const doubtful = unverified ?? (robot ? 'automatic-sender' : null)
  return {
    kind: 'mail',
    direction: 'in',
    audience: internal || robot || (unverified !== null && unverified !== 'forwarded') ? 'staff' : 'everyone',
    authorId: unverified === null ? (facts.person?.id ?? null) : null,
    from: { name: from.name, email: from.address },
    to: mail.to.slice(0, 100).map(asContact),
    cc: mail.cc.slice(0, 100).map(asContact),
    subject: mail.subject,
    body: mail.sealed?.text ?? mail.text,
    visibleBody: mail.sealed?.visibleText ?? mail.visibleText,
    html: mail.html === undefined ? null : `${noted(mail)}${mail.html}`,
    automatic: mail.automatic?.why ?? null,
    unverified: doubtful,
    inboundMailId: inbound.id,
    at: inbound.receivedAt,
    files: await keptFiles(context, mail),
  }
}
/** Sentences of ours, no words of a stranger. */
const noted = ({ sealed }: ParsedMail): string => (sealed?.notes ?? []).map((note) => `<p><em>${note}</em></p>`).join('')
const asContact = ({ name, address }: MailAddress) => ({ name, email: address })

/** Bytes first, rows after: a committed row never lacks its file (FT-32). */
export async function keptFiles(context: Context, mail: ParsedMail): Promise<NewFile[]> {
  const files: NewFile[] = []
  for (const one of mail.attachments) {
    const stored = await context.kernel.files.put(one.bytes)
    files.push({ ...stored, name: one.name, mediaType: one.mediaType, contentId: one.contentId, inline: one.inline })
  }
  return files
}

async function bringCompanions(
  context: Context,
  { mail, facts }: Post,
  ticket: { id: string; organisation_id: string | null },
): Promise<void> {
  const companions = await companionsOf(context, namedBeside(mail, facts.mailboxes), ticket.organisation_id)
  const ids: string[] = []
  for (const one of companions.slice(0, 20))
    ids.push(one.personId ?? (await personOfSender(context, { email: one.address, name: one.name, language: mail.language })).id)
  await addCopies(context, ticket, ids)
}

/** Where answers are wished to, if not to the author: shown in the journal, never followed (B-021). */
function replyToOf(mail: ParsedMail): { replyTo?: string } {
  const wished = mail.replyTo[0]?.address
  return wished && wished.toLowerCase() !== mail.from?.address.toLowerCase() ? { replyTo: wished } : {}
}

const sealedOf = ({ sealed }: ParsedMail): { sealed?: string[] } => (sealed ? { sealed: sealed.kinds } : {})
