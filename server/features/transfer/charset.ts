/** In which signs a file is written: a byte order mark, the zeros of UTF-16, valid UTF-8, and else the western code page. */
export const charsets = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Charset = (typeof charsets)[number]

export function charsetOf(bytes: Uint8Array): Charset {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4000)
  const zeros = [0, 1].map((odd) => head.filter((byte, i) => i % 2 === odd && byte === 0).length)
  const most = head.length * 0.3
  if ((zeros[1] ?? 0) > most) return 'utf-16le'
  if ((zeros[0] ?? 0) > most) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

export const decoded = (bytes: Uint8Array, charset: Charset = charsetOf(bytes)): string => new TextDecoder(charset).decode(bytes)
