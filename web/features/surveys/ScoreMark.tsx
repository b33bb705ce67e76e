import { Badge } from '../../ui/Marks.tsx'
import { useScoreWords } from './scores.ts'

/** The score with its word; the colour only underlines it. */
export function ScoreMark({ score }: { score: number }) {
  const words = useScoreWords()
  return (
    <Badge tone={score >= 4 ? 'good' : score === 3 ? 'plain' : 'bad'}>
      {score} · {words(score)}
    </Badge>
  )
}
