import { type SyntheticEvent, useState } from 'react'
import type { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import styles from './Surveys.module.css'
import { type Score, scores, useScoreWords } from './scores.ts'
import { surveyTexts } from './texts.ts'

type Form = ReturnType<typeof useForm<{ comment: string }>>
type Props = {
  question: string
  chosen: Score | undefined
  /** The score that stands: only a comment can still be added. */
  given: number | null
  form: Form
  busy: boolean
  onSend: (score: number, comment: string) => void
}

/** Five answers in words, and a comment who wants. The mail's click has chosen one already; only the button sends it. */
export function AnswerForm({ question, chosen, given, form, busy, onSend }: Props) {
  const t = useTexts(surveyTexts)
  const words = useScoreWords()
  const [score, setScore] = useState<number | undefined>(given ?? chosen)
  const [missing, setMissing] = useState(false)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (score === undefined) setMissing(true)
    else onSend(score, form.values.comment.trim())
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {given === null && (
        <fieldset className={styles.scale} aria-describedby={missing ? 'survey-missing' : undefined}>
          <legend className="unseen">{question}</legend>
          {scores.toReversed().map((one) => (
            <label key={one} className={styles.step}>
              <input
                type="radio"
                name="score"
                value={one}
                checked={score === one}
                onChange={() => {
                  setScore(one)
                  setMissing(false)
                }}
              />
              <span className={styles.number} data-score={one}>
                {one}
              </span>
              <span>{words(one)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {missing && (
        <p id="survey-missing" role="alert" className={styles.missing}>
          {t('choose')}
        </p>
      )}
      <TextArea
        size="md"
        label={t(given === null ? 'comment' : 'commentLater')}
        hint={t('commentHint')}
        optional
        maxLength={2000}
        {...form.text('comment')}
      />
      <FormProblem text={form.problem} />
      <Button look="main" size="md" type="submit" wide busy={busy} disabled={given !== null && form.values.comment.trim() === ''}>
        {t('send')}
      </Button>
    </form>
  )
}
