import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Loading } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { arrived } from './arrived.ts'
import { Door } from './Door.tsx'
import { useEnter } from './enter.ts'
import { providerTexts, whyKey } from './provider-texts.ts'

/** Where a provider sends the browser back to. What it gave is posted once, and leaves the address bar before anything else happens. */
export function ProviderBackPage() {
  const t = useTexts(providerTexts)
  const navigate = useNavigate()
  const { providerId } = useParams({ from: '/sign-in/back/$providerId' })
  const back = useSend('POST /api/sign-in/providers/:id/back', {
    onDone: ({ next, path }) => {
      if (next !== 'connected') return
      toast(t('connected'))
      void navigate({ to: path as '/', replace: true })
    },
  })
  const { mutate, data } = back
  const enter = useEnter(data?.path)
  const entered = useRef(false)
  useEffect(() => {
    if (entered.current || !data || data.next === 'confirm' || data.next === 'connected') return
    entered.current = true
    enter(data.next)
  }, [data, enter])
  const sent = useRef(false)
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    history.replaceState(history.state, '', location.pathname)
    const given = Object.fromEntries(['code', 'iss', 'error'].flatMap((name) => (arrived.has(name) ? [[name, arrived.get(name)]] : [])))
    mutate({ params: { id: providerId }, body: { state: arrived.get('state') ?? '', ...given } })
  }, [mutate, providerId])
  if (data?.next === 'confirm' && data.confirm) return <ConfirmFirst confirm={data.confirm} />
  if (!back.error)
    return (
      <Door title={t('back')}>
        <Loading rows={2} />
      </Door>
    )
  const { code, details } = problemIn(back.error) ?? {}
  const provider = String(details?.['provider'] ?? '')
  return (
    <Door title={t('notIn')} lead={code === 'provider_refused' ? t(whyKey(details?.['reason']), { provider }) : problemText(back.error)}>
      <Button look="main" size="sm" wide onClick={() => void navigate({ to: '/sign-in' })}>
        {t('again')}
      </Button>
    </Door>
  )
}

function ConfirmFirst({ confirm }: { confirm: string }) {
  const t = useTexts(providerTexts)
  const navigate = useNavigate()
  return (
    <Door title={t('confirmTitle')} lead={t('confirmText')}>
      <Button look="main" size="sm" wide onClick={() => void navigate({ to: '/sign-in', search: { next: `/sign-in/connect/${confirm}` } })}>
        {t('confirmGo')}
      </Button>
    </Door>
  )
}
