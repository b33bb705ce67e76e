import { mail } from '../../../contract/mail.ts'
import { Problem } from '../../kernel/problem.ts'
import { type FileOut, routes } from '../../kernel/routes.ts'
import { heldMail } from './access-held.ts'
import { accessEntry, accessOutMail, journalRow, listJournal, listOutbox } from './access-journal.ts'
import { accessMailbox, listMailboxes, readMailbox } from './access-mailboxes.ts'
import { accessPictures } from './access-pictures.ts'
import { mailboxHasWayOut } from './access-reachable.ts'
import { giveAnswer, lookAtAnswer } from './actions-answers.ts'
import { beginConsent, type Consent, finishConsent, keepTokens } from './actions-consent.ts'
import { releaseHeld } from './actions-held.ts'
import { recordOpened, releaseMail, replayMail, rethreadMail, retryMail } from './actions-journal.ts'
import { mailTest } from './actions-letters.ts'
import { addMailbox, archiveMailbox, changeMailbox } from './actions-mailboxes.ts'
import { blockSender, listBlocked, unblockSender } from './actions-senders.ts'
import { checkMailbox } from './check-mailbox.ts'
import { headersOf, openRaw } from './open-mail.ts'
import { fetchPicture, sealPicture } from './pictures.ts'
import { withoutKey } from './rules-machine-address.ts'

/** The line outlives the mail (actions-erasing.ts). */
function rawOf({ sha256 }: { sha256: string | null }): string {
  if (sha256 === null) throw new Problem('not_found', 'The mail was erased with its ticket; only this line is left.')
  return sha256
}

export const mailRoutes = routes(mail, {
  'GET /api/mail/journal': (context, { query }) => listJournal(context, query),
  'GET /api/mail/journal/:id': async (context, { params }) => {
    const { sha256, createdMessageId: _, ...entry } = await accessEntry(context, params.id, 'journal.see')
    const closed = entry.verdict === 'quarantined'
    return {
      ...entry,
      envelopeTo: entry.envelopeTo.map(withoutKey),
      text: closed ? null : entry.text,
      headers: closed || sha256 === null ? null : await headersOf(context.kernel, sha256),
      mayOpen: sha256 !== null && context.actor.rights.has('quarantine.open'),
    }
  },
  'POST /api/mail/journal/:id/open': async (context, { params }) => {
    const entry = await accessEntry(context, params.id, 'quarantine.open')
    await recordOpened(context, entry, 'text')
    return openRaw(context.kernel, rawOf(entry))
  },
  'GET /api/mail/journal/:id/raw': async (context, { params }) => {
    const entry = await accessEntry(context, params.id, 'quarantine.open')
    await recordOpened(context, entry, 'raw')
    return { content: context.kernel.files.stream(rawOf(entry)), name: `mail-${entry.id}.eml`, mediaType: 'message/rfc822' }
  },
  'POST /api/mail/journal/:id/replay': async (context, { params }) => {
    await replayMail(context, await accessEntry(context, params.id, 'quarantine.open'))
    return journalRow(context, params.id)
  },
  'POST /api/mail/journal/:id/release': async (context, { params, body }) => {
    await releaseMail(context, await accessEntry(context, params.id, 'quarantine.open'), body.ticketId ?? null)
    return journalRow(context, params.id)
  },
  'POST /api/mail/journal/:id/rethread': async (context, { params, body }) => {
    await rethreadMail(context, await accessEntry(context, params.id, 'quarantine.open'), body.ticketId)
    return journalRow(context, params.id)
  },
  'GET /api/mail/outbox': (context, { query }) => listOutbox(context, query),
  'GET /api/mail/outbox/held': (context) => heldMail(context),
  'POST /api/mail/outbox/held/send': async (context) => ({ released: await releaseHeld(context, 'all') }),
  'POST /api/mail/outbox/:id/retry': async (context, { params }) => {
    await retryMail(context, params.id)
    return accessOutMail(context, params.id)
  },
  'GET /api/mailboxes': async (context) => ({ items: await listMailboxes(context) }),
  'POST /api/mailboxes': async (context, { body }) => readMailbox(context, await addMailbox(context, body)),
  'PATCH /api/mailboxes/:id': async (context, { params, body, version }) => {
    await changeMailbox(context, await accessMailbox(context, params.id), version, body)
    return readMailbox(context, params.id)
  },
  'POST /api/mailboxes/:id/archive': async (context, { params }) => {
    await archiveMailbox(context, await accessMailbox(context, params.id))
    return readMailbox(context, params.id)
  },
  'POST /api/mailboxes/:id/prove': async (context, { params }) => {
    const mailbox = await accessMailbox(context, params.id)
    await mailTest(context, mailbox)
    return { sentTo: mailbox.address, held: !(await mailboxHasWayOut(context, mailbox.id)) }
  },
  'POST /api/mailboxes/:id/check': {
    before: (kernel, { params }, actor) => checkMailbox(kernel, actor, params.id),
    answer: async (_context, _call, _reply, result: Awaited<ReturnType<typeof checkMailbox>>) => result,
  },
  'POST /api/mailboxes/:id/connect': async (context, { params }) => beginConsent(context, await accessMailbox(context, params.id)),
  'POST /api/mailboxes/consent': {
    before: (kernel, { body }, actor) => finishConsent(kernel, actor.id, body),
    answer: async (context, _call, _reply, consent: Consent) => {
      await keepTokens(context, consent)
      return readMailbox(context, consent.mailboxId)
    },
  },
  'POST /api/messages/:id/pictures': async (context, { params }) => {
    const person = context.actor.id ?? ''
    const seal = (url: string | null) =>
      url === null ? null : sealPicture(context.kernel, { personId: person, messageId: params.id, url })
    return { addresses: (await accessPictures(context, params.id)).map(seal) }
  },
  'GET /api/mail/picture': {
    before: (kernel, { query }, actor) => fetchPicture(kernel, actor, query.of),
    answer: async (_context, _call, _reply, file: FileOut) => file,
  },
  'GET /api/blocked-senders': async (context) => ({ items: await listBlocked(context) }),
  'POST /api/blocked-senders': (context, { body }) => blockSender(context, body.pattern),
  'DELETE /api/blocked-senders/:id': (context, { params }) => unblockSender(context, params.id),
  'POST /api/answers/look': {
    before: (kernel, { body, client }) => lookAtAnswer(kernel, body.token, client.address),
    answer: async (_context, _call, _reply, page: Awaited<ReturnType<typeof lookAtAnswer>>) => page,
  },
  'POST /api/answers': {
    before: (kernel, { body, client }) => giveAnswer(kernel, body.token, body.answer, body.text, client.address),
    answer: async (_context, _call, _reply, page: Awaited<ReturnType<typeof giveAnswer>>) => page,
  },
})
