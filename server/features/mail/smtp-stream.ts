/**
 * What must be known of a mail while it streams in: its first bytes, and whether every line ends in CRLF. A bare line
 * feed or carriage return lets two servers disagree about where a mail ends (SMTP smuggling, abuse case B-026; RFC 5321,
 * 2.3.8), and the SMTP library takes both as content: so we refuse them.
 */
export const headBytes = 65_536

export type Watched = { head: Buffer; bareLineEnd: boolean; size: number }

export async function* watchLines(source: AsyncIterable<Buffer>, watched: Watched): AsyncGenerator<Buffer> {
  const head: Buffer[] = []
  let kept = 0
  let lastWasCr = false
  for await (const chunk of source) {
    watched.size += chunk.length
    if (!watched.bareLineEnd) watched.bareLineEnd = hasBareLineEnd(chunk, lastWasCr)
    lastWasCr = chunk[chunk.length - 1] === 0x0d
    if (kept < headBytes) {
      head.push(chunk)
      kept += chunk.length
      watched.head = head.length === 1 ? chunk : Buffer.concat(head).subarray(0, headBytes)
    }
    if (!watched.bareLineEnd) yield chunk
  }
  if (lastWasCr) watched.bareLineEnd = true
}

/** `afterCr`: the chunk before ended in a carriage return. */
export function hasBareLineEnd(chunk: Uint8Array, afterCr: boolean): boolean {
  if (afterCr && chunk.length > 0 && chunk[0] !== 0x0a) return true
  for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1))
    if (at === 0 ? !afterCr : chunk[at - 1] !== 0x0d) return true
  for (let at = chunk.indexOf(0x0d); at >= 0; at = chunk.indexOf(0x0d, at + 1))
    if (at + 1 < chunk.length && chunk[at + 1] !== 0x0a) return true
  return false
}

/** The Message-ID of a mail's first bytes, without brackets, so that the journal can find it before it is judged. */
export function messageIdIn(head: Uint8Array): string | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, headBytes)).toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length
  const found = /^message-id:[ \t]*(?:\r?\n[ \t]+)?<?([^<>\s]{1,998})>?/im.exec(text.slice(0, end))
  // Not every octet is a character that PostgreSQL takes.
  return found?.[1]?.replace(/[^\x21-\x7e]/g, '') || null
}

export const hasReturnPath = (head: Uint8Array): boolean =>
  /^return-path:/im.test(
    Buffer.from(head)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? '',
  )
