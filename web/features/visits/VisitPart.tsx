import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Visit } from '../../../contract/visits.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { visitTexts } from './texts.ts'
import { VisitMark } from './VisitMark.tsx'
import styles from './Visits.module.css'
import { useWindowWords } from './windows.ts'

const PlanSheet = lazy(async () => ({ default: (await import('./PlanSheet.tsx')).PlanSheet }))

/** Who goes there for this ticket, and when. */
export function VisitPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(visitTexts)
  const { data } = useCall('GET /api/tickets/:id/visits', { params: { id: ticket.id } })
  const [planning, setPlanning] = useState(false)
  if (!data || (data.items.length === 0 && !data.can.plan)) return null
  return (
    <PanelPart
      title={t('title')}
      action={data.can.plan && <IconButton label={t('plan')} icon={<IconPlus size={16} />} size={24} onClick={() => setPlanning(true)} />}
    >
      {data.items.length === 0 && <p className={styles.none}>{t('none')}</p>}
      {data.items.length > 0 && (
        <ul className={styles.lines}>
          {data.items.map((visit) => (
            <Line key={visit.id} visit={visit} />
          ))}
        </ul>
      )}
      {planning && (
        <Suspense fallback={null}>
          <PlanSheet ticket={ticket} onClose={() => setPlanning(false)} />
        </Suspense>
      )}
    </PanelPart>
  )
}

function Line({ visit }: { visit: Visit }) {
  const words = useWindowWords()
  const t = useTexts(visitTexts)
  return (
    <li>
      <Link to={'/visits/$visitId' as never} params={{ visitId: visit.id } as never} className={styles.line}>
        <span className={styles.lineTop}>
          <span className="grow">{words.both(visit)}</span>
          <VisitMark state={visit.state} />
        </span>
        <span className={styles.about}>{[visit.purpose, visit.people.map((one) => one.name).join(', ')].filter(Boolean).join(' · ')}</span>
        {visit.declined && <span className={styles.declined}>{t('declinedTitle')}</span>}
      </Link>
    </li>
  )
}
