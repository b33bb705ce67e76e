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
  const plain = text.replaceAll(markOn, '').replaceAll(markOff, '').replace(/\s+/g, ' ').trim()
  const first = lexemes.length === 0 ? undefined : firstHit(plain, lexemes)
  const from = first === undefined || first <= around ? 0 : plain.indexOf(' ', first - around - 1) + 1
  const end = from + most
  const to = plain.length <= end ? plain.length : Math.max(plain.lastIndexOf(' ', end), from + around)
  const marked = plain.slice(from, to).replace(oneWord, (word) => (isHit(word, lexemes) ? `${markOn}${word}${markOff}` : word))
  return `${from > 0 ? '… ' : ''}${marked}${to < plain.length ? ' …' : ''}`
}

const oneWord = /[\p{L}\p{N}]+(?:[._@'-][\p{L}\p{N}]+)*/gu

function firstHit(text: string, lexemes: readonly Lexeme[]): number | undefined {
  for (const found of text.matchAll(oneWord)) if (isHit(found[0], lexemes)) return found.index
  return undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII needs no folding
const ascii = /^[\u0000-\u007f]*$/
const fold = (text: string) => (ascii.test(text) ? text.toLowerCase() : text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, ''))

/** A stem is found at the beginning of the word as written; English stems may end in i for y (batteri, battery). */
function isHit(word: string, lexemes: readonly Lexeme[]): boolean {
  const plain = fold(word)
  const parts = /[._@'-]/.test(plain) ? [plain, ...plain.split(/[._@'-]/)] : [plain]
  return parts.some((part) =>
    lexemes.some(({ text, beginning }) => {
      if (part === text) return true
      if (part.charCodeAt(0) !== text.charCodeAt(0)) return false
      const stem = text.length > 3 && text.endsWith('i') ? text.slice(0, -1) : text
      return stem.length >= 3 && part.startsWith(stem) && (beginning || part.length - stem.length <= 4)
    }),
  )
}
