import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CheckField, ChoiceField, SelectField, TextArea } from '../../ui/Fields.tsx'
import { useCategoryOptions } from '../teams/categories.ts'
import { emptyQuestion, type FieldsOf, type Question } from './draft.ts'
import styles from './Readymade.module.css'
import { TextsField } from './TextsField.tsx'
import { readymadeTexts } from './texts.ts'

/** Questions in order, each with the kind of its answer. */
export function GuideFields({ draft, issues, onChange }: FieldsOf<'guide'>) {
  const t = useTexts(readymadeTexts)
  const categories = useCategoryOptions()
  const put = (questions: Question[]) => onChange({ ...draft, questions })
  const move = (from: number, to: number) => {
    const next = draft.questions.filter((_, i) => i !== from)
    next.splice(to, 0, draft.questions[from]!)
    put(next)
  }
  return (
    <>
      <SelectField
        label={t('category')}
        clearable
        placeholder={t('anyCategory')}
        options={categories}
        error={issues['content.categoryId']}
        value={draft.categoryId}
        onChange={(categoryId) => onChange({ ...draft, categoryId })}
      />
      <div className={styles.steps}>
        {draft.questions.map((question, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: questions have no name of their own while they are written
          <div key={i} className={styles.step}>
            <div className={styles.stepHead}>
              <span className="grow">{t('question', { count: i + 1 })}</span>
              <IconButton
                label={t('questionUp', { count: i + 1 })}
                icon={<IconArrowUp size={16} />}
                disabled={i === 0}
                onClick={() => move(i, i - 1)}
              />
              <IconButton
                label={t('questionOut', { count: i + 1 })}
                icon={<IconTrash size={16} />}
                disabled={draft.questions.length === 1}
                onClick={() => put(draft.questions.filter((_, n) => n !== i))}
              />
            </div>
            <OneQuestion
              question={question}
              path={`content.questions.${i}`}
              issues={issues}
              onChange={(next) => put(draft.questions.map((q, n) => (n === i ? next : q)))}
            />
          </div>
        ))}
        <div>
          <Button icon={<IconPlus size={16} />} onClick={() => put([...draft.questions, emptyQuestion()])}>
            {t('addQuestion')}
          </Button>
        </div>
      </div>
    </>
  )
}

type Props = { question: Question; path: string; issues: Record<string, string>; onChange: (question: Question) => void }
function OneQuestion({ question, path, issues, onChange }: Props) {
  const t = useTexts(readymadeTexts)
  const lines = question.choices.map((choice) => choice.en || choice.de).join('\n')
  return (
    <>
      <TextsField
        oneLine
        label={t('text')}
        path={`${path}.text`}
        value={question.text}
        issues={issues}
        onChange={(text) => onChange({ ...question, text })}
      />
      <ChoiceField
        label={t('answerKind')}
        value={question.answer}
        onChange={(answer) => onChange({ ...question, answer })}
        options={(['text', 'yes-no', 'choice'] as const).map((value) => ({ value, label: t(`answer-${value}`) }))}
      />
      {question.answer === 'choice' && (
        <TextArea
          label={t('choices')}
          hint={t('choicesHint')}
          error={issues[`${path}.choices`]}
          defaultValue={lines}
          onBlur={(e) =>
            onChange({
              ...question,
              choices: e.currentTarget.value
                .split('\n')
                .map((line) => line.trim())
                .filter(Boolean)
                .map((line) => ({ en: line, de: question.choices.find((known) => known.en === line)?.de ?? '' })),
            })
          }
        />
      )}
      <CheckField
        label={t('required')}
        checked={question.required}
        onChange={(e) => onChange({ ...question, required: e.currentTarget.checked })}
      />
    </>
  )
}
