import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * A signature is drawn in a browser and sent as PNG. It is never kept as it came: its pixels are read (8 bits, not
 * interlaced, as every canvas writes them), laid on white, and written anew in shades of grey. What else was in the file
 * is gone, and a file that is something else besides cannot be made this way.
 */
export type Unreadable = 'not-png' | 'too-large' | 'empty'
const magic = Buffer.from('89504e470d0a1a0a', 'hex')
const most = { width: 2000, height: 1200 }
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 }

type Head = { width: number; height: number; channels: number }

export function asSignature(png: Buffer): Buffer | Unreadable {
  const read = chunksOf(png)
  if (!read) return 'not-png'
  const { head, data } = read
  if (head.width > most.width || head.height > most.height) return 'too-large'
  const rows = unfiltered(head, data)
  if (!rows) return 'not-png'
  const grey = onWhite(head, rows)
  // A stray dot is nobody's name.
  if (grey.reduce((ink, shade) => ink + (shade < 160 ? 1 : 0), 0) < 40) return 'empty'
  return written(head.width, head.height, grey)
}

function chunksOf(png: Buffer): { head: Head; data: Buffer } | undefined {
  if (png.length < 45 || !png.subarray(0, 8).equals(magic)) return undefined
  const pieces: Buffer[] = []
  let head: Head | undefined
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    if (at + 12 + length > png.length) return undefined
    const body = png.subarray(at + 8, at + 8 + length)
    if (name === 'IHDR' && length === 13) head = headOf(body)
    if (name === 'IDAT') pieces.push(body)
    if (name === 'IEND') break
    at += 12 + length
  }
  return head && pieces.length > 0 ? { head, data: Buffer.concat(pieces) } : undefined
}

function headOf(body: Buffer): Head | undefined {
  const channels = channelsOf[body[9] ?? -1]
  const plain = body[8] === 8 && body[10] === 0 && body[11] === 0 && body[12] === 0
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
  return channels && plain && width > 0 && height > 0 ? { width, height, channels } : undefined
}

/** PNG, chapter 9: each row says by which neighbours it was made smaller. */
function unfiltered({ width, height, channels }: Head, data: Buffer): Buffer | undefined {
  const stride = width * channels
  const size = (stride + 1) * height
  let raw: Buffer
  try {
    raw = inflateSync(data, { maxOutputLength: size })
  } catch {
    return undefined
  }
  if (raw.length !== size) return undefined
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0
    if (filter > 4) return undefined
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= channels ? out[at - channels]! : 0
      const up = y > 0 ? out[at - stride]! : 0
      const corner = x >= channels && y > 0 ? out[at - stride - channels]! : 0
      out[at] = raw[y * (stride + 1) + 1 + x]! + guessed(filter, left, up, corner)
    }
  }
  return out
}

function guessed(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter === 0) return 0
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

function onWhite({ width, height, channels }: Head, pixels: Buffer): Buffer {
  const grey = Buffer.alloc(width * height)
  for (let i = 0; i < grey.length; i++) {
    const at = i * channels
    const colour = channels >= 3
    const light = colour ? 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]! : pixels[at]!
    const alpha = channels === 4 ? pixels[at + 3]! : channels === 2 ? pixels[at + 1]! : 255
    grey[i] = Math.round((light * alpha + 255 * (255 - alpha)) / 255)
  }
  return grey
}

function written(width: number, height: number, grey: Buffer): Buffer {
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) grey.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // 8 bits, shades of grey.
  head[8] = 8
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
