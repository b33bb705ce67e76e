import { IconPencil, IconX } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import { StatusShape } from '../../ui/Marks.tsx'
import { closeOnStrip, useBegun } from './begun.ts'
import styles from './TicketsScreen.module.css'
import { ticketTexts } from './texts.ts'

/** What I have begun: open tickets and drafts. It is kept by the server and is there again after a reload. */
export function BegunStrip({ current }: { current?: string | undefined }) {
  const t = useTexts(ticketTexts)
  const navigate = useNavigate()
  const { data } = useBegun()
  if (!data) return null
  const drafts = new Set(data.drafts.map((d) => d.ticketId))
  const newTicket = data.drafts.find((d) => d.ticketId === null)
  const others = data.drafts.filter((d) => d.ticketId !== null && !data.open.some((o) => o.ticketId === d.ticketId))
  const open = [
    ...data.open,
    ...others.map((d) => ({ ticketId: d.ticketId as string, number: Number(d.ticketId), subject: d.title, meaning: 'open' as const })),
  ]
  const shown = [...new Map(open.map((o) => [o.ticketId, o])).values()]
  if (shown.length === 0 && !newTicket) return null
  const close = (ticketId: string) => {
    const rest = shown.filter((o) => o.ticketId !== ticketId)
    closeOnStrip(ticketId)
    const last = rest.at(-1)
    if (ticketId === current)
      void (last
        ? navigate({ to: '/tickets/$ticketId', params: { ticketId: last.ticketId }, search: true })
        : navigate({ to: '/tickets', search: true }))
  }
  return (
    <nav className={styles.strip} aria-label={t('begun')}>
      {newTicket && (
        <div className={styles.chip}>
          <Link to="/new-ticket">
            <IconPencil size={14} role="img" aria-label={t('draft')} />
            <span className="truncate">{newTicket.title || t('newTicketDraft')}</span>
          </Link>
        </div>
      )}
      {shown.map((o) => (
        <div key={o.ticketId} className={styles.chip} data-current={o.ticketId === current || undefined}>
          <Link to="/tickets/$ticketId" params={{ ticketId: o.ticketId }} search={true} title={`#${o.number} ${o.subject}`}>
            {drafts.has(o.ticketId) ? <IconPencil size={14} role="img" aria-label={t('draft')} /> : <StatusShape meaning={o.meaning} />}
            <span className="truncate">{o.subject}</span>
          </Link>
          {!drafts.has(o.ticketId) && (
            <IconButton
              label={t('closeTab', { number: o.number })}
              icon={<IconX size={13} />}
              size={24}
              onClick={() => close(o.ticketId)}
            />
          )}
        </div>
      ))}
    </nav>
  )
}
