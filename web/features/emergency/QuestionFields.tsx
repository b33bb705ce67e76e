import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldRow, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import { type AnswerDraft, newAnswer, type QuestionDraft } from './drafts.ts'
import styles from './Emergency.module.css'
import { emergencyTexts } from './texts.ts'

type Props = {
  nth: number
  question: QuestionDraft
  problem: string | undefined
  onChange: (question: QuestionDraft) => void
  onUp: (() => void) | undefined
  onRemove: () => void
}

export function QuestionFields({ nth, question, problem, onChange, onUp, onRemove }: Props) {
  const t = useTexts(emergencyTexts)
  const { answers } = question
  const put = (key: number, change: Partial<AnswerDraft>) =>
    onChange({ ...question, answers: answers.map((one) => (one.key === key ? { ...one, ...change } : one)) })
  const free = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => !answers.some((one) => one.digit === digit))
  return (
    <fieldset className={styles.question} aria-label={t('question', { n: nth })}>
      <div className={styles.row}>
        <strong className="grow">{t('question', { n: nth })}</strong>
        {onUp && <IconButton label={t('up', { n: nth })} icon={<IconArrowUp size={16} />} onClick={onUp} />}
        <IconButton label={t('dropQuestion', { n: nth })} icon={<IconTrash size={16} />} onClick={onRemove} />
      </div>
      <TextField
        label={t('english')}
        maxLength={250}
        value={question.en}
        onChange={(event) => onChange({ ...question, en: event.currentTarget.value })}
      />
      <TextField
        label={t('german')}
        maxLength={250}
        value={question.de}
        onChange={(event) => onChange({ ...question, de: event.currentTarget.value })}
      />
      {answers.map((answer, n) => (
        <AnswerFields
          key={answer.key}
          nth={n + 1}
          of={nth}
          answer={answer}
          onChange={(change) => put(answer.key, change)}
          onRemove={
            answers.length > 2 ? () => onChange({ ...question, answers: answers.filter((one) => one.key !== answer.key) }) : undefined
          }
        />
      ))}
      {problem && (
        <p role="alert" className={styles.bad}>
          {problem}
        </p>
      )}
      {free !== undefined && (
        <div>
          <Button icon={<IconPlus size={14} />} onClick={() => onChange({ ...question, answers: [...answers, newAnswer(free)] })}>
            {t('addAnswer')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

type AnswerProps = {
  nth: number
  of: number
  answer: AnswerDraft
  onChange: (change: Partial<AnswerDraft>) => void
  onRemove: (() => void) | undefined
}
const degrees = [1, 2, 3] as const
function AnswerFields({ nth, of, answer, onChange, onRemove }: AnswerProps) {
  const t = useTexts(emergencyTexts)
  const degree = (value: number | null) => (value === null ? null : String(value))
  return (
    <fieldset className={styles.answer} aria-label={t('answerNo', { n: nth })}>
      <div className={styles.row}>
        <span className="grow">{t('answerNo', { n: nth })}</span>
        {onRemove && <IconButton label={t('dropAnswer', { n: nth, q: of })} icon={<IconTrash size={16} />} onClick={onRemove} />}
      </div>
      <FieldRow>
        <TextField
          label={t('english')}
          maxLength={120}
          value={answer.en}
          onChange={(event) => onChange({ en: event.currentTarget.value })}
        />
        <TextField
          label={t('german')}
          maxLength={120}
          value={answer.de}
          onChange={(event) => onChange({ de: event.currentTarget.value })}
        />
      </FieldRow>
      <FieldRow>
        <NumberField label={t('digit')} min={1} max={9} value={answer.digit} onChange={(digit) => onChange({ digit })} />
        <SelectField
          label={t('leadsTo')}
          clearable
          placeholder={t('nothing')}
          options={(['page', 'wait'] as const).map((value) => ({ value, label: t(value) }))}
          value={answer.leadsTo}
          onChange={(leadsTo) => onChange({ leadsTo })}
        />
      </FieldRow>
      <FieldRow>
        <SelectField
          label={t('impact')}
          clearable
          placeholder={t('nothing')}
          options={degrees.map((value) => ({ value: String(value), label: t(`impact-${value}`) }))}
          value={degree(answer.impact)}
          onChange={(impact) => onChange({ impact: impact === null ? null : Number(impact) })}
        />
        <SelectField
          label={t('urgency')}
          clearable
          placeholder={t('nothing')}
          options={degrees.map((value) => ({ value: String(value), label: t(`urgency-${value}`) }))}
          value={degree(answer.urgency)}
          onChange={(urgency) => onChange({ urgency: urgency === null ? null : Number(urgency) })}
        />
      </FieldRow>
    </fieldset>
  )
}
