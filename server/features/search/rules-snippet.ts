/**
 * The piece of a text in which something was found, with marks around it. Made here and not by PostgreSQL's ts_headline,
 * which parses and stems each text again: twenty of them cost more than the whole search.
 */
export const markOn = '\u0002'
export const markOff = '\u0003'
const around = 70
const most = 220

type Lexeme = { text: string; beginning: boolean }

/** The lexemes of a query as PostgreSQL writes it: `'print':* | 'printer'`; those behind `!` are not looked for. */
export function lexemesOf(query: string): Lexeme[] {
  const found = new Map<string, Lexeme>()
  for (const [, not, text, flags] of query.matchAll(/(!?)\(?\s*'((?:[^']|'')+)'(:[A-D*]+)?/g)) {
    const lexeme = { text: fold((text ?? '').replaceAll("''", "'")), beginning: flags?.includes('*') === true }
    if (not === '' && !found.get(lexeme.text)?.beginning) found.set(lexeme.text, lexeme)
  }
  return [...found.values()]
}

export function snippetOf(text: string, lexemes: readonly Lexeme[]): string {
  const plain = text.replace(/[\u0002\u0003]/g, '').replace(/\s+/g, ' ').trim()
  const words = [...plain.matchAll(/[\p{L}\p{N}]+(?:[._@'-][\p{L}\p{N}]+)*/gu)].map((m) => ({ at: m.index, end: m.index + m[0].length, hit: isHit(m[0], lexemes) }))
  const first = words.find((word) => word.hit)
  const from = first === undefined || first.at <= around ? 0 : (words.find((word) => word.at >= first.at - around)?.at ?? first.at)
  const to = plain.length <= from + most ? plain.length : (words.findLast((word) => word.end <= from + most && word.end > from)?.end ?? from + most)
  let out = from > 0 ? '… ' : ''
  let done = from
  for (const word of words) {
    if (!word.hit || word.at < from || word.end > to) continue
    out += `${plain.slice(done, word.at)}${markOn}${plain.slice(word.at, word.end)}${markOff}`
    done = word.end
  }
  return out + plain.slice(done, to) + (to < plain.length ? ' …' : '')
}

const fold = (text: string) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')

/** A stem is found at the beginning of the word as written; English stems may end in i for y (batteri, battery). */
function isHit(word: string, lexemes: readonly Lexeme[]): boolean {
  const plain = fold(word)
  return [plain, ...(plain.match(/[\p{L}\p{N}]+/gu) ?? [])].some((part) =>
    lexemes.some(({ text, beginning }) => {
      if (part === text) return true
      const stem = text.length > 3 && text.endsWith('i') ? text.slice(0, -1) : text
      return stem.length >= 3 && part.startsWith(stem) && (beginning || part.length - stem.length <= 4)
    }),
  )
}
