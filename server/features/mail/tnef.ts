// winmail.dat: Outlook's own wrapping of attachments ([MS-OXTNEF]). A signature, then attributes of
// level(1) id(4) length(4) value(length) checksum(2), little-endian. We take attachments (title, bytes, long name from
// their MAPI properties) and a body, and nothing else. Lengths come from a stranger: every read is checked against the
// end, and nothing is allocated from a declared size.

export interface TnefContent {
  text?: string
  html?: Uint8Array
  attachments: { name: string | undefined; mediaType: string | undefined; contentId: string | undefined; bytes: Uint8Array }[]
}

const SIGNATURE = 0x223e9f78
const ATTR = { body: 0x0002800c, mapi: 0x00069003, rendering: 0x00069002, title: 0x00018010, data: 0x0006800f, attachMapi: 0x00069005 }
const PROP = { htmlBody: 0x1013, body: 0x1000, data: 0x3701, longName: 0x3707, shortName: 0x3704, mimeTag: 0x370e, contentId: 0x3712 }
const MOST_ATTRIBUTES = 20_000

type Attached = TnefContent['attachments'][number]

/** What is inside a winmail.dat, or null when it is not one. A broken end loses only what comes after it. */
export function readTnef(bytes: Uint8Array): TnefContent | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 6 || view.getUint32(0, true) !== SIGNATURE) return null
  const content: TnefContent = { attachments: [] }
  let current: Attached | undefined
  let at = 6
  for (let count = 0; at + 9 <= bytes.length && count < MOST_ATTRIBUTES; count += 1) {
    const id = view.getUint32(at + 1, true)
    const length = view.getUint32(at + 5, true)
    const from = at + 9
    if (length > bytes.length - from) break
    const value = bytes.subarray(from, from + length)
    at = from + length + 2
    if (id === ATTR.rendering) {
      current = { name: undefined, mediaType: undefined, contentId: undefined, bytes: new Uint8Array() }
      content.attachments.push(current)
    } else if (id === ATTR.title && current) current.name ??= latin(value)
    else if (id === ATTR.data && current) current.bytes = value
    else if (id === ATTR.attachMapi && current) readAttachmentProperties(value, current)
    else if (id === ATTR.body) content.text = latin(value)
    else if (id === ATTR.mapi) readMessageProperties(value, content)
  }
  content.attachments = content.attachments.filter((one) => one.bytes.length > 0)
  return content
}

function readAttachmentProperties(value: Uint8Array, into: Attached): void {
  for (const { id, bytes, text } of properties(value)) {
    if (id === PROP.longName && text) into.name = text
    else if (id === PROP.shortName && text) into.name ??= text
    else if (id === PROP.mimeTag && text) into.mediaType = text.toLowerCase()
    else if (id === PROP.contentId && text) into.contentId = text.replace(/^<|>$/g, '')
    // An embedded object starts with a 16-byte interface id; a plain file never has the data here and in attAttachData.
    else if (id === PROP.data && into.bytes.length === 0) into.bytes = bytes.length > 16 ? bytes.subarray(16) : bytes
  }
}

function readMessageProperties(value: Uint8Array, into: TnefContent): void {
  for (const { id, bytes, text } of properties(value)) {
    if (id === PROP.htmlBody) into.html = bytes
    else if (id === PROP.body && text) into.text = text
  }
}

interface Property {
  id: number
  bytes: Uint8Array
  text: string | undefined
}

const FIXED: Record<number, number> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 }

/** MAPI property lists: type(2) id(2) [guid(16) kind(4) name] [count(4)] then values padded to four bytes. */
function* properties(value: Uint8Array): Generator<Property> {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  let at = 4
  const room = (length: number) => length >= 0 && length <= value.length - at
  const padded = (length: number) => (length + 3) & ~3
  while (room(4)) {
    const type = view.getUint16(at, true)
    const id = view.getUint16(at + 2, true)
    at += 4
    if (id >= 0x8000) {
      if (!room(20)) return
      const named = view.getUint32(at + 16, true) === 1
      at += 20
      if (!room(4)) return
      if (named) {
        const length = view.getUint32(at, true)
        at += 4
        if (!room(length)) return
        at += padded(length)
      } else at += 4
    }
    const base = type & 0x0fff
    const several = (type & 0x1000) !== 0
    const fixed = FIXED[base]
    if (fixed !== undefined && !several) {
      if (!room(fixed)) return
      at += fixed
      continue
    }
    if (!room(4)) return
    const count = view.getUint32(at, true)
    at += 4
    for (let item = 0; item < count; item += 1) {
      if (fixed !== undefined) {
        if (!room(fixed)) return
        at += fixed
        continue
      }
      if (!room(4)) return
      const length = view.getUint32(at, true)
      at += 4
      if (!room(length)) return
      const bytes = value.subarray(at, at + length)
      at += padded(length)
      yield { id, bytes, text: asText(base, bytes) }
    }
  }
}

function asText(type: number, bytes: Uint8Array): string | undefined {
  if (type === 0x001f) return new TextDecoder('utf-16le').decode(bytes).replace(/\0+$/, '')
  if (type === 0x001e) return latin(bytes)
  return undefined
}

const latin = (bytes: Uint8Array) => new TextDecoder('windows-1252').decode(bytes).replace(/\0[\s\S]*$/, '')
