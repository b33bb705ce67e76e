// Content-Transfer-Encoding (RFC 2045, 6), over whole bodies at once: a line at a time costs an object a line, and a
// mail of five million short lines would fill the heap before anybody has looked at it. Broken input never fails: what
// is not base64 is skipped, an impossible quoted-printable escape stays as it stands.

export function decodeTransfer(body: Uint8Array, encoding: string): Uint8Array {
  if (/base64/i.test(encoding)) return decodeBase64(body)
  if (/quoted-printable/i.test(encoding)) return decodeQuotedPrintable(body)
  return body
}

const sextets = new Int8Array(256).fill(-1)
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  sextets[sign.charCodeAt(0)] = value

/**
 * Straight from bytes to bytes: by way of strings a large attachment would lie in memory four times. What is no base64 is
 * skipped; padding ends a group, and what follows it is another encoding (several parts glued together).
 */
function decodeBase64(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((body.length * 3) / 4))
  let size = 0
  let bits = 0
  let held = 0
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number
    const value = sextets[byte] as number
    if (value >= 0) {
      held = ((held << 6) | value) & 0xffffff
      bits += 6
      if (bits >= 8) {
        bits -= 8
        out[size++] = (held >> bits) & 0xff
      }
    } else if (byte === 0x3d) bits = 0
  }
  return out.subarray(0, size)
}

const hex = (byte: number | undefined): number => {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function decodeQuotedPrintable(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length)
  let size = 0
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0
    if (byte !== 0x3d) {
      out[size++] = byte
      continue
    }
    const soft = softBreak(body, at + 1)
    if (soft > 0) {
      at = soft
      continue
    }
    const high = hex(body[at + 1])
    const low = hex(body[at + 2])
    if (high >= 0 && low >= 0) {
      out[size++] = high * 16 + low
      at += 2
    } else out[size++] = byte
  }
  return out.subarray(0, size)
}

/** The line feed that ends a soft line break beginning at `at`, or 0: "=" may be followed by spaces (rule 3). */
function softBreak(body: Uint8Array, at: number): number {
  let end = at
  while (end < body.length && end - at < 100 && (body[end] === 0x20 || body[end] === 0x09)) end += 1
  if (end >= body.length) return end
  if (body[end] === 0x0d && body[end + 1] === 0x0a) return end + 1
  return body[end] === 0x0a ? end : 0
}
