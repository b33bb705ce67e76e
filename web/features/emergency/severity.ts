import type { EmergencyQuestion, EmergencySet, SeverityTold } from '../../../contract/emergency.ts'

/** What was answered so far, as the saved call takes it. */
export type Answers = { set: EmergencySet; digits: readonly (number | null)[] }

export const toldOf = (answers: Answers | undefined): SeverityTold | undefined =>
  answers?.digits.some((digit) => digit !== null)
    ? { setId: answers.set.id, version: answers.set.version, digits: [...answers.digits] }
    : undefined

/** The same rule as the server's, to say beforehand what saving will do. */
export function outcomeOf(questions: readonly EmergencyQuestion[], digits: readonly (number | null)[]): 'pages' | 'waits' | 'unsaid' {
  const given = questions.flatMap((question, n) => question.answers.find((one) => one.digit === digits[n])?.leadsTo ?? [])
  return given.includes('page') ? 'pages' : given.includes('wait') ? 'waits' : 'unsaid'
}
