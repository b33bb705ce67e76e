// Raw bytes to a tree of MIME parts (RFC 2045-2049, 2231). postal-mime does the splitting and the transfer encodings;
// we keep its tree and put the message together ourselves (read-mail.ts), because only the tree still knows which part
// was an alternative to which, each part's own charset, and the machine-readable parts of a bounce.
// This is the one file that knows postal-mime's inner shape; its version is pinned and parse.test.ts guards the shape.

import PostalMime, { addressParser, decodeWords, type PostalMimeOptions } from 'postal-mime'
import { bodyText, oneLine } from '../../kernel/plain-words.ts'
import { decodeText, decodeUndeclared, decodeUtf7 } from './charset.ts'
import { unfoldFlowed } from './flowed.ts'
import { type MailAddress, type MailLimits, MailTooHard } from './parsed-mail.ts'
import { decodeTransfer } from './transfer.ts'

interface Structured {
  value: string
  params: Record<string, string>
}

interface PostalNode {
  state: 'header' | 'body' | 'finished'
  contentTransferEncoding: { encoding: string }
  contentDecoder: unknown
  headers: { key: string; value: string }[]
  contentType: { value: string; parsed: Structured; multipart: string | false }
  contentDisposition: { parsed: Structured }
  contentId?: string
  childNodes: PostalNode[]
}

export interface MimePart {
  mediaType: string
  charset: string | undefined
  disposition: string
  fileName: string | undefined
  contentId: string | undefined
  /** RFC 8551, 3.2.2: what an application/pkcs7-mime part is. */
  smimeType: string | undefined
  flowed: boolean
  delSp: boolean
  headers: { name: string; value: string }[]
  bytes: Uint8Array
  parts: MimePart[]
}

interface PostalInside {
  new (
    options: PostalMimeOptions,
  ): {
    root: PostalNode
    currentNode: PostalNode
    buf: ArrayBuffer
    parse(raw: Uint8Array): Promise<unknown>
    processLine(line: Uint8Array<ArrayBuffer>, isFinal: boolean): Promise<void>
  }
}

/**
 * postal-mime finds the parts and reads their headers; bodies are noted as places in the raw mail and decoded from
 * there (transfer.ts), which keeps an unencoded attachment exact to the byte and memory at the size of the mail.
 */
class TreeOnly extends (PostalMime as unknown as PostalInside) {
  readonly bodies = new Map<PostalNode, { from: number; to: number }>()
  partsLeft = Number.POSITIVE_INFINITY

  async collectNode(): Promise<void> {}
  renderTextContent(): void {}

  override processLine(line: Uint8Array<ArrayBuffer>, isFinal: boolean): Promise<void> {
    const node = this.currentNode
    const inBody = node.state === 'body'
    if (inBody) node.contentDecoder = null
    const done = super.processLine(line, isFinal)
    if (!inBody) return done
    // The line end before a boundary belongs to the boundary, the one at the end of the mail to the body.
    const to = isFinal ? this.buf.byteLength : line.byteOffset + line.byteLength
    const note = () => {
      const span = this.bodies.get(node)
      if (span) span.to = to
      else this.bodies.set(node, { from: line.byteOffset, to })
    }
    // A boundary line moves on to another part, and only a line of two hyphens can be one.
    if (line[0] !== 0x2d || line[1] !== 0x2d) note()
    else return done.then(() => (this.currentNode === node ? note() : this.countPart()))
    return done
  }

  /** Counted while reading: a tree of ten million parts must not be built first. */
  countPart(): void {
    this.partsLeft -= 1
    if (this.partsLeft < 0) throw new Error('too many parts')
  }

  bytesOf(node: PostalNode): Uint8Array {
    const span = this.bodies.get(node)
    if (!span || node.childNodes.length > 0) return new Uint8Array()
    return decodeTransfer(new Uint8Array(this.buf, span.from, span.to - span.from), node.contentTransferEncoding.encoding)
  }
}

export async function readMimeTree(raw: Uint8Array, limits: MailLimits): Promise<MimePart> {
  const parser = new TreeOnly({ maxNestingDepth: limits.nesting, maxHeadersSize: 4 * 1024 * 1024 })
  // Each part begins and may end with a boundary line.
  parser.partsLeft = limits.parts * 2
  try {
    await parser.parse(repairHeaders(raw))
  } catch (cause) {
    throw new MailTooHard('too-complex', cause instanceof Error ? cause.message : undefined)
  }
  const count = { parts: 0 }
  return toPart(parser, parser.root, limits, count)
}

function toPart(parser: TreeOnly, node: PostalNode, limits: MailLimits, count: { parts: number }): MimePart {
  count.parts += 1
  if (count.parts > limits.parts) throw new MailTooHard('too-complex', `more than ${limits.parts} parts`)
  const type = node.contentType.parsed
  const disposition = node.contentDisposition.parsed
  const given = disposition.params.filename ?? type.params.name
  return {
    mediaType: type.value.trim() || 'text/plain',
    charset: type.params.charset,
    disposition: disposition.value,
    fileName: given === undefined ? undefined : decodeHeader(given),
    contentId: node.contentId?.replace(/^[\s<]+|[\s>]+$/g, ''),
    smimeType: type.params['smime-type']?.toLowerCase(),
    flowed: /^flowed$/i.test(type.params.format ?? ''),
    delSp: /^yes$/i.test(type.params.delsp ?? ''),
    headers: node.headers.map(({ key, value }) => ({ name: key, value })),
    bytes: parser.bytesOf(node),
    parts: node.childNodes.map((child) => toPart(parser, child, limits, count)),
  }
}

/** The text of a text part, at most `longest` bytes of it: charset, flowed lines and forbidden characters done. */
export function textOf(part: MimePart, longest = 8_000_000): string {
  const text = bodyText(decodeText(part.bytes.subarray(0, longest), part.charset))
  return part.flowed ? unfoldFlowed(text, part.delSp) : text
}

/** RFC 2047 words decoded; UTF-7 words are decoded here because no platform decoder knows them any more. */
export function decodeHeader(value: string): string {
  const ready = value.replace(/=\?utf-7(?:\*[^?]*)?\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, body: string) =>
    decodeUtf7(
      kind.toUpperCase() === 'B'
        ? Buffer.from(body, 'base64').toString('latin1')
        : body.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (_h, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    ),
  )
  return decodeWords(ready)
}

/** Addresses of one header value, groups flattened, domains in lower case; entries without an address are left out. */
export function readAddresses(value: string): MailAddress[] {
  return addressParser(value.slice(0, 200_000), { flatten: true })
    .map((one) => ({ name: oneLine(decodeHeader(one.name), 200), address: cleanAddress(one.address ?? '') }))
    .filter((one) => one.address !== '')
}

function cleanAddress(given: string): string {
  const address = oneLine(given, 400).replace(/\s+/g, '')
  const at = address.lastIndexOf('@')
  if (at <= 0 || at === address.length - 1) return ''
  return address.slice(0, at) + address.slice(at).toLowerCase()
}

/**
 * Header lines in undeclared 8-bit are rewritten as UTF-8 (the parser assumes UTF-8); empty lines and an mbox "From "
 * line before the first header are dropped, which would otherwise turn the whole mail into a body; bare CR line ends
 * (and nothing else) become LF.
 */
function repairHeaders(given: Uint8Array): Uint8Array {
  const raw = given.includes(0x0a) ? given : given.map((byte) => (byte === 0x0d ? 0x0a : byte))
  let start = 0
  while (start < raw.length && (raw[start] === 0x0a || raw[start] === 0x0d)) start += 1
  if (Buffer.from(raw.subarray(start, start + 5)).toString('latin1') === 'From ') {
    const end = raw.indexOf(0x0a, start)
    if (end > 0) start = end + 1
  }
  const mail = start > 0 ? raw.subarray(start) : raw
  const end = endOfHeaders(mail)
  const head = mail.subarray(0, end)
  if (isAscii(head) || isUtf8(head)) return mail
  const lines = splitLines(head).map((line) => Buffer.from(decodeUndeclared(line), 'utf8'))
  return Buffer.concat([...lines, mail.subarray(end)])
}

function endOfHeaders(mail: Uint8Array): number {
  for (let at = mail.indexOf(0x0a); at !== -1; at = mail.indexOf(0x0a, at + 1)) {
    const next = mail[at + 1]
    if (next === 0x0a || (next === 0x0d && mail[at + 2] === 0x0a)) return at + 1
  }
  return mail.length
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let from = 0
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
    lines.push(bytes.subarray(from, at + 1))
    from = at + 1
  }
  lines.push(bytes.subarray(from))
  return lines
}

const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80)

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
