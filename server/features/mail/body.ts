// From the MIME tree to one body and a list of attachments. Of alternatives (RFC 2046, 5.1.4) the plain text and the
// HTML are one thing said twice; of mixed parts each text part is part of the body. What is not shown as body is an
// attachment, so that nothing is lost. Attached mails and winmail.dat are opened: their text is appended as an older
// mail would be quoted, their files are listed, and both pass the same limits, at most five deep.

import { createHash } from 'node:crypto'
import { attachmentName } from '../../kernel/file-name.ts'
import { bodyText, oneLine } from '../../kernel/plain-words.ts'
import { decodeText } from './charset.ts'
import { guessLanguage } from './language.ts'
import { decodeHeader, type MimePart, readMimeTree, textOf } from './mime-tree.ts'
import type { MailAttachment, MailLimits } from './parsed-mail.ts'
import { textFromHtml } from './text-from-html.ts'
import { readTnef } from './tnef.ts'

export interface MailBody {
  text: string
  html: string | undefined
  attachments: MailAttachment[]
  calendar: string | undefined
  /** The body was longer than we show; the whole of the part is among the attachments. */
  cut: boolean
  /** Signed or encrypted parts were among it; `markedText` says which words no signature covers. */
  sealed: Set<'signed' | 'encrypted'>
  markedText: string
  /** Machine-readable and returned parts, decoded, for recognising bounces. */
  reports: { mediaType: string; text: string }[]
}

/** Bytes of text shown as body over all parts. What people write is a thousandth of it; logs belong in attachments. */
const LONGEST_BODY = 8_000_000

const LONGEST_CALENDAR = 20_000

interface Segment {
  plain?: string
  html?: string
  signed?: boolean
}

interface Collecting {
  limits: MailLimits
  segments: Segment[]
  attachments: MailAttachment[]
  reports: { mediaType: string; text: string }[]
  calendar: string | undefined
  cut: boolean
  textBudget: number
  opened: number
  inReport: boolean
  sealed: Set<'signed' | 'encrypted'>
  inSigned: boolean
}

const REPORT_TYPES =
  /^(?:message\/(?:global-)?(?:delivery-status|disposition-notification|feedback-report|headers)|text\/rfc822-headers|message\/rfc822|message\/global|message\/partial)$/

export async function readBody(root: MimePart, limits: MailLimits): Promise<MailBody> {
  const state: Collecting = {
    limits,
    segments: [],
    attachments: [],
    reports: [],
    calendar: undefined,
    cut: false,
    textBudget: LONGEST_BODY,
    opened: 0,
    inReport: root.mediaType === 'multipart/report',
    sealed: new Set(),
    inSigned: false,
  }
  await collect(root, state, 0)
  const { segments, attachments, calendar, cut, reports, sealed } = state
  // An invitation and nothing else: its lines as they stand, a rule that repeats included.
  if (calendar !== undefined && joinText(segments).trim() === '') segments.push({ plain: calendar.slice(0, LONGEST_CALENDAR) })
  const text = joinText(segments)
  noteArmour(text, sealed)
  // Beside what nobody here can open or check, a stranger's HTML could frame it as its own (EFAIL): then only words are shown.
  const apart = sealed.has('encrypted') || (sealed.has('signed') && segments.some((one) => !one.signed))
  const html = apart ? undefined : joinHtml(segments)
  markInline(attachments, html)
  const markedText = sealed.has('signed') ? joinText(marked(segments, unsignedMark[guessLanguage(text) ?? 'en'])) : text
  return { text, html, attachments, calendar, cut, reports, sealed, markedText }
}

const unsignedMark = { en: '[The following is not part of the signed text]', de: '[Das Folgende gehört nicht zum signierten Text]' }

/** Inline PGP (RFC 9580, 6.2): its marks stand in the text and say where it begins and ends. */
function noteArmour(text: string, sealed: Set<'signed' | 'encrypted'>): void {
  if (text.includes('-----BEGIN PGP MESSAGE-----')) sealed.add('encrypted')
  if (text.includes('-----BEGIN PGP SIGNED MESSAGE-----')) sealed.add('signed')
}

function marked(segments: Segment[], mark: string): Segment[] {
  if (!segments.some((one) => one.signed)) return segments
  return segments.flatMap((one) => (one.signed || joinText([one]).trim() === '' ? [one] : [{ plain: mark }, one]))
}

async function collect(part: MimePart, state: Collecting, depth: number): Promise<void> {
  if (part.mediaType.startsWith('multipart/') && part.parts.length > 0) {
    if (part.mediaType === 'multipart/alternative') return collectAlternatives(part, state, depth)
    if (part.mediaType === 'multipart/report') state.inReport = true
    if (part.mediaType === 'multipart/encrypted') return keepSealed(part, state)
    if (part.mediaType === 'multipart/signed') return collectSigned(part, state, depth)
    for (const child of part.parts) await collect(child, state, depth)
    return
  }
  if (part.mediaType.startsWith('multipart/')) {
    // A missing or wrong boundary: the text is there, only its structure is not.
    if (part.bytes.length > 0) addText(part, state)
    return
  }
  await collectLeaf(part, state, depth)
}

/** RFC 1847: what is signed comes first; whatever else lies in there is not covered by the signature. */
async function collectSigned(part: MimePart, state: Collecting, depth: number): Promise<void> {
  state.sealed.add('signed')
  const outer = state.inSigned
  for (const [n, child] of part.parts.entries()) {
    state.inSigned = n === 0
    await collect(child, state, depth)
  }
  state.inSigned = outer
}

/** Never opened, never shown: each part is a file. */
function keepSealed(part: MimePart, state: Collecting): void {
  state.sealed.add('encrypted')
  for (const child of part.parts) {
    if (child.parts.length > 0) keepSealed(child, state)
    else if (child.bytes.length > 0) state.attachments.push(toAttachment(child))
  }
}

const SEALED = /^application\/(?:x-)?pkcs7-mime$/
const isPgpFile = (part: MimePart) => part.mediaType === 'application/pgp-encrypted'

async function collectAlternatives(part: MimePart, state: Collecting, depth: number): Promise<void> {
  const outer = state.segments
  const chosen: Segment = state.inSigned ? { signed: true } : {}
  for (const child of part.parts) {
    state.segments = []
    await collect(child, state, depth)
    const plain = state.segments
      .filter((one) => one.html === undefined)
      .map((one) => one.plain ?? '')
      .join('\n')
    const html = joinHtml(state.segments)
    // A signed alternative vouches for itself only: what is shown beside it may say something else.
    if (state.segments.some((one) => one.signed) && chosen.signed === undefined) chosen.signed = false
    if (html !== undefined) chosen.html ??= html
    else if (plain.trim() !== '') chosen.plain ??= plain
  }
  state.segments = outer
  state.segments.push(chosen)
}

async function collectLeaf(part: MimePart, state: Collecting, depth: number): Promise<void> {
  const isText = part.mediaType === 'text/plain' || part.mediaType === 'text/html' || part.mediaType === 'text/enriched'
  const attached = part.disposition === 'attachment' || (part.fileName !== undefined && state.segments.length > 0)
  if (isText && !attached) {
    if (part.bytes.length > 0) addText(part, state)
    return
  }
  if (part.bytes.length === 0 && part.fileName === undefined) return
  if (SEALED.test(part.mediaType) || isPgpFile(part)) state.sealed.add(part.smimeType === 'signed-data' ? 'signed' : 'encrypted')
  if (REPORT_TYPES.test(part.mediaType))
    state.reports.push({ mediaType: part.mediaType, text: bodyText(decodeText(part.bytes.subarray(0, 1_000_000), part.charset)) })
  if (part.mediaType === 'text/calendar' || part.mediaType === 'application/ics') state.calendar ??= textOf(part).slice(0, 500_000)
  if (isTnef(part) && depth < state.limits.opened && openTnef(part, state)) return
  const opened =
    part.mediaType === 'message/rfc822' && !state.inReport && depth < state.limits.opened && (await openMail(part, state, depth))
  // An opened mail inside an attached mail is in that attachment already; listing each level again would multiply the size.
  if (!opened || depth === 0) state.attachments.push(toAttachment(part))
}

function addText(part: MimePart, state: Collecting): void {
  const text = textOf(part, state.textBudget)
  const signed = state.inSigned ? { signed: true } : {}
  state.segments.push(part.mediaType === 'text/html' ? { html: text, ...signed } : { plain: text, ...signed })
  if (part.bytes.length > state.textBudget) {
    state.cut = true
    state.attachments.push(toAttachment(part.mediaType.startsWith('text/') ? part : { ...part, mediaType: 'text/plain' }))
  }
  state.textBudget = Math.max(0, state.textBudget - part.bytes.length)
}

const isTnef = (part: MimePart) => /^application\/(?:vnd\.)?ms-tnef$/.test(part.mediaType) || /^winmail\.dat$/i.test(part.fileName ?? '')

function openTnef(part: MimePart, state: Collecting): boolean {
  const content = readTnef(part.bytes)
  if (!content) return false
  for (const one of content.attachments) {
    const mediaType = one.mediaType && /^[\w.+-]+\/[\w.+-]+$/.test(one.mediaType) ? one.mediaType : 'application/octet-stream'
    state.attachments.push(attachment(one.name, mediaType, one.bytes, one.contentId, false))
  }
  const said = state.segments.some((one) => (one.plain ?? one.html ?? '').trim() !== '')
  if (!said && content.html) state.segments.push({ html: bodyText(decodeText(content.html, undefined)) })
  else if (!said && content.text) state.segments.push({ plain: bodyText(content.text) })
  // Nothing of it is shown: then the wrapping itself is the attachment.
  return content.attachments.length > 0 || (!said && Boolean(content.html ?? content.text))
}

/** An attached mail: its words follow ours below a header block, its files join ours. */
async function openMail(part: MimePart, state: Collecting, depth: number): Promise<boolean> {
  const inner = await readMimeTree(part.bytes, state.limits).catch(() => null)
  if (!inner) return false
  state.opened += 1
  if (state.opened > 50) return false
  const header = (name: string) => oneLine(decodeHeader(inner.headers.find((one) => one.name === name)?.value ?? ''), 500)
  const lines = ['From', 'Date', 'To', 'Subject']
    .map((name) => [name, header(name.toLowerCase())] as const)
    .filter(([, value]) => value !== '')
  const outer = state.segments
  state.segments = []
  await collect(inner, state, depth + 1)
  const text = joinText(state.segments)
  const html = joinHtml(state.segments)
  state.segments = outer
  const head = lines.map(([name, value]) => `${name}: ${value}`).join('\n')
  const plain = `---------- Forwarded message ----------\n${head}\n\n${text}`
  const signed = state.inSigned ? { signed: true } : {}
  state.segments.push(html === undefined ? { plain, ...signed } : { plain, ...signed, html: `<hr><pre>${escapeHtml(head)}</pre>${html}` })
  return true
}

function toAttachment(part: MimePart): MailAttachment {
  return attachment(
    part.fileName,
    part.mediaType,
    part.bytes,
    part.contentId || undefined,
    part.disposition === 'inline' && Boolean(part.contentId),
  )
}

function attachment(
  name: string | undefined,
  mediaType: string,
  bytes: Uint8Array,
  contentId: string | undefined,
  inline: boolean,
): MailAttachment {
  const copy = ownBytes(bytes)
  const made: MailAttachment = {
    name: attachmentName(name, mediaType),
    mediaType,
    size: copy.length,
    inline,
    sha256: createHash('sha256').update(copy).digest('hex'),
    bytes: copy,
  }
  if (contentId) made.contentId = oneLine(contentId, 300)
  return made
}

/** Decoded bytes are ours alone and are moved to the caller as they are; what is a piece of the raw mail is copied out of it. */
const ownBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteOffset === 0 && bytes.buffer.byteLength <= bytes.length * 1.2 + 1000 && bytes.length > 4096 ? bytes : new Uint8Array(bytes)

function joinText(segments: Segment[]): string {
  return segments
    .map((one) =>
      one.plain !== undefined && one.plain.trim() !== ''
        ? one.plain
        : one.html === undefined
          ? (one.plain ?? '')
          : bodyText(textFromHtml(one.html)),
    )
    .map((text) => text.replace(/\n+$/, ''))
    .join('\n\n')
}

function joinHtml(segments: Segment[]): string | undefined {
  if (!segments.some((one) => one.html !== undefined)) return undefined
  return segments.map((one) => one.html ?? `<div style="white-space:pre-wrap">${escapeHtml(one.plain ?? '')}</div>`).join('\n')
}

const escapeHtml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

function markInline(attachments: MailAttachment[], html: string | undefined): void {
  if (html === undefined) return
  const named = new Set<string>()
  for (const found of html.matchAll(/cid:([^"'\s>)]{1,300})/gi)) {
    named.add(found[1] ?? '')
    try {
      named.add(decodeURIComponent(found[1] ?? ''))
    } catch {
      // A stray percent sign: the name as written is in already.
    }
  }
  for (const one of attachments) if (one.contentId && named.has(one.contentId)) one.inline = true
}
