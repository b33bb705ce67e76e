import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { call, problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { Door } from '../sessions/Door.tsx'
import { verificationTexts } from './texts.ts'

/** Where a manager's mail leads. Mail scanners open links, so looking acts on nothing; a button does, once. */
export function ConfirmPage() {
  const t = useTexts(verificationTexts)
  const { token } = useParams({ strict: false }) as { token: string }
  const look = useQuery({
    queryKey: ['confirmation', token],
    queryFn: () => call('POST /api/confirmations/look', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const send = useSend('POST /api/confirmations', { onProblem: toastProblem })
  const language = look.data?.language
  useEffect(() => language && setLanguage(language), [language])
  if (['link_expired', 'validation_failed'].includes(problemIn(look.error)?.code ?? ''))
    return (
      <Door title={t('gone')}>
        <p role="status">{t('goneText')}</p>
      </Door>
    )
  if (!look.data)
    return (
      <Door title={t('looking')}>
        {look.error ? <ErrorState cause={look.error} onRetry={() => void look.refetch()} /> : <Loading rows={2} />}
      </Door>
    )
  if (send.isSuccess || look.data.state === 'answered')
    return (
      <Door title={t('thanks')}>
        <p role="status">{t('thanksText')}</p>
      </Door>
    )
  const { person, agent, company, number } = look.data
  return (
    <Door title={t('confirmTitle', { person })} lead={t('confirmLead', { person, agent, company, number })}>
      <div className="stack">
        <p>{t('confirmAsk', { person })}</p>
        <Button look="main" size="md" wide busy={send.isPending} onClick={() => send.mutate({ body: { token, answer: 'yes' } })}>
          {t('yes', { person })}
        </Button>
        <Button size="md" wide busy={send.isPending} onClick={() => send.mutate({ body: { token, answer: 'no' } })}>
          {t('no')}
        </Button>
      </div>
    </Door>
  )
}
