import type { Ticket } from '../../../contract/tickets.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import styles from './Customers.module.css'
import { MustKnow } from './StandingLines.tsx'

/** Above the conversation where the panel that says it is not in view: on a phone, or when it is closed. */
export function HandlingBanner({ ticket }: { ticket: Ticket }) {
  const { data } = useCall('GET /api/tickets/:id/customer', { params: { id: ticket.id } }, { enabled: useMay('ticket.work') })
  if (!data || (data.person.specialHandling === '' && !data.organisation?.specialHandling)) return null
  return (
    <div className={styles.banner}>
      <MustKnow standing={data} />
    </div>
  )
}
