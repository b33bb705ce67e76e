import { Link } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import type { Help } from '../../../contract/help.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextArea } from '../../ui/Fields.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Help.module.css'
import { helpTexts } from './texts.ts'

const renews = ['GET /api/tickets/:id/help', 'GET /api/help', 'GET /api/tickets/:id/timeline'] as const

/** One request: who asks whom, what, the thread, and what can be done. `away` from its ticket it links there. */
export function HelpCard({ help, away = false }: { help: Help; away?: boolean }) {
  const t = useTexts(helpTexts)
  const formats = useFormats()
  const [body, setBody] = useState<string>()
  const choices = { renews: [...renews], onProblem: toastProblem }
  const accept = useSend('POST /api/help/:id/accept', choices)
  const done = useSend('POST /api/help/:id/done', choices)
  const withdraw = useSend('POST /api/help/:id/withdraw', choices)
  const answer = useSend('POST /api/help/:id/notes', { ...choices, onDone: () => setBody(undefined) })
  const params = { id: help.id }
  const whom = help.person?.name ?? help.team?.name ?? help.skill?.name ?? ''
  const state = help.state === 'accepted' ? t('helps', { name: help.helper?.name ?? t('somebody') }) : t(help.state)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (body?.trim()) answer.mutate({ params, body: { body } })
  }
  return (
    <li className={styles.line} data-over={!help.can.answer || undefined}>
      <div className={styles.top}>
        <span className="grow">{t('of', { by: help.askedBy?.name ?? t('somebody'), whom })}</span>
        <span>{state}</span>
      </div>
      {away && (
        <Link to="/tickets/$ticketId" params={{ ticketId: help.ticket.id }} search={{} as never}>
          #{help.ticket.number} {help.ticket.subject}
        </Link>
      )}
      <p className={styles.question}>{help.question}</p>
      {help.notes.length > 0 && (
        <ol className={styles.notes}>
          {help.notes.map((note) => (
            <li key={note.id}>
              <small>
                {note.author?.name ?? t('somebody')}, {formats.brief(note.at)}
              </small>
              {note.text}
            </li>
          ))}
        </ol>
      )}
      {body !== undefined && (
        <form onSubmit={submit}>
          <TextArea
            label={t('answerTo', { question: help.question.slice(0, 60) })}
            minRows={2}
            value={body}
            data-autofocus
            autoFocus
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          <div className={styles.foot}>
            <Button look="main" type="submit" busy={answer.isPending} disabled={body.trim() === ''}>
              {t('answer')}
            </Button>
          </div>
        </form>
      )}
      {help.can.answer && body === undefined && (
        <div className={styles.foot}>
          {help.can.accept && (
            <Button look="main" busy={accept.isPending} onClick={() => accept.mutate({ params })}>
              {t('accept')}
            </Button>
          )}
          <Button onClick={() => setBody('')}>{t('answer')}</Button>
          {help.state === 'accepted' && <Button onClick={() => done.mutate({ params })}>{t('settle')}</Button>}
          {help.can.withdraw && help.state === 'open' && <Button onClick={() => withdraw.mutate({ params })}>{t('withdraw')}</Button>}
        </div>
      )}
    </li>
  )
}
