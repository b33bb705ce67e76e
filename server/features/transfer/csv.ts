/**
 * Comma-separated values (RFC 4180) as programs really write them: commas, semicolons, tabs or bars, CR LF, LF or CR,
 * cells in quotes with line breaks. Every record keeps the line it began on. A record whose quotes go wrong is handed out
 * as broken and reading goes on at the very next line, so that one stray quote never swallows what follows.
 */
export type CsvSigns = { delimiter: string; quote: string }
export type CsvRecord = { line: number; fields: string[]; broken?: { code: 'open_quote' | 'too_many_cells'; column: number } }
type Read = { fields: string[]; end: number; lines: number } | { openQuote: number }

/** No cell of a desk is longer; a quote that never ends is found out here at the latest. */
const longestCell = 1_000_000
const mostCells = 1000

export function* readCsv(text: string, signs: CsvSigns = signsOf(text)): Generator<CsvRecord> {
  let at = text.startsWith('\ufeff') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const read = readRecord(text, at, signs)
    if ('openQuote' in read) {
      const end = lineEnd(text, at)
      const fields = text.slice(at, end).split(signs.delimiter, mostCells)
      yield { line, fields, broken: { code: 'open_quote', column: read.openQuote } }
      at = afterBreak(text, end)
      line++
      continue
    }
    if (read.fields.length > mostCells)
      yield { line, fields: read.fields.slice(0, mostCells), broken: { code: 'too_many_cells', column: mostCells } }
    else if (read.fields.some((cell) => cell.trim() !== '')) yield { line, fields: read.fields }
    at = afterBreak(text, read.end)
    line += read.lines + 1
  }
}

/** One record from `at`; `lines`: breaks inside its quotes. */
function readRecord(text: string, at: number, { delimiter, quote }: CsvSigns): Read {
  const fields: string[] = []
  let lines = 0
  for (let start = at; ; ) {
    if (text[start] === quote) {
      const cell = readQuoted(text, start + 1, quote)
      if (cell === undefined) return { openQuote: fields.length }
      fields.push(cell.value)
      lines += cell.lines
      const next = text[cell.end]
      if (next === delimiter) start = cell.end + 1
      else if (next === undefined || next === '\n' || next === '\r') return { fields, end: cell.end, lines }
      else return { openQuote: fields.length - 1 }
    } else {
      let end = start
      while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
      fields.push(text.slice(start, end))
      if (text[end] !== delimiter) return { fields, end, lines }
      start = end + 1
    }
  }
}

/** From behind the opening quote to behind the closing one; undefined when there is none. */
function readQuoted(text: string, from: number, quote: string): { value: string; end: number; lines: number } | undefined {
  let value = ''
  for (let start = from; ; ) {
    const close = text.indexOf(quote, start)
    if (close < 0 || close - from > longestCell) return undefined
    value += text.slice(start, close)
    if (text[close + 1] !== quote) {
      const breaks = value.match(/\r\n|\n|\r/g)
      return { value, end: close + 1, lines: breaks?.length ?? 0 }
    }
    value += quote
    start = close + 2
  }
}

function lineEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}
const afterBreak = (text: string, end: number): number => (text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1)

/** The pair of signs under which the first records have the same number of cells, and most of them. */
export function signsOf(text: string): CsvSigns {
  const head = text.slice(0, 100_000)
  const quote = (head.match(/(?:^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n])/g)?.length ?? 0) > 2 * (head.match(/"/g)?.length ?? 0) ? "'" : '"'
  const rated = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, rate: rateOf(head, { delimiter, quote }) }))
  return { delimiter: rated.sort((a, b) => b.rate - a.rate)[0]?.delimiter ?? ',', quote }
}

function rateOf(head: string, signs: CsvSigns): number {
  const widths: number[] = []
  for (const { fields } of readCsv(head, signs)) if (widths.push(fields.length) >= 20) break
  const first = widths[0] ?? 0
  if (first < 2) return 0
  return first * (widths.filter((width) => width === first).length / widths.length)
}
