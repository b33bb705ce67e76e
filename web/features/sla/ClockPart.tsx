import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import styles from './Sla.module.css'
import { slaTexts } from './texts.ts'
import { toneOf, useMoments } from './words.ts'

const ClockSheet = lazy(async () => ({ default: (await import('./ClockSheet.tsx')).ClockSheet }))

/** Beside a ticket: all its targets with how each stands, also those that are over. Nothing where there is none. */
export function ClockPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(slaTexts)
  const { at } = useMoments()
  const [open, setOpen] = useState(false)
  const { data } = useCall('GET /api/tickets/:id/clocks', { params: { id: ticket.id } }, { staleTime: 60_000 })
  if (!data || data.items.length === 0) return null
  return (
    <PanelPart title={t('part')} action={<Button onClick={() => setOpen(true)}>{t('partOpen')}</Button>}>
      <ul className={styles.plainList}>
        {data.items.slice(0, 6).map((clock) => (
          <li key={clock.id} className={styles.row}>
            <span className={styles.aim}>
              <span>
                {t(clock.target)}
                {clock.agreement.kind !== 'sla' && <span className="dim"> · {clock.agreement.name}</span>}
              </span>
              {clock.dueAt && !clock.endedAt && <span className="dim small">{at(clock.dueAt)}</span>}
            </span>
            <Badge tone={toneOf(clock.state)}>{t(`state-${clock.state}`)}</Badge>
          </li>
        ))}
      </ul>
      {open && (
        <Suspense fallback={null}>
          <ClockSheet ticketId={ticket.id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </PanelPart>
  )
}
