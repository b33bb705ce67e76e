import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import styles from './Help.module.css'
import { HelpCard } from './HelpCard.tsx'
import { helpTexts } from './texts.ts'

const AskSheet = lazy(async () => ({ default: (await import('./AskSheet.tsx')).AskSheet }))

/** Help that was asked for on this ticket, each with its thread. */
export function HelpPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(helpTexts)
  const { data } = useCall('GET /api/tickets/:id/help', { params: { id: ticket.id } })
  const [asking, setAsking] = useState(false)
  if (!data || (data.items.length === 0 && !ticket.can.edit)) return null
  return (
    <PanelPart
      title={t('title')}
      action={ticket.can.note && <IconButton label={t('ask')} icon={<IconPlus size={16} />} size={24} onClick={() => setAsking(true)} />}
    >
      {data.items.length === 0 && <p className={styles.none}>{t('none')}</p>}
      {data.items.length > 0 && (
        <ul className={styles.lines}>
          {data.items.map((one) => (
            <HelpCard key={one.id} help={one} />
          ))}
        </ul>
      )}
      {asking && (
        <Suspense fallback={null}>
          <AskSheet ticket={ticket} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </PanelPart>
  )
}
