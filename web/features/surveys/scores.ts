import { useTexts } from '../../kernel/i18n.ts'
import { surveyTexts } from './texts.ts'

/** From the worst to the best, always with its word: a number alone means something else to everybody. */
export const scores = [1, 2, 3, 4, 5] as const
export type Score = (typeof scores)[number]
export const asScore = (value: unknown): Score | undefined => scores.find((one) => String(one) === String(value))

export function useScoreWords(): (score: number) => string {
  const t = useTexts(surveyTexts)
  return (score) => {
    const known = asScore(score)
    return known ? t(`score${known}`) : String(score)
  }
}
