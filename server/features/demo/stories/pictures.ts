import { crc32, deflateSync } from 'node:zlib'

/** Small real pictures: what a screenshot of the told stories shows, drawn dot by dot and written as PNG (RFC 2083). */
export type Picture = { width: number; height: number; dots: Uint8Array }
type Colour = readonly [number, number, number]

export const colours = {
  paper: [246, 247, 249],
  white: [255, 255, 255],
  ink: [38, 44, 54],
  grey: [172, 178, 188],
  line: [208, 212, 219],
  blue: [38, 103, 196],
  red: [200, 52, 44],
  green: [46, 138, 84],
  magenta: [196, 40, 150],
} as const satisfies Record<string, Colour>

export function blank(width: number, height: number, colour: Colour = colours.paper): Picture {
  const picture = { width, height, dots: new Uint8Array(width * height * 3) }
  box(picture, 0, 0, width, height, colour)
  return picture
}

export function box(
  { width, height, dots }: Picture,
  left: number,
  top: number,
  wide: number,
  high: number,
  [red, green, blue]: Colour,
): void {
  for (let y = Math.max(top, 0); y < Math.min(top + high, height); y++)
    for (let x = Math.max(left, 0); x < Math.min(left + wide, width); x++) dots.set([red, green, blue], (y * width + x) * 3)
}

export function frame(picture: Picture, left: number, top: number, wide: number, high: number, colour: Colour): void {
  box(picture, left, top, wide, 1, colour)
  box(picture, left, top + high - 1, wide, 1, colour)
  box(picture, left, top, 1, high, colour)
  box(picture, left + wide - 1, top, 1, high, colour)
}

export function slope(picture: Picture, fromX: number, fromY: number, toX: number, toY: number, colour: Colour): void {
  const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1)
  for (let i = 0; i <= steps; i++)
    box(picture, Math.round(fromX + ((toX - fromX) * i) / steps), Math.round(fromY + ((toY - fromY) * i) / steps), 1, 1, colour)
}

// 5 x 7 dots a letter, one number a row.
const letters: Record<string, string> = {
  A: 'EHHVHHH',
  B: 'UHHUHHU',
  C: 'EHGGGHE',
  D: 'UHHHHHU',
  E: 'VGGUGGV',
  F: 'VGGUGGG',
  G: 'EHGNHHF',
  H: 'HHHVHHH',
  I: 'E44444E',
  K: 'HIKOKIH',
  L: 'GGGGGGV',
  M: 'HRLLHHH',
  N: 'HPLJHHH',
  O: 'EHHHHHE',
  P: 'UHHUGGG',
  R: 'UHHUKIH',
  S: 'FGGE11U',
  T: 'V444444',
  U: 'HHHHHHE',
  V: 'HHHHHA4',
  W: 'HHHLLRH',
  X: 'HHA4AHH',
  Y: 'HHA4444',
  Z: 'V12488V',
  J: '7222IIC',
  Q: 'EHHHLID',
  '0': 'EHJLPHE',
  '1': '4C4444E',
  '2': 'EH1248V',
  '3': 'V2421HE',
  '4': '26AIV22',
  '5': 'VGU11HE',
  '6': '68GUHHE',
  '7': 'V124888',
  '8': 'EHHEHHE',
  '9': 'EHHF12C',
  '-': '000E000',
  '.': '00000CC',
  ':': '0CC0CC0',
  '/': '1124488',
  '%': 'OP248JJ',
  '(': '2488842',
  ')': '8422248',
  _: '000000V',
  '+': '044V440',
  "'": '4480000',
  '#': 'AAVAVAA',
}

export function write(picture: Picture, left: number, top: number, text: string, colour: Colour = colours.ink, size = 1): void {
  ;[...text.toUpperCase()].forEach((letter, column) => {
    const rows = letters[letter]
    if (!rows) return
    ;[...rows].forEach((row, y) => {
      const bits = Number.parseInt(row, 36)
      for (let x = 0; x < 5; x++) if (bits & (16 >> x)) box(picture, left + (column * 6 + x) * size, top + y * size, size, size, colour)
    })
  })
}

export function asPng({ width, height, dots }: Picture): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) rows.set(dots.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const ends = Buffer.alloc(4)
  ends.writeUInt32BE(crc32(named))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(body.length)
  return Buffer.concat([size, named, ends])
}
