import { useEffect, useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './Emergency.module.css'
import { type Answers, outcomeOf } from './severity.ts'
import { severityTexts } from './severity-texts.ts'

type Props = { personId: string | undefined; onChange: (answers: Answers | undefined) => void }

/** While the phone is at the ear, outside the hours of the caller: the questions, and what the answers lead to. In hours nothing. */
export function SeverityQuestions({ personId, onChange }: Props) {
  const t = useTexts(severityTexts)
  const language = useLanguage()
  const formats = useFormats()
  const { data } = useCall('GET /api/emergency/questions', { query: personId === undefined ? {} : { personId } })
  const [kept, setKept] = useState<Answers>()
  // Another caller begins anew: what was answered for the one before is not theirs.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes up
  useEffect(() => onChange(undefined), [])
  const set = data?.set
  if (!set) return null
  // Answers to questions that were changed meanwhile are asked for again.
  const digits = kept?.set.version === set.version ? kept.digits : []
  const choose = (nth: number, digit: number) => {
    const next = set.questions.map((_, n) => (n === nth ? digit : (digits[n] ?? null)))
    setKept({ set, digits: next })
    onChange({ set, digits: next })
  }
  const outcome = outcomeOf(set.questions, digits)
  return (
    <section className={styles.severity} aria-labelledby="severity">
      <h2 id="severity">{t('title')}</h2>
      <p className="dim small">{data.opens ? t('opens', { at: formats.dateTime(data.opens) }) : t('never')}</p>
      {set.questions.map((question, n) => (
        <fieldset key={question.text.en} className={styles.asked}>
          <legend>{question.text[language]}</legend>
          {question.answers.map((one) => (
            <button key={one.digit} type="button" aria-pressed={digits[n] === one.digit} onClick={() => choose(n, one.digit)}>
              {one.text[language]}
            </button>
          ))}
        </fieldset>
      ))}
      <p role="status" className={styles.outcome} data-outcome={outcome}>
        {t(outcome)}
      </p>
    </section>
  )
}
