import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { subjectTag } from '../tickets/rules.ts'
import { letterFacts } from './access-letters.ts'
import { isHistory, senderOf } from './actions-letters.ts'
import { type Enclosed, enqueueMail, type Invitation, type OutKind, type SealedLink } from './actions-outbox.ts'
import { type Button, layOut } from './layout.ts'
import { phrases } from './wording.ts'

/** For features that write letters of their own about a ticket: one addressee, in their language; an answer to it joins the ticket. */
export type Addressee = { name: string; address: string; personId: string | null; language: 'en' | 'de' }
export type LetterAbout = {
  kind: Extract<OutKind, 'visit' | 'work-report' | 'survey'>
  ticketId: string
  to: Addressee
  /** Without the ticket's tag, which is added. */
  subject: string
  body: string
  buttons?: Button[]
  /** The organiser of an invitation is whoever sends it. */
  calendar?: (organizer: { name: string; address: string }) => Invitation
  enclosed?: Enclosed[]
  /** Buttons whose address begins with `linkMark` lead to it. */
  secret?: SealedLink
}

export async function mailAbout(context: Context, letter: LetterAbout): Promise<void> {
  if (isHistory(context)) return
  const facts = await letterFacts(context.db, letter.ticketId)
  if (!facts) return
  const sender = senderOf(context, facts)
  const { kind, ticketId, to } = letter
  await enqueueMail(context, {
    kind,
    ticketId,
    messageId: null,
    mailboxId: facts.mailboxId,
    sender: letter.secret ? { ...sender, secret: letter.secret } : sender,
    subject: `${letter.subject} ${subjectTag(ticketId)}`,
    ...layOut({ body: letter.body, buttons: letter.buttons ?? [], footer: phrases[to.language].footer(ticketId) }),
    recipients: [{ name: to.name, address: to.address, field: 'to', personId: to.personId }],
    ...(letter.calendar ? { calendar: letter.calendar(sender) } : {}),
    ...(letter.enclosed ? { enclosed: letter.enclosed } : {}),
  })
}

/** Who asked, and who else: with the address at which they are reached; nobody who left. */
export async function addresseesOf(context: Context, personIds: readonly string[]): Promise<(Addressee & { personId: string })[]> {
  const found = await sql<Addressee & { personId: string }>`select p.id as "personId", p.name, p.email::text as address,
      case p.language when 'de' then 'de' else 'en' end as language
    from person p where p.id = any(${[...personIds]}::bigint[]) and p.archived_at is null and p.email is not null`.execute(context.db)
  return found.rows
}
