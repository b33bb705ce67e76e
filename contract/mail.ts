import { z } from 'zod'
import { contract, emailAddress, id, idInput, instant, language, line, named, page, paging, prose } from './endpoint.ts'

/** Mailboxes, the mail journal, the outbox, blocked senders. */
export const verdicts = ['pending', 'created', 'followed-up', 'ignored', 'bounced', 'quarantined', 'alert'] as const
export const journalRow = z.object({
  id,
  receivedAt: instant,
  source: z.enum(['smtp', 'imap', 'demo', 'import']),
  mailbox: named.nullable(),
  messageId: z.string().nullable(),
  from: z.object({ name: z.string(), email: z.string() }),
  subject: z.string(),
  size: z.number(),
  verdict: z.enum(verdicts),
  reason: z.string().meta({ description: 'A code, explained in docs/mail.md: duplicate, blocked-sender, unknown-token-sender ...' }),
  detail: z.record(z.string(), z.unknown()),
  ticketId: id.nullable(),
  judgedAt: instant.nullable(),
})
const words = z.object({ en: prose(20_000).optional(), de: prose(20_000).optional() })
export const mailbox = z.object({
  id,
  version: z.number(),
  name: z.string(),
  address: z.string(),
  way: z.enum(['smtp', 'imap', 'microsoft', 'google']),
  team: named.nullable(),
  organisation: named.nullable(),
  language,
  acknowledge: z.boolean(),
  wording: z.record(z.string(), words),
  signature: words,
  connection: z.object({
    host: z.string().optional(),
    port: z.number().optional(),
    secure: z.boolean().optional(),
    user: z.string().optional(),
    folder: z.string().optional(),
    tenant: z.string().optional(),
    clientId: z.string().optional(),
    secretExpiresOn: z.string().optional(),
    sendHost: z.string().optional(),
    sendPort: z.number().optional(),
    sends: z.enum(['itself', 'relay']).optional(),
  }),
  hasSecret: z.boolean(),
  proved: z.boolean().meta({ description: 'A test mail came home: it works both ways.' }),
  arrived: z.boolean().meta({ description: "Somebody's mail came: it works inwards." }),
  condition: z.object({
    state: z.enum(['idle', 'watching', 'connecting', 'failing', 'not-connected']),
    at: instant.nullable(),
    cause: z
      .string()
      .meta({ description: 'A code, explained in docs/mail.md: sign-in-refused, consent-lost, unreachable ... Empty: all is well.' }),
    detail: z.string().meta({ description: 'What the other side said, in its own words.' }),
    expiresAt: instant.nullable(),
  }),
})
const mailboxFields = z.strictObject({
  name: line(100),
  address: emailAddress,
  way: z.enum(['smtp', 'imap', 'microsoft', 'google']),
  teamId: idInput.nullable(),
  organisationId: idInput.nullable(),
  language,
  acknowledge: z.boolean(),
  wording: z.partialRecord(z.enum(['acknowledgement', 'resolved', 'reply']), words),
  signature: words,
  connection: z
    .strictObject({
      host: line(253),
      port: z.number().int().min(1).max(65535),
      secure: z.boolean(),
      user: line(254),
      folder: line(200),
      tenant: line(200),
      clientId: line(200),
      secretExpiresOn: z.iso.date().meta({ description: 'When the client secret ends; 30, 7 and 1 days before, administrators are told.' }),
      sendHost: line(253).meta({ description: "Where this mailbox's own mail goes out; the provider's server unless told." }),
      sendPort: z.number().int().min(1).max(65535),
      sends: z.enum(['itself', 'relay']).meta({ description: 'Microsoft 365 and Google: through their own server, or through SMTP_URL.' }),
    })
    .partial(),
  secret: z.string().min(1).max(2000).meta({ description: 'Password or client secret; written, never read back.' }),
})
export const outboxRow = z.object({
  id,
  createdAt: instant,
  kind: z.string(),
  state: z.enum(['waiting', 'ready', 'sending', 'sent', 'partly', 'failed', 'uncertain', 'withdrawn', 'held']),
  subject: z.string(),
  ticketId: id.nullable(),
  recipients: z.array(z.object({ address: z.string(), field: z.enum(['to', 'cc', 'bcc']), state: z.string(), answer: z.string() })),
  attempts: z.number(),
  lastAnswer: z.string(),
  notBefore: instant,
  sentAt: instant.nullable(),
})

const answerToken = z.string().regex(/^[0-9a-f]{32}$/)
export const answerPage = z.object({
  number: z.number(),
  subject: z.string(),
  state: z.enum(['open', 'answered']),
  language,
  company: z.string(),
})

export const mail = contract({
  'GET /api/mail/journal': {
    summary: 'Every mail that came in, with its one verdict, newest first.',
    who: 'journal.see',
    returns: page(journalRow),
    query: z.object({
      ...paging,
      messageId: z.string().max(2000).optional().meta({ description: 'With or without angle brackets.' }),
      verdict: z.enum(verdicts).optional(),
      mailboxId: id.optional(),
      q: z.string().max(200).optional(),
    }),
  },
  'GET /api/mail/journal/:id': {
    summary: 'One journal entry with what was recognised; the text of quarantined mail needs its own right and is logged.',
    who: 'journal.see',
    returns: journalRow.extend({
      envelopeFrom: z.string(),
      envelopeTo: z.array(z.string()),
      clientAddress: z.string(),
      authentication: z.record(z.string(), z.unknown()),
      text: z.string().nullable(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })).nullable(),
      mayOpen: z.boolean(),
    }),
  },
  'POST /api/mail/journal/:id/open': {
    summary: 'Opens a quarantined mail to read; logged.',
    who: 'quarantine.open',
    returns: z.object({
      text: z.string(),
      html: z.string().nullable(),
      attachments: z.array(z.object({ name: z.string(), size: z.number(), mediaType: z.string() })),
    }),
  },
  'GET /api/mail/journal/:id/raw': { summary: 'The raw mail (message/rfc822); logged.', who: 'quarantine.open', wire: 'file' },
  'POST /api/mail/journal/:id/replay': { summary: 'Judges the mail anew.', who: 'quarantine.open', returns: journalRow },
  'POST /api/mail/journal/:id/release': {
    summary: 'Lets a quarantined mail in: into the ticket it names, or as a new one.',
    who: 'quarantine.open',
    returns: journalRow,
    body: z.strictObject({ ticketId: idInput.optional() }),
  },
  'POST /api/mail/journal/:id/rethread': {
    summary: 'Moves the message that came of it to another ticket, or to a new one.',
    who: 'quarantine.open',
    returns: journalRow,
    body: z.strictObject({ ticketId: idInput.nullable() }),
  },
  'GET /api/mail/outbox': {
    summary: 'Outgoing mail, newest first.',
    who: 'journal.see',
    returns: page(outboxRow),
    query: z.object({ ...paging, state: z.string().max(20).optional(), ticketId: id.optional() }),
  },
  'GET /api/mail/outbox/held': {
    summary: 'How much mail is held, what of it comes first, and whether there is a way out for it now.',
    who: 'journal.see',
    returns: z.object({
      count: z.number(),
      sendable: z.number().meta({ description: 'How many of them would go out now.' }),
      oldest: instant.nullable(),
      first: z.array(z.object({ id, subject: z.string(), to: z.string(), createdAt: instant })).max(5),
    }),
  },
  'POST /api/mail/outbox/held/send': {
    summary: 'Sends all held mail for which there is a way out, however old.',
    who: 'mailbox.edit',
    returns: z.object({ released: z.number() }),
  },
  'POST /api/mail/outbox/:id/retry': { summary: 'Tries a failed, held or uncertain mail again.', who: 'mailbox.edit', returns: outboxRow },
  'GET /api/mailboxes': { summary: "The desk's mailboxes.", who: 'ticket.work', returns: z.object({ items: z.array(mailbox) }) },
  'POST /api/mailboxes': {
    summary: 'Adds a mailbox.',
    who: 'mailbox.edit',
    status: 201,
    idempotent: true,
    returns: mailbox,
    body: mailboxFields.partial().required({ name: true, address: true }),
  },
  'PATCH /api/mailboxes/:id': {
    summary: 'Changes a mailbox.',
    who: 'mailbox.edit',
    ifMatch: true,
    returns: mailbox,
    body: mailboxFields.partial(),
  },
  'POST /api/mailboxes/:id/archive': { summary: 'Archives a mailbox.', who: 'mailbox.edit', returns: mailbox },
  'POST /api/mailboxes/:id/prove': {
    summary: 'Sends a test mail to the mailbox and waits for it to arrive; ask again by GET /api/mailboxes.',
    who: 'mailbox.edit',
    status: 202,
    returns: z.object({ sentTo: z.string(), held: z.boolean() }),
  },
  'POST /api/mailboxes/:id/check': {
    summary: 'Connects to the mailbox and says what is wrong.',
    who: 'mailbox.edit',
    returns: z.object({
      ok: z.boolean(),
      steps: z.array(z.object({ step: z.string(), ok: z.boolean(), cause: z.string().optional(), message: z.string() })),
    }),
  },
  'POST /api/mailboxes/:id/connect': {
    summary: 'Begins the OAuth sign-in for a Microsoft 365 or Google mailbox; open the address.',
    who: 'mailbox.edit',
    returns: z.object({ address: z.string(), redirect: z.string() }),
  },
  'POST /api/mailboxes/consent': {
    summary: 'Ends the OAuth sign-in with what the provider returned; only for whoever began it.',
    who: 'mailbox.edit',
    returns: mailbox,
    body: z.strictObject({ state: z.string().min(8).max(200), code: z.string().min(1).max(4000) }),
  },
  'POST /api/messages/:id/pictures': {
    summary: "Lets the pictures of the web in, for one message and one reader: an address of ours for each, in the message's order.",
    who: 'person',
    returns: z.object({ addresses: z.array(z.string().nullable()) }),
  },
  'GET /api/mail/picture': {
    summary: 'One of them, fetched by us without cookies and without saying who reads it.',
    who: 'person',
    wire: 'file',
    query: z.object({ of: z.string().max(6000) }),
  },
  'GET /api/blocked-senders': {
    summary: 'Blocked addresses and domains.',
    who: 'journal.see',
    returns: z.object({ items: z.array(z.object({ id, pattern: z.string(), createdAt: instant })) }),
  },
  'POST /api/blocked-senders': {
    summary: 'Blocks an address (a@b.example) or a domain (@b.example).',
    who: 'sender.block',
    status: 201,
    returns: z.object({ id, pattern: z.string(), createdAt: instant }),
    body: z.strictObject({ pattern: line(254) }),
  },
  'DELETE /api/blocked-senders/:id': { summary: 'Unblocks.', who: 'sender.block' },
  'POST /api/answers/look': {
    summary: 'What the link of a resolved mail is about; changes nothing.',
    who: 'anyone',
    returns: answerPage,
    body: z.strictObject({ token: answerToken }),
  },
  'POST /api/answers': {
    summary: 'Answers a resolved mail: solved closes the ticket, still-broken reopens it. Once.',
    who: 'anyone',
    returns: answerPage,
    body: z.strictObject({ token: answerToken, answer: z.enum(['solved', 'still-broken']), text: prose(20_000).default('') }),
  },
})
export type JournalRow = z.infer<typeof journalRow>
export type Mailbox = z.infer<typeof mailbox>
export type OutboxRow = z.infer<typeof outboxRow>
