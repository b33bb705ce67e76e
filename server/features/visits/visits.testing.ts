import { crc32, deflateSync } from 'node:zlib'

/** A small reader of iCalendar for the tests, written from RFC 5545 and not from our writer: unfold, split, unescape. */
export type IcsEvent = Record<string, { value: string; params: string }>
export type Ics = { method: string | undefined; events: IcsEvent[]; longestLine: number; bareLineFeeds: number }

export function readIcs(text: string): Ics {
  const longestLine = Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))
  const bareLineFeeds = (text.match(/(?<!\r)\n/g) ?? []).length
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
  const events: IcsEvent[] = []
  let now: IcsEvent | undefined
  let method: string | undefined
  for (const line of lines) {
    const colon = endOfName(line)
    if (colon < 0) continue
    const [name = '', ...params] = line.slice(0, colon).split(';')
    const value = unescaped(line.slice(colon + 1))
    if (name === 'BEGIN' && value === 'VEVENT') now = {}
    else if (name === 'END' && value === 'VEVENT' && now) {
      events.push(now)
      now = undefined
    } else if (now) now[name] = { value, params: params.join(';') }
    else if (name === 'METHOD') method = value
  }
  return { method, events, longestLine, bareLineFeeds }
}

function endOfName(line: string): number {
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') quoted = !quoted
    else if (line[i] === ':' && !quoted) return i
  }
  return -1
}

const unescaped = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, sign: string) => (sign === 'n' || sign === 'N' ? '\n' : sign))

/** A PNG as a canvas writes it: RGBA, a black line on nothing, rows under filter 2, and a text chunk that nobody asked for. */
export function drawnPng(ink = true, width = 60, height = 20): Buffer {
  const rows: Buffer[] = []
  let before: Buffer = Buffer.alloc(width * 4)
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(width * 4)
    if (ink) for (let x = 5; x < 50; x++) if (Math.abs(y - 10) < 2) row.writeUInt32BE(0x000000ff, x * 4)
    rows.push(Buffer.from([2]), Buffer.from(row.map((byte, i) => byte - before[i]!)))
    before = row
  }
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), body])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(body.length)
    ends.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const magic = Buffer.from('89504e470d0a1a0a', 'hex')
  const text = chunk('tEXt', Buffer.from('Comment\0<script>alert(1)</script>'))
  return Buffer.concat([magic, chunk('IHDR', head), text, chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))])
}
