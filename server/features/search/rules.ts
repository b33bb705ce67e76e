/**
 * What somebody typed into the search box. Words must all occur (the last one may still be half typed: no space after
 * it), "a phrase" stands together, -word must not occur. A ticket number or a mail address also jumps straight there.
 */
export type Asked = {
  words: string[]
  phrases: string[]
  without: string[]
  /** The last word may go on. */
  beginning: boolean
  ticketId: string | null
  address: string | null
}
const mostWords = 16

export function askedFor(typed: string): Asked {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL cannot take NUL, and nothing is found by the others
  const text = typed.replace(/[\u0000-\u001f\u007f]/g, ' ')
  const asked: Asked = { words: [], phrases: [], without: [], beginning: false, ticketId: null, address: null }
  for (const [, minus, phrase, word] of text.matchAll(/(?<=^|\s)(-?)(?:"([^"]+)"|(\S+))/g)) {
    asked.beginning = minus === '' && word !== undefined && !/\s$/.test(text)
    if (minus !== '') {
      // A dash between words excludes nothing.
      if (/[\p{L}\p{N}]/u.test(phrase ?? word ?? '')) asked.without.push(phrase ?? word ?? '')
    } else if (phrase !== undefined) asked.phrases.push(phrase)
    else asked.words.push(...(word ?? '').split(/["/\\<>|=&,;:()?!]+/).filter((part) => !/^-*$/.test(part)))
  }
  asked.words = asked.words.slice(0, mostWords)
  const whole = text.trim()
  const number = /^\[?#?(\d{4,18})\]?$/.exec(whole)?.[1]
  asked.ticketId = number === undefined ? null : BigInt(number).toString()
  asked.address = /^[^\s@"]+@[^\s@"]+\.[^\s@"]+$/.test(whole) ? whole : null
  return asked
}

/** Few and short words: worth asking whether one of them is misspelt. */
export const mayBeMisspelt = (asked: Asked): boolean =>
  asked.phrases.length + asked.without.length === 0 && asked.words.length <= 3 && asked.words.some((word) => /\p{L}{4}/u.test(word))

/** How much a word tells: the rarer, the more (the weighting of BM25). */
export const tellingOf = (documents: number, having: number): number => Math.log(1 + (documents - having + 0.5) / (having + 0.5))

/** The forms of one word as firstline.word_query joins them; a lexeme holds no blank. */
export const formsOf = (query: string): string[] => query.split(' | ')

/**
 * Which words choose the candidates, of which only the newest thousand are ranked: the rarest ones, as long as they
 * bring no crowd that would push everything else out. Always at least one.
 */
export function choosers<T extends { having: number }>(terms: readonly T[], crowd = 3000): T[] {
  let brought = 0
  return [...terms]
    .sort((a, b) => a.having - b.having)
    .filter((term, n) => {
      brought += term.having
      return n === 0 || brought <= crowd
    })
}
