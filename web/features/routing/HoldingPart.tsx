import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { PanelPart } from '../../ui/Panel.tsx'
import { hoursAndMinutes } from '../timekeeping/duration.ts'
import styles from './Routing.module.css'
import { routingTexts } from './texts.ts'
import { Why } from './Why.tsx'

/** Which team and person had it for how long, and why the program gave it to who has it. */
export function HoldingPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(routingTexts)
  const formats = useFormats()
  const { data } = useCall('GET /api/tickets/:id/holdings', { params: { id: ticket.id } })
  const last = data?.items.at(-1)
  const given = last?.to === null ? last.given : null
  // One pair of hands since it came: the ticket's own facts say that already.
  if (!data || (data.items.length < 2 && !given)) return null
  return (
    <PanelPart title={t('whoHad')} action={data.passed > 0 && <span className={styles.dim}>{t('passed', { count: data.passed })}</span>}>
      <ol className={styles.holdings}>
        {data.items.map((one) => (
          <li key={one.from} title={formats.dateTime(one.from)}>
            <span className={styles.who}>
              {one.team?.name ?? t('noTeam')} · {one.assignee?.name ?? <span className={styles.dim}>{t('nobody')}</span>}
            </span>
            <span className={styles.time}>
              {hoursAndMinutes(Math.round(one.seconds / 60))}
              {one.to === null && <span className={styles.dim}> {t('now')}</span>}
            </span>
          </li>
        ))}
      </ol>
      {given && <Why choice={given} />}
    </PanelPart>
  )
}
