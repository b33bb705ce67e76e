import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { PanelPart } from '../../ui/Panel.tsx'
import { AlertSheet, Ways } from './AlertSheet.tsx'
import styles from './Alerts.module.css'
import { AlertMarks, SeverityBadge } from './marks.tsx'
import { alertTexts } from './texts.ts'

const atFirst = 5

/** On the ticket: nothing unless a machine opened it; else its alerts, what still holds first. */
export function AlertPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(alertTexts)
  const formats = useFormats()
  const [open, setOpen] = useState<string>()
  const { data } = useCall('GET /api/tickets/:id/alerts', { params: { id: ticket.id } })
  if (!data || data.total === 0) return null
  const rest = data.total - Math.min(data.items.length, atFirst)
  return (
    <PanelPart title={t('title')}>
      <ul className={styles.lines}>
        {data.items.slice(0, atFirst).map((alert) => (
          <li key={alert.id} className="stack" style={{ gap: 4 }}>
            <button type="button" className={styles.name} onClick={() => setOpen(alert.id)}>
              {alert.device || alert.summary}
            </button>
            <span className={styles.marks}>
              <SeverityBadge severity={alert.severity} />
              <AlertMarks alert={alert} />
            </span>
            <span className="dim small">
              {t('times', { count: alert.count })} · {formats.dateTime(alert.firstAt)} – {formats.dateTime(alert.lastAt)}
            </span>
            <Ways alert={alert} />
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="dim small">{t('more', { count: rest })}</p>}
      {open && <AlertSheet id={open} onClose={() => setOpen(undefined)} />}
    </PanelPart>
  )
}
