/**
 * Which team a new ticket goes to: the first rule whose every given condition holds. A rule without conditions takes
 * everything that comes that far. Pure: the rules and the ticket's facts come in as arguments.
 */
export type Conditions = { mailboxId: string | null; categoryId: string | null; organisationId: string | null; words: readonly string[] }
export type Facts = {
  mailboxId: string | null
  /** The category and those above it: a rule for "Network" takes a ticket of "Wi-Fi". */
  categoryIds: readonly string[]
  organisationId: string | null
  subject: string
  body: string
}

/** A long mail's end says nothing that its beginning does not; reading stops there. */
const readUpTo = 20_000
/** From this length on, a word also stands for what begins with it: German puts words together (Drucker, Druckerpatrone). */
const compoundFrom = 5

export function matchRule<R extends Conditions>(rules: readonly R[], facts: Facts): R | undefined {
  let text: string[] | undefined
  const words = () => (text ??= wordsOf(`${facts.subject}\n${facts.body.slice(0, readUpTo)}`))
  return rules.find(
    (rule) =>
      (rule.mailboxId === null || rule.mailboxId === facts.mailboxId) &&
      (rule.categoryId === null || facts.categoryIds.includes(rule.categoryId)) &&
      (rule.organisationId === null || rule.organisationId === facts.organisationId) &&
      (rule.words.length === 0 || rule.words.some((phrase) => holds(words(), wordsOf(phrase)))),
  )
}

/** Without case and accents, ß as ss: words and numbers, in order. */
export function wordsOf(text: string): string[] {
  const plain = text.toLowerCase().replaceAll('ß', 'ss').normalize('NFKD').replace(/\p{M}/gu, '')
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** All words of the phrase, one after another; its last one may be the beginning of a longer word. */
function holds(text: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false
  const last = phrase.length - 1
  return text.some((_, at) => phrase.every((word, n) => same(text[at + n], word, n === last)))
}

const same = (found: string | undefined, word: string, mayGoOn: boolean): boolean =>
  found === word || (mayGoOn && word.length >= compoundFrom && found?.startsWith(word) === true)
