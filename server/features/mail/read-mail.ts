// One mail, bytes in, facts out. Pure apart from the CPU it takes; parse.ts runs it in a worker with limits around it.
// Every header is read once, from the tree's own list: what decides who wrote (From), what is answered (In-Reply-To,
// References) and whether two mails are the same (contentHash) must not depend on which copy of a header one looks at.

import { createHash } from 'node:crypto'
import { oneLine } from '../../kernel/plain-words.ts'
import { type MailBody, readBody } from './body.ts'
import { readBounce } from './bounce.ts'
import { foldReply } from './fold.ts'
import { readForwarded } from './forwarded.ts'
import { guessLanguage } from './language.ts'
import { decodeHeader, readAddresses, readMimeTree } from './mime-tree.ts'
import {
  type FromProblem,
  MAIL_LIMITS,
  type MailAddress,
  type MailLimits,
  MailTooHard,
  type ParsedMail,
  type SealedMail,
} from './parsed-mail.ts'
import { loopMarks, recogniseAutomatic } from './recognise.ts'
import { sanitiseMailHtml } from './sanitise.ts'

type Headers = Map<string, string[]>

const MOST_IDS = 200
const LONGEST_ID = 998
/** Bytes that have none of these headers are not a mail. */
const TELLTALE = ['from', 'to', 'subject', 'date', 'message-id', 'received', 'return-path', 'content-type', 'mime-version', 'delivered-to']
const ORIGINAL_RECIPIENTS = [
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'delivered-to',
  'x-delivered-to',
  'x-forwarded-to',
  'x-rcpt-to',
  'apparently-to',
  'x-resolved-to',
  'x-gm-original-to',
]
const AUTHENTICATION = new Set([
  'authentication-results',
  'arc-authentication-results',
  'arc-seal',
  'arc-message-signature',
  'received-spf',
  'dkim-signature',
])

export async function readMail(raw: Uint8Array, limits: MailLimits = MAIL_LIMITS): Promise<ParsedMail> {
  if (raw.length > limits.bytes) throw new MailTooHard('too-large', `${raw.length} bytes`)
  if (raw.length === 0) throw new MailTooHard('unreadable', 'empty')
  const tree = await readMimeTree(raw, limits)
  const headers = headerMap(tree.headers)
  if (!TELLTALE.some((name) => headers.has(name))) throw new MailTooHard('unreadable', 'no header of a mail in it')
  const header = (name: string) => headers.get(name)?.[0]
  const body = await readBody(tree, limits)
  const author = readAuthor(headers)
  const subject = oneLine(header('subject') ?? '', 1000)
  const fromAddress = author.from?.address ?? readAddresses(header('from') ?? '')[0]?.address ?? ''
  const contentType = header('content-type') ?? ''
  const evidence = { header, subject, fromAddress, contentType }
  const bounce = readBounce({ ...evidence, text: body.text, reports: body.reports })
  const folded = foldReply(body.text)
  const html = body.html === undefined ? null : sanitiseMailHtml(body.html)
  const mail: ParsedMail = {
    ...author,
    inReplyTo: messageIds(headers, 'in-reply-to'),
    references: messageIds(headers, 'references'),
    replyTo: addresses(headers, ['reply-to']),
    to: addresses(headers, ['to']),
    cc: addresses(headers, ['cc']),
    originalRecipients: [...new Set(addresses(headers, ORIGINAL_RECIPIENTS).map((one) => one.address))],
    subject,
    text: body.text,
    visibleText: folded.visible,
    textCut: body.cut,
    htmlTooComplex: body.html !== undefined && html === null,
    attachments: body.attachments,
    automatic: recogniseAutomatic({ ...evidence, isBounce: bounce !== null }),
    bounce,
    loopMarks: loopMarks(headers),
    authenticationHeaders: tree.headers.filter((one) => AUTHENTICATION.has(one.name)).slice(0, 100),
    contentHash: contentHash(headers, body.text, body.html),
    forwarded: readForwarded(subject, body.text),
    headers,
  }
  const [messageId] = messageIds(headers, 'message-id')
  const [sender] = addresses(headers, ['sender'])
  const date = isoDate(header('date'))
  const language = guessLanguage(`${subject}\n${folded.visible}`)
  if (messageId) mail.messageId = messageId
  if (sender) mail.sender = sender
  if (date) mail.date = date
  if (language) mail.language = language
  if (folded.quoted !== undefined) mail.quotedText = folded.quoted
  if (html !== null) mail.html = html
  if (body.calendar !== undefined) mail.calendar = body.calendar
  if (body.sealed.size > 0) mail.sealed = sealedMail(body, language ?? 'en')
  return mail
}

const sealedNotes = {
  signed: { en: 'Signed mail: the signature was not checked.', de: 'Signierte Mail: Die Signatur wurde nicht geprüft.' },
  encrypted: { en: 'Encrypted mail: cannot be opened here.', de: 'Verschlüsselte Mail: Sie lässt sich hier nicht öffnen.' },
}

function sealedMail({ sealed, markedText }: MailBody, language: 'en' | 'de'): SealedMail {
  const kinds = [...sealed]
  const notes = kinds.map((kind) => sealedNotes[kind][language])
  const below = (text: string) => `${notes.join('\n')}\n\n${text}`.trimEnd()
  return { kinds, notes, text: below(markedText), visibleText: below(foldReply(markedText).visible) }
}

function headerMap(list: { name: string; value: string }[]): Headers {
  const headers: Headers = new Map()
  for (const { name, value } of list.slice(0, 5000)) {
    const values = headers.get(name)
    const decoded = decodeHeader(value).replace(/\0/g, '')
    if (values) values.push(decoded)
    else headers.set(name, [decoded])
  }
  rawAddressLists(list, headers)
  return headers
}

const ADDRESS_HEADERS = new Set(['from', 'sender', 'reply-to', 'to', 'cc', ...ORIGINAL_RECIPIENTS])

/**
 * Address headers stay encoded until the addresses are taken apart: a decoded name may hold a comma or an address of
 * its own, and decoding first would let it become a second mailbox.
 */
function rawAddressLists(list: { name: string; value: string }[], headers: Headers): void {
  for (const name of ADDRESS_HEADERS) {
    const values = list.filter((one) => one.name === name).map((one) => one.value.replace(/\0/g, ''))
    if (values.length > 0) headers.set(name, values)
  }
}

/** Exactly one author, or the reason why there is none (B-018): several From fields or mailboxes are never resolved by guessing. */
function readAuthor(headers: Headers): { from?: MailAddress; fromProblem?: FromProblem } {
  const fields = headers.get('from') ?? []
  if (fields.length === 0 || fields.every((one) => one.trim() === '')) return { fromProblem: 'missing' }
  if (fields.length > 1) return { fromProblem: 'several' }
  const mailboxes = readAddresses(fields[0] ?? '')
  const [from] = mailboxes
  if (!from) return { fromProblem: 'unreadable' }
  return mailboxes.length > 1 ? { fromProblem: 'several' } : { from }
}

function addresses(headers: Headers, names: string[]): MailAddress[] {
  return names
    .flatMap((name) => headers.get(name) ?? [])
    .flatMap(readAddresses)
    .slice(0, 1000)
}

/** Message-IDs without brackets, in order, each once. Some programs leave the brackets out: then the words with an @. */
function messageIds(headers: Headers, name: string): string[] {
  const value = (headers.get(name) ?? []).join(' ').slice(0, 100_000)
  const bracketed = [...value.matchAll(/<([^<>]{1,2100})>/g)].map((found) => (found[1] ?? '').replace(/\s+/g, ''))
  const found = bracketed.length > 0 ? bracketed : value.split(/[\s,]+/).filter((word) => word.includes('@'))
  return [...new Set(found.filter((id) => id.length > 0 && id.length <= LONGEST_ID))].slice(0, MOST_IDS)
}

/** RFC 5322 dates and what else the platform's parser makes of a Date header; nothing before 1990 or out of range. */
function isoDate(value: string | undefined): string | undefined {
  if (!value) return undefined
  const instant = Date.parse(
    value
      .slice(0, 200)
      .replace(/\([^()]*\)/g, ' ')
      .trim(),
  )
  if (Number.isNaN(instant) || instant < 631_152_000_000 || instant > 4_102_444_800_000) return undefined
  return new Date(instant).toISOString()
}

/** DESIGN, "Mail identity": two deliveries of one mail have equal hashes, whatever the transport added or re-encoded. */
function contentHash(headers: Headers, text: string, html: string | undefined): string {
  const hash = createHash('sha256')
  for (const name of ['from', 'date', 'subject']) hash.update(`${name}:${(headers.get(name) ?? []).map((one) => one.trim()).join('\n')}\n`)
  hash.update(text.trimEnd())
  if (html !== undefined) hash.update(`\n<html>${html.trimEnd()}`)
  return hash.digest('hex')
}
