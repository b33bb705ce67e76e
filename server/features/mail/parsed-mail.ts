// What the parser makes of one mail: plain facts that cross a worker boundary (structured clone), no behaviour.
// Everything downstream (threading, journal, outbox) decides on these fields and never looks at the raw bytes again.

/** One mailbox. `address` is lower-cased in its domain only; `name` is decoded, one line, without control characters. */
export interface MailAddress {
  name: string
  address: string
}

/** Why there is no single trustworthy author. The authenticator and we must agree on the same From (RFC 7489, 6.6.1). */
export type FromProblem = 'missing' | 'several' | 'unreadable'

export interface MailAttachment {
  /** Normalised once, safe to show and to send in a Content-Disposition; never a path. Unique only with its position. */
  name: string
  /** As declared, lower case. A claim of the sender's, not the result of looking at the bytes. */
  mediaType: string
  size: number
  /** Without angle brackets; what a `cid:` URL names. */
  contentId?: string
  /** Referred to from the HTML body, or declared inline with a Content-ID. */
  inline: boolean
  /** Lower-case hexadecimal. */
  sha256: string
  bytes: Uint8Array
}

export type AutomaticReason =
  | 'auto-submitted'
  | 'vacation'
  | 'precedence'
  | 'suppress'
  | 'list'
  | 'feedback-loop'
  | 'bounce'
  | 'null-sender'

/** The vocabulary of bounce reasons, in the order in which an operator would sort them. */
export type BounceReason =
  | 'user-unknown'
  | 'host-unknown'
  | 'has-moved'
  | 'not-accepting'
  | 'mailbox-full'
  | 'too-large'
  | 'suspended'
  | 'filtered'
  | 'rejected'
  | 'blocked'
  | 'spam'
  | 'virus'
  | 'content'
  | 'policy'
  | 'authentication'
  | 'security'
  | 'not-compliant'
  | 'no-relaying'
  | 'no-reverse-dns'
  | 'rate-limited'
  | 'size-limit'
  | 'on-hold'
  | 'expired'
  | 'network'
  | 'system'
  | 'system-full'
  | 'mailer'
  | 'syntax'
  | 'undefined'

export interface Bounce {
  /** Addresses that did not get the mail, lower case, in order, each once. */
  recipients: string[]
  /** True: writing again will fail again (the address or its domain does not exist). */
  hard: boolean
  /** RFC 3463 code such as 5.1.1; empty when the report names none. */
  status: string
  reason: BounceReason
  /** Message-IDs (no brackets) found in the returned mail: how the report finds its ticket. */
  originalMessageIds: string[]
}

/** A mail that somebody passed on, inline or as message/rfc822: who wrote it first. */
export interface ForwardedMail {
  from: MailAddress
  subject?: string
  /** As written by the forwarding program; its format follows the reader's language and is not parsed. */
  date?: string
}

/** Nothing of it is checked or opened here, and nothing of it says who wrote the mail (abuse case A-012). */
export interface SealedMail {
  kinds: ('signed' | 'encrypted')[]
  /** Sentences for the reader, in the mail's language. */
  notes: string[]
  text: string
  visibleText: string
}

export interface ParsedMail {
  messageId?: string
  inReplyTo: string[]
  references: string[]
  /** Present exactly when `fromProblem` is absent. */
  from?: MailAddress
  fromProblem?: FromProblem
  sender?: MailAddress
  replyTo: MailAddress[]
  to: MailAddress[]
  cc: MailAddress[]
  /** Delivered-To, X-Original-To, Envelope-To and the like, as addresses. Forgeable: a hint for routing, not a right. */
  originalRecipients: string[]
  /** ISO 8601 in UTC; absent when the header is missing or unreadable. */
  date?: string
  subject: string
  /** The whole body as text, LF line ends. */
  text: string
  /** The part that a reader wants first; `text` when nothing could be folded away. */
  visibleText: string
  /** The body was too long: `text` is its beginning, the whole part is the attachment that has the text's type. */
  textCut: boolean
  quotedText?: string
  /** Sanitised (see sanitise.ts), absent when the mail had no HTML or when it was too complex to render. */
  html?: string
  /** The mail had HTML that we refuse to render; the text is there. */
  htmlTooComplex: boolean
  attachments: MailAttachment[]
  automatic: null | { why: AutomaticReason }
  bounce: Bounce | null
  /** Signed or encrypted (S/MIME, PGP): how it is shown. `text` and `visibleText` above are without these words. */
  sealed?: SealedMail
  /** Values of X-Loop and similar marks, for loop detection between two desks. */
  loopMarks: string[]
  language?: 'en' | 'de'
  /** Authentication-Results, ARC-*, Received-SPF and DKIM-Signature as they stood, first the topmost. */
  authenticationHeaders: { name: string; value: string }[]
  /** SHA-256 over From, Date, Subject and decoded body: with the Message-ID it says whether two mails are the same one. */
  contentHash: string
  /** text/calendar as text, never expanded. */
  calendar?: string
  forwarded: ForwardedMail | null
  /** Lower-case name -> decoded values, top to bottom; address headers (From, To, ...) as they stood, not decoded. */
  headers: Map<string, string[]>
}

export interface MailLimits {
  bytes: number
  /** Wall time for one mail in the worker. */
  milliseconds: number
  /** MIME parts over all levels. */
  parts: number
  /** multipart inside multipart. */
  nesting: number
  /** message/rfc822 and winmail.dat inside each other. */
  opened: number
}

export const MAIL_LIMITS: MailLimits = { bytes: 50 * 1024 * 1024, milliseconds: 10_000, parts: 5000, nesting: 100, opened: 5 }

export type TooHardReason = 'too-complex' | 'too-large' | 'unreadable'

/** The mail cannot be read within the limits: the caller keeps the raw bytes in quarantine and goes on with the next. */
export class MailTooHard extends Error {
  readonly reason: TooHardReason
  /** For the log and the quarantine; never for the sender. */
  readonly detail: string
  constructor(reason: TooHardReason, detail = '') {
    super(detail ? `${reason}: ${detail}` : reason)
    this.name = 'MailTooHard'
    this.reason = reason
    this.detail = detail
  }
}
