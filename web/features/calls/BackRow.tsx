import { Link } from '@tanstack/react-router'
import type { CallBack } from '../../../contract/calls.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { useNow } from '../../ui/TimeAgo.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { methodText } from './CallPage.tsx'
import styles from './Calls.module.css'
import { callTexts } from './texts.ts'

export function BackFacts({ back, ticket = false }: { back: CallBack; ticket?: boolean }) {
  const t = useTexts(callTexts)
  const formats = useFormats()
  const now = useNow()
  const due = back.state === 'open' && Date.parse(back.fromAt) <= now
  return (
    <>
      <span className={styles.meta}>
        {due && <Badge tone="warn">{t('due')}</Badge>}
        <span>
          {formats.dateTime(back.fromAt)}
          {back.untilAt && ` – ${formats.dateTime(back.untilAt)}`}
        </span>
        <span>{t(methodText[back.method])}</span>
        {back.number && <a href={`tel:${back.number}`}>{back.number}</a>}
        {back.assignee && <span>{back.assignee.name}</span>}
        {back.tries > 0 && <span>{t('tries', { count: back.tries })}</span>}
        {ticket && (
          <Link to="/tickets/$ticketId" params={{ ticketId: back.ticket.id }} search={{} as never}>
            #{back.ticket.number} {back.ticket.subject}
          </Link>
        )}
      </span>
      {back.note && <span>{back.note}</span>}
    </>
  )
}

export function BackActions({ back }: { back: CallBack }) {
  const t = useTexts(callTexts)
  const settle = useSend('POST /api/call-backs/:id/result', {
    renews: ['GET /api/call-backs', 'GET /api/tickets/:id/call-backs', 'GET /api/tickets/:id/timeline'],
    onProblem: toastProblem,
  })
  const say = (result: 'reached' | 'not-reached' | 'dropped') => settle.mutate({ params: { id: back.id }, body: { result } })
  return (
    <div className={styles.actions}>
      <Button busy={settle.isPending} onClick={() => say('reached')}>
        {t('reached')}
      </Button>
      <Button look="plain" onClick={() => say('not-reached')}>
        {t('notReached')}
      </Button>
      <Button look="plain" onClick={() => say('dropped')}>
        {t('drop')}
      </Button>
    </div>
  )
}
