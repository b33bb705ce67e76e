// Bytes to text for whatever charset label a mail carries. WHATWG labels go to TextDecoder; UTF-7 (RFC 2152), which
// browsers dropped for good reasons, is decoded here because old Exchange still sends it; an unknown label is read as
// UTF-8 when the bytes are valid UTF-8 and as windows-1252 otherwise, so that there is always a text.

const ALIASES: Record<string, string> = {
  'x-mac-roman': 'macintosh',
  'mac-roman': 'macintosh',
  macroman: 'macintosh',
  'cp-850': 'windows-1252',
  cp932: 'shift_jis',
  'x-ms-cp932': 'shift_jis',
  'windows-31j': 'shift_jis',
  eucjp: 'euc-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  utf8mb4: 'utf-8',
  'iso-8859-8-e': 'iso-8859-8',
}

type Decoder = InstanceType<typeof TextDecoder>

const decoders = new Map<string, Decoder | null>()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const latin = new TextDecoder('windows-1252')

function decoderFor(label: string): Decoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  let decoder: Decoder | null = null
  try {
    decoder = new TextDecoder(ALIASES[label] ?? label)
  } catch {
    decoder = null
  }
  // A sender chooses the labels: the cache must not grow with what he invents.
  if (decoder && decoders.size < 200) decoders.set(label, decoder)
  return decoder
}

/** UTF-8 where the bytes are valid UTF-8, windows-1252 otherwise: for text whose charset nobody declared. */
export function decodeUndeclared(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return latin.decode(bytes)
  }
}

/** Declared UTF-8 that is not: one broken character costs that character, a lie about the charset costs nothing. */
function decodeDeclaredUtf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    const lenient = new TextDecoder('utf-8').decode(bytes)
    const broken = lenient.match(/\ufffd/g)?.length ?? 0
    const whole = lenient.match(/[\u0080-\ufffc]/g)?.length ?? 0
    return broken > whole ? latin.decode(bytes) : lenient
  }
}

export function decodeText(bytes: Uint8Array, charset: string | undefined): string {
  const label = (charset ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
  if (label === '' || label === 'us-ascii' || label === 'ascii') return decodeUndeclared(bytes)
  if (label === 'utf-8' || label === 'utf8') return decodeDeclaredUtf8(bytes)
  if (/^(?:unicode-1-1-)?utf-?7$/.test(label)) return decodeUtf7(latin.decode(bytes))
  const decoder = decoderFor(label)
  return decoder ? decoder.decode(bytes) : decodeUndeclared(bytes)
}

/** RFC 2152: `+` opens a run of base64 over UTF-16BE, `-` or any other character closes it, `+-` is a plus sign. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_whole, run: string) => {
    if (run === '') return '+'
    const units = Buffer.from(run, 'base64')
    let out = ''
    for (let at = 0; at + 1 < units.length; at += 2) out += String.fromCharCode(units.readUInt16BE(at))
    return out
  })
}
