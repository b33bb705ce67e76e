import type { EmergencyQuestion } from '../../../contract/emergency.ts'

/** Questions while they are edited: with keys, for they are moved and taken out. */
type Answer = EmergencyQuestion['answers'][number]
export type AnswerDraft = { key: number; digit: number | null; en: string; de: string } & Pick<Answer, 'impact' | 'urgency' | 'leadsTo'>
export type QuestionDraft = { key: number; en: string; de: string; answers: AnswerDraft[] }

let keys = 0
const answerOf = ({ text, ...rest }: Answer): AnswerDraft => ({ key: ++keys, ...text, ...rest })
export const draftOf = ({ text, answers }: EmergencyQuestion): QuestionDraft => ({ key: ++keys, ...text, answers: answers.map(answerOf) })

export const newAnswer = (digit: number): AnswerDraft =>
  answerOf({ digit, text: { en: '', de: '' }, impact: null, urgency: null, leadsTo: null })
export const newQuestion = (): QuestionDraft => ({ key: ++keys, en: '', de: '', answers: [newAnswer(1), newAnswer(2)] })

export const bodyOf = ({ en, de, answers }: QuestionDraft): EmergencyQuestion => ({
  text: { en, de },
  answers: answers.map(({ digit, impact, urgency, leadsTo, en, de }) => ({
    digit: digit ?? 0,
    text: { en, de },
    impact,
    urgency,
    leadsTo,
  })),
})
