import type { EmergencyQuestion } from '../../../contract/emergency.ts'

/** What the answers say, and which step of a call is meant. */
export type Digits = readonly (number | null)[]
export type Severity = { impact: number | null; urgency: number | null; leadsTo: 'page' | 'wait' | null }

export const answerOf = (question: EmergencyQuestion, digit: number | null | undefined) =>
  question.answers.find((one) => one.digit === digit)

/** The gravest of what was answered. Whoever says once that it cannot wait is heard, whatever comes after. */
export function severityOf(questions: readonly EmergencyQuestion[], digits: Digits): Severity {
  const given = questions.flatMap((question, n) => answerOf(question, digits[n]) ?? [])
  const gravest = (values: (number | null)[]) => values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
  const leadsTo = given.some((one) => one.leadsTo === 'page') ? 'page' : given.some((one) => one.leadsTo === 'wait') ? 'wait' : null
  return { impact: gravest(given.map((one) => one.impact)), urgency: gravest(given.map((one) => one.urgency)), leadsTo }
}

/** A step names what it answers, so that the provider may tell it twice: `q0-1` is the second try at the first question. */
export type Step =
  | { is: 'answer'; nth: number; tries: number }
  | { is: 'said' }
  | { is: 'text' }
  | { is: 'status' }
  | { is: 'dialled' }
  | undefined
export function stepOf(text: string): Step {
  const answer = /^q(\d)-(\d)$/.exec(text)
  if (answer) return { is: 'answer', nth: Number(answer[1]), tries: Number(answer[2]) }
  return text === 'said' || text === 'text' || text === 'status' || text === 'dialled' ? { is: text } : undefined
}

/** After so many tries at one question the next one is asked: nobody in need is held up by a key. */
export const mostTries = 2

export type Asked = { questions: readonly EmergencyQuestion[]; answers: Digits; tries: number }

/** The answers after a key was pressed (or none). */
export function afterKey({ questions, answers, tries }: Asked, key: string): { answers: (number | null)[]; tries: number } {
  const question = questions[answers.length]
  const found = question && answerOf(question, /^[1-9]$/.test(key) ? Number(key) : null)
  if (found) return { answers: [...answers, found.digit], tries: 0 }
  return tries + 1 < mostTries ? { answers: [...answers], tries: tries + 1 } : { answers: [...answers, null], tries: 0 }
}

/** Providers give those who withhold their number one of these: letters on a keypad (ANONYMOUS, RESTRICTED, BLOCKED ...). */
const withheld = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253', '+464'])
export const numberTold = (from: string): string => (withheld.has(from.replace(/\s/g, '')) ? '' : from)

/** Read out digit by digit: a voice makes "one thousand and one" of 1001, and nobody finds that again. */
export const digitByDigit = (number: string): string => [...number].join(', ')
