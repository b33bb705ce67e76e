/** What was written in one language at least, in the one that is asked for if it is there. */
export const wordsIn = (words: { en: string; de: string }, language: 'en' | 'de'): string => words[language] || words.en || words.de
