import type { Near } from '../../../contract/similar.ts'
import { isFinished } from '../tickets/rules.ts'

/**
 * What makes two tickets alike. Rare words that both have count most, those of a subject double; who, where and what it
 * belongs to lift a likeness of words and never replace it; of what is solved, that counts which says how.
 */
export type Word = { word: string; share: number }
const mostOfSubject = 14
const mostOfBody = 20

/** Lines that quote somebody, and greetings' ends, say nothing of the matter. */
const saysNothing = /^\s*(>|--\s*$|(mit freundlichen|viele|beste|liebe) gr(ü|u)(ß|ss)e|(best|kind) regards|mfg\b|vg\b)/i

/** The words of a subject and of the beginning of a text, each once, with what it counts. */
export function wordsOf(subject: string, body: string): Word[] {
  const found = new Map<string, Word>()
  const take = (text: string, share: number, most: number) => {
    let taken = 0
    // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL cannot take NUL, and nothing is found by the others
    for (const part of text.replace(/[\u0000-\u001f\u007f]/g, ' ').split(/[\s"'“”„»«/\\<>|=&,;:()?!…–—[\]{}*]+/)) {
      const word = part.replace(/^[.\-_#+@]+|[.\-_#+@]+$/g, '')
      const key = word.toLowerCase()
      if (taken >= most || found.has(key) || !isTelling(word)) continue
      found.set(key, { word, share })
      taken++
    }
  }
  take(subject, 1, mostOfSubject)
  take(beginningOf(body), 0.6, mostOfBody)
  return [...found.values()]
}

const isTelling = (word: string): boolean =>
  !idle.has(word.toLowerCase()) &&
  word.length >= 2 &&
  word.length <= 60 &&
  /[\p{L}\p{N}]/u.test(word) &&
  (/\p{L}/u.test(word) ? word.length > 2 || /[A-Z0-9]{2}/.test(word) : word.length >= 3)

function beginningOf(body: string): string {
  const lines = body.slice(0, 4000).split('\n')
  const end = lines.findIndex((line, n) => n > 0 && /^\s*(--\s*$|(mit freundlichen|viele|beste|liebe) gr|(best|kind) regards)/i.test(line))
  return (end < 0 ? lines : lines.slice(0, end)).filter((line) => !saysNothing.test(line)).join('\n')
}

/** What any ticket may say, whatever it is about; words like `the` are left out by the index itself. */
const idle = new Set(
  `since says say said again please help hello dear hi thanks thank morning today yesterday still always often gets get got when while after before
  seit sagt wieder bitte hilfe hallo guten morgen danke heute gestern immer noch oft beim kommt geht meldet wenn während nach vor dringend urgent`.split(
    /\s+/,
  ),
)

/** What was found by its words, before everything else that counts. */
export type Candidate = Near & {
  score: number
  /** Of the weight of all words that were asked for: how much of it stands in this one. */
  covered: number
  categoryNear: boolean
  ageInDays: number
}

const lifts = { requester: 0.2, organisation: 0.08, site: 0.12, category: 0.25, nearCategory: 0.1 }
/** Below this it is chance: better nothing than noise. */
const leastCovered = 0.1
const mostShown = 8

export function likeness(one: Candidate): number {
  const near = one.same.reduce((sum, what) => sum + lifts[what], 0)
  const category = one.categoryNear && !one.same.includes('category') ? lifts.nearCategory : 0
  const recent = 0.8 + 0.2 * Math.exp(-one.ageInDays / 180)
  return one.score * (0.5 + one.covered) * (1 + near + category) * recent * helps(one)
}

/** A solved ticket is shown for its resolution. */
function helps({ meaning, resolution, resolutionCode }: Candidate): number {
  if (!isFinished(meaning)) return 1
  const said = (resolution ?? '').trim().length
  if (meaning === 'cancelled' || said < 15) return 0.6
  return resolutionCode === 'solved' || resolutionCode === 'workaround' ? 1.15 : 1
}

export function ranked(candidates: readonly Candidate[]): { open: Near[]; solved: Near[] } {
  const best = candidates
    .filter((one) => one.covered >= leastCovered && (one.words.length > 1 || one.covered >= 0.15))
    .map((one) => ({ one, like: likeness(one) }))
    .sort((a, b) => b.like - a.like || Number(b.one.id) - Number(a.one.id))
  const list = (solved: boolean) =>
    best
      .filter(({ one }) => isFinished(one.meaning) === solved)
      .slice(0, mostShown)
      .map(({ one: { score: _, covered: __, categoryNear: ___, ageInDays: ____, ...near } }) => near)
  return { open: list(false), solved: list(true) }
}
