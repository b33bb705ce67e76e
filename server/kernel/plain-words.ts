// Characters that must not survive into a subject, a name or a file name: they hide, reorder or break what people read.
// Bidirectional controls (Unicode TR 9) and zero-width characters make `gpj.exe` look like a picture: they are removed.

// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is what this is for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise; tab, line feed and form feed stay in bodies
const BODY_CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/g
const BODY_BIDI = /[\u202a-\u202e\u2066-\u2069]/g

/** One line, no control, bidi or zero-width characters, at most `longest` characters. */
export function oneLine(text: string, longest = 1000): string {
  const cleaned = text
    .slice(0, longest * 8)
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(/ {2,}/g, ' ')
    .trim()
  return cleaned.length > longest ? `${cleaned.slice(0, longest - 1).replace(LONE_SURROGATES, '')}…` : cleaned
}

/** A body: LF line ends, no NUL (PostgreSQL refuses it), no control characters, no reordering of what is read. */
export function bodyText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(BODY_CONTROLS, '').replace(BODY_BIDI, '').replace(LONE_SURROGATES, '\ufffd')
}
