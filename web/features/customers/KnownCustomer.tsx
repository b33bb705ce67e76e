import { Link } from '@tanstack/react-router'
import type { HistoryRow } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { StatusBadge } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './Customers.module.css'
import { MustKnow, OrderLine, PinnedFiles, StandingFacts } from './StandingLines.tsx'
import { StateWord } from './StateWords.tsx'
import { customerTexts } from './texts.ts'

/** While a ticket is being written or a call is taken: who it is, what they may, what they had. `brief`: what the caller's card says already is left out. */
export function KnownCustomer({ personId, brief = false }: { personId: string; brief?: boolean }) {
  const t = useTexts(customerTexts)
  const { data } = useCall('GET /api/people/:id/customer', { params: { id: personId } }, { enabled: useMay('ticket.work') })
  if (!data) return null
  return (
    <section className={styles.known} data-brief={brief || undefined} aria-label={data.person.name}>
      {!brief && <MustKnow standing={data} />}
      {data.organisation && (
        <div className={styles.name}>
          <Link to="/organisations/$organisationId" params={{ organisationId: data.organisation.id }} target="_blank">
            {data.organisation.name}
          </Link>
          {data.state && <StateWord level={data.state.level} />}
        </div>
      )}
      {data.organisation && <OrderLine standing={data} />}
      {data.organisation && !brief && <StandingFacts standing={data} />}
      <PinnedFiles documents={data.documents} />
      {!brief && <History title={t('openTickets')} rows={data.open} />}
      <History title={t('pastTickets')} rows={data.past} />
      {data.open.length + data.past.length === 0 && <p className="dim">{t('noTickets')}</p>}
    </section>
  )
}

/** The first words of it, ended between two of them. */
const begun = (text: string) => (text.length <= 160 ? text : `${text.slice(0, 160).replace(/\s+\S*$/, '')} …`)

function History({ title, rows }: { title: string; rows: readonly HistoryRow[] }) {
  const t = useTexts(customerTexts)
  if (rows.length === 0) return null
  return (
    <div>
      <h2>{title}</h2>
      <ul className={styles.history}>
        {rows.map((row) => (
          <li key={row.id}>
            <div className={styles.line}>
              <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} target="_blank">
                #{row.number} {row.subject}
              </Link>
              <StatusBadge meaning={row.meaning} name={row.statusName} bare />
              <span className="dim small">
                <TimeAgo at={row.createdAt} look="brief" />
              </span>
            </div>
            {row.resolution && <span className={styles.sub}>{t('solvedBy', { text: begun(row.resolution) })}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
