import { IconAlertTriangle } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loading } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { mailboxTexts } from './mailbox-texts.ts'

/**
 * Where Microsoft and Google send the browser back to. What they gave is posted as the person who began: the server
 * takes it once, from that person only. It leaves the address bar before anything else happens.
 */
export function MailboxConnectedPage() {
  const t = useTexts(mailboxTexts)
  const navigate = useNavigate()
  const given = useRef(useSearch({ from: '/staff/mailboxes/connected' }))
  const toMailboxes = () => void navigate({ to: '/mail', search: { tab: 'mailboxes' }, replace: true })
  const consent = useSend('POST /api/mailboxes/consent', {
    renews: ['GET /api/mailboxes'],
    onDone: ({ name }) => {
      toast(t('connected', { name }))
      toMailboxes()
    },
  })
  const { mutate } = consent
  const sent = useRef(false)
  useEffect(() => {
    const { state, code } = given.current
    if (sent.current || !state || !code) return
    sent.current = true
    history.replaceState(history.state, '', location.pathname)
    mutate({ body: { state, code } })
  }, [mutate])
  const refused = given.current.error_description ?? given.current.error ?? (given.current.code ? undefined : t('connectNothing'))
  const problem = consent.error ? problemText(consent.error) : refused
  return (
    <Page title={t('connecting')}>
      {problem === undefined ? (
        <Loading rows={2} />
      ) : (
        <EmptyState
          icon={<IconAlertTriangle size={24} />}
          title={t('connectRefused')}
          text={`${problem} ${consent.error instanceof Error ? consent.error.message : ''}`}
          action={<Button onClick={toMailboxes}>{t('toMailboxes')}</Button>}
        />
      )}
    </Page>
  )
}
