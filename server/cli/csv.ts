/**
 * Comma-separated values (RFC 4180) as programs really write them: a byte order mark, semicolons or tabs for commas,
 * CR LF or LF, quoted fields with line breaks, and Windows-1252 where it is not UTF-8. Every record keeps the line it
 * began on, so that a broken one can be found.
 */
export type CsvRecord = { line: number; fields: string[] }

export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

export function readCsv(text: string): CsvRecord[] {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text
  const separator = separatorOf(source)
  const records: CsvRecord[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let began = 1
  const endField = () => {
    fields.push(field)
    field = ''
  }
  const endRecord = () => {
    endField()
    if (fields.some((value) => value.trim() !== '')) records.push({ line: began, fields })
    fields = []
    began = line
  }
  for (let i = 0; i < source.length; i++) {
    const sign = source[i]
    if (sign === '\n') line++
    if (quoted) {
      if (sign !== '"') field += sign
      else if (source[i + 1] === '"') field += source[++i]
      else quoted = false
    } else if (sign === '"' && field === '') quoted = true
    else if (sign === separator) endField()
    else if (sign === '\n') endRecord()
    else if (sign !== '\r' || source[i + 1] !== '\n') field += sign
  }
  if (field !== '' || fields.length > 0) endRecord()
  return records
}

/** The one that the first line holds most of. */
function separatorOf(source: string): string {
  const first = source.slice(0, source.search(/[\r\n]|$/))
  const counts = [',', ';', '\t'].map((sign) => ({ sign, n: first.split(sign).length }))
  return counts.sort((a, b) => b.n - a.n)[0]?.sign ?? ','
}
