/** What was written in one language at least, in the reader's if it is there. */
export type Words = { en: string; de: string }
export const wordsIn = (words: Words, language: 'en' | 'de'): string => words[language] || words.en || words.de

/** Check items as lines of a text: `English | German`, or one of them alone. */
export const linesOf = (items: readonly Words[]): string => items.map(({ en, de }) => (en && de ? `${en} | ${de}` : en || de)).join('\n')

/** A line in one language alone is taken for the reader's; it stands for the other one too. */
export function itemsOf(text: string, language: 'en' | 'de'): Words[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.replace('|', '').trim() !== '')
    .map((line) => {
      const [first = '', ...rest] = line.split('|')
      if (rest.length === 0) return language === 'en' ? { en: line, de: '' } : { en: '', de: line }
      return { en: first.trim(), de: rest.join('|').trim() }
    })
}
