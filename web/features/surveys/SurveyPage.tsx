import { IconHeartHandshake, IconLinkOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import type { AskedSurvey } from '../../../contract/surveys.ts'
import { call, problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { Door } from '../sessions/Door.tsx'
import { AnswerForm } from './AnswerForm.tsx'
import styles from './Surveys.module.css'
import { type Score, useScoreWords } from './scores.ts'
import { surveyTexts } from './texts.ts'

/** Where the answers in a survey's mail lead. Opening it answers nothing; the link is proof enough, nobody signs in. */
export function SurveyPage() {
  const t = useTexts(surveyTexts)
  const { token } = useParams({ from: '/survey/$token' })
  const { score } = useSearch({ from: '/survey/$token' })
  const look = useQuery({
    queryKey: ['survey', token],
    queryFn: () => call('POST /api/surveys/look', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.data) return <Asked token={token} chosen={score} seen={look.data} />
  if (['link_expired', 'validation_failed'].includes(problemIn(look.error)?.code ?? ''))
    return <Told icon={<IconLinkOff size={24} />} title={t('gone')} text={t('goneText')} />
  return (
    <Door title={t('looking')}>
      {look.error ? <ErrorState cause={look.error} onRetry={() => void look.refetch()} /> : <Loading rows={4} />}
    </Door>
  )
}

function Told({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children?: ReactNode }) {
  const t = useTexts(surveyTexts)
  return (
    <Door title={title}>
      <p className={styles.told} role="status">
        {icon}
        <span>{text}</span>
      </p>
      {children}
      <Link to="/portal/requests">{t('requests')}</Link>
    </Door>
  )
}

function Asked({ token, chosen, seen }: { token: string; chosen: Score | undefined; seen: AskedSurvey }) {
  const t = useTexts(surveyTexts)
  const words = useScoreWords()
  const form = useForm({ comment: '' })
  const send = useSend('POST /api/surveys/answer', { onProblem: form.take, onDone: () => form.reset() })
  // In the language of the mail that led here; the reader may still change it below.
  useEffect(() => setLanguage(seen.language), [seen.language])
  const survey = send.data ?? seen
  const onSend = (score: number, comment: string) => send.mutate({ body: { token, score, comment } })
  if (survey.score === null)
    return (
      <Door title={survey.question}>
        <p className={styles.about}>
          <span className="dim">{t('about', { number: survey.number })}</span>
          <strong>{survey.subject}</strong>
        </p>
        <AnswerForm question={survey.question} chosen={chosen} given={null} form={form} busy={send.isPending} onSend={onSend} />
      </Door>
    )
  const said = `${survey.score} · ${words(survey.score)}`
  return (
    <Told
      icon={<IconHeartHandshake size={24} />}
      title={t('thanks')}
      text={[t(survey.score <= 2 ? 'thanksLow' : 'thanksText', { score: said }), survey.comment ? t('thanksComment') : '']
        .filter(Boolean)
        .join(' ')}
    >
      {survey.comment === '' && (
        <AnswerForm question={survey.question} chosen={undefined} given={survey.score} form={form} busy={send.isPending} onSend={onSend} />
      )}
    </Told>
  )
}
