import { IconCheck, IconLinkOff, IconProgress } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, type SyntheticEvent, useEffect, useState } from 'react'
import { type Answer, call, problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { Door } from '../sessions/Door.tsx'
import styles from './AnswerPage.module.css'
import { answerTexts } from './texts.ts'

/**
 * Where "Solved" and "Still broken" in a mail lead. Mail scanners and previews open links: looking acts on nothing,
 * only a button does. The link is proof enough; nobody has to sign in.
 */
export function AnswerPage() {
  const t = useTexts(answerTexts)
  const { token } = useParams({ from: '/answer/$token' })
  const { is } = useSearch({ from: '/answer/$token' })
  const look = useQuery({
    queryKey: ['answer', token],
    queryFn: () => call('POST /api/answers/look', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.data) return <Asked token={token} is={is} seen={look.data} />
  if (['link_expired', 'not_found', 'validation_failed'].includes(problemIn(look.error)?.code ?? ''))
    return <Told icon={<IconLinkOff size={24} />} title={t('gone')} text={t('goneText')} />
  return (
    <Door title={t('looking')}>
      {look.error ? <ErrorState cause={look.error} onRetry={() => void look.refetch()} /> : <Loading rows={2} />}
    </Door>
  )
}

function Told({ icon, title, text }: { icon: ReactNode; title: string; text: string }) {
  const t = useTexts(answerTexts)
  return (
    <Door title={title}>
      <p className={styles.told} role="status">
        {icon}
        <span>{text}</span>
      </p>
      <Link to="/portal/requests">{t('requests')}</Link>
    </Door>
  )
}

type Seen = Answer<'POST /api/answers/look'>

function Asked({ token, is, seen }: { token: string; is: 'solved' | 'still-broken' | undefined; seen: Seen }) {
  const t = useTexts(answerTexts)
  const [still, setStill] = useState(is === 'still-broken')
  const form = useForm({ text: '' })
  const send = useSend('POST /api/answers', { onProblem: form.take })
  // In the language of the mail that led here; the reader may still change it below.
  useEffect(() => setLanguage(seen.language), [seen.language])
  const given = send.isSuccess ? send.variables.body.answer : undefined
  if (given === 'solved') return <Told icon={<IconCheck size={24} />} title={t('closedTitle')} text={t('closedText')} />
  if (given === 'still-broken') return <Told icon={<IconProgress size={24} />} title={t('reopenedTitle')} text={t('reopenedText')} />
  if (seen.state === 'answered') return <Told icon={<IconProgress size={24} />} title={t('already')} text={t('alreadyText')} />
  const answer = (event: SyntheticEvent) => {
    event.preventDefault()
    const text = form.values.text.trim()
    send.mutate({ body: still ? { token, answer: 'still-broken', ...(text ? { text } : {}) } : { token, answer: 'solved' } })
  }
  return (
    <Door title={t('title')} lead={t('lead')}>
      <p className={styles.about}>
        <span className="dim">{t('about', { number: seen.number })}</span>
        <strong>{seen.subject}</strong>
      </p>
      <form className="stack" onSubmit={answer} noValidate>
        {still && <TextArea size="md" label={t('still')} hint={t('stillHint')} autoFocus {...form.text('text')} />}
        <FormProblem text={problemIn(send.error)?.code === 'link_expired' ? t('goneText') : form.problem} />
        <Button look="main" size="md" type="submit" wide busy={send.isPending} icon={still ? undefined : <IconCheck size={18} />}>
          {t(still ? 'send' : 'solved')}
        </Button>
        <Button size="md" wide onClick={() => setStill(!still)}>
          {t(still ? 'back' : 'stillBroken')}
        </Button>
      </form>
    </Door>
  )
}
