import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { SideFacts, SideMark } from './SideMarks.tsx'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

const BeginSheet = lazy(async () => ({ default: (await import('./BeginSheet.tsx')).BeginSheet }))
const SideTalk = lazy(async () => ({ default: (await import('./SideTalk.tsx')).SideTalk }))

/** Conversations with third parties beside this ticket; each opens at the side with a composer of its own colour. */
export function SidePart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(sideTexts)
  const { data } = useCall('GET /api/tickets/:id/sides', { params: { id: ticket.id } })
  const [opened, setOpened] = useState<string | 'new'>()
  if (!data || (data.items.length === 0 && !data.can.edit)) return null
  return (
    <PanelPart
      title={t('title')}
      action={data.can.edit && <IconButton label={t('begin')} icon={<IconPlus size={16} />} size={24} onClick={() => setOpened('new')} />}
    >
      {data.items.length === 0 && <p className={styles.none}>{t('none')}</p>}
      {data.items.length > 0 && (
        <ul className={styles.lines}>
          {data.items.map((side) => (
            <li key={side.id}>
              <button
                type="button"
                className={styles.line}
                data-done={side.state === 'done' || undefined}
                onClick={() => setOpened(side.id)}
              >
                <span className={styles.top}>
                  <span className="grow truncate">{side.subject}</span>
                  <SideMark side={side} />
                </span>
                <SideFacts side={side} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={null}>
        {opened === 'new' && <BeginSheet ticket={ticket} onClose={() => setOpened(undefined)} onBegun={setOpened} />}
        {opened !== undefined && opened !== 'new' && <SideTalk id={opened} ticket={ticket} onClose={() => setOpened(undefined)} />}
      </Suspense>
    </PanelPart>
  )
}
