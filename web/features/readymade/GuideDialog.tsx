import { useState } from 'react'
import type { Guide } from '../../../contract/readymade.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { keyOf, queries, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Readymade.module.css'
import { readymadeTexts } from './texts.ts'
import { usingTexts } from './using-texts.ts'
import { issuesByPath } from './words.ts'

/** The questions of a guide on one sheet; the answers become a note. */
export function GuideDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(usingTexts)
  const guides = useCall('GET /api/tickets/:id/guides', { params: { id: ticket.id } })
  const [chosen, setChosen] = useState<string>()
  return (
    <Dialog title={t('guides')} open onClose={onClose}>
      <Loaded from={guides}>
        {({ items }) => {
          const guide = items.find((one) => one.id === chosen) ?? items.find((one) => one.suggested) ?? items[0]
          if (!guide) return <p className="dim">{t('noGuides')}</p>
          return (
            <div className="stack">
              {items.length > 1 && (
                <SelectField
                  label={t('guideChoose')}
                  options={items.map((one) => ({ value: one.id, label: one.suggested ? `${one.name} (${t('forCategory')})` : one.name }))}
                  value={guide.id}
                  onChange={setChosen}
                />
              )}
              {items.length === 1 && <strong>{guide.name}</strong>}
              <Questions key={guide.id} ticket={ticket} guide={guide} onClose={onClose} />
            </div>
          )
        }}
      </Loaded>
    </Dialog>
  )
}

function Questions({ ticket, guide, onClose }: { ticket: Ticket; guide: Guide; onClose: () => void }) {
  const t = useTexts(usingTexts)
  const [answers, setAnswers] = useState<string[]>(guide.questions.map(() => ''))
  const [issues, setIssues] = useState<Record<string, string>>({})
  const send = useSend('POST /api/tickets/:id/guide-answers', {
    onDone: () => {
      void queries.invalidateQueries({ queryKey: keyOf('GET /api/tickets/:id', { params: { id: ticket.id } }) })
      toast(t('answersKept'))
      onClose()
    },
    onProblem: (cause) => setIssues(issuesByPath(cause)),
  })
  const put = (i: number, answer: string) => setAnswers(answers.map((known, n) => (n === i ? answer : known)))
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate({ params: { id: ticket.id }, body: { guideId: guide.id, answers } })
      }}
    >
      {guide.questions.map((question, i) => (
        <Question
          key={question.text}
          question={question}
          value={answers[i] ?? ''}
          error={issues[`answers.${i}`]}
          onChange={(answer) => put(i, answer)}
        />
      ))}
      <FormProblem text={issues.answers} />
      <Buttons>
        <Button look="main" type="submit" busy={send.isPending}>
          {t('keepAnswers')}
        </Button>
      </Buttons>
    </form>
  )
}

type QuestionProps = { question: Guide['questions'][number]; value: string; error: string | undefined; onChange: (answer: string) => void }
function Question({ question, value, error, onChange }: QuestionProps) {
  const t = useTexts(usingTexts)
  const r = useTexts(readymadeTexts)
  const label = question.required ? `${question.text} (${r('required')})` : question.text
  if (question.answer === 'text')
    return (
      <TextArea label={label} minRows={1} value={value} error={error} maxLength={2000} onChange={(e) => onChange(e.currentTarget.value)} />
    )
  const choices = question.answer === 'yes-no' ? [t('yes'), t('no')] : question.choices
  return (
    <div className={styles.area}>
      {choices.length <= 4 ? (
        <ChoiceField
          label={label}
          value={value}
          onChange={onChange}
          options={choices.map((choice) => ({ value: choice, label: choice }))}
        />
      ) : (
        <SelectField
          label={label}
          options={choices.map((choice) => ({ value: choice, label: choice }))}
          value={value || null}
          onChange={(next) => onChange(next ?? '')}
        />
      )}
      {error && (
        <p role="alert" className="small" style={{ color: 'var(--bad)' }}>
          {error}
        </p>
      )}
    </div>
  )
}
