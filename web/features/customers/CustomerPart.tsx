import { Link } from '@tanstack/react-router'
import type { Ticket } from '../../../contract/tickets.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { PanelPart } from '../../ui/Panel.tsx'
import { useOrganisationWords } from '../people/words.ts'
import styles from './Customers.module.css'
import { MustKnow, OrderLine, PinnedFiles, StandingFacts } from './StandingLines.tsx'
import { StateReasons, StateWord } from './StateWords.tsx'

/** On top of every ticket of theirs: what one would have to know before the first word. */
export function CustomerPart({ ticket }: { ticket: Ticket }) {
  const words = useOrganisationWords()
  const { data: standing } = useCall('GET /api/tickets/:id/customer', { params: { id: ticket.id } }, { enabled: useMay('ticket.work') })
  if (!ticket.organisation) return standing ? <MustKnow standing={standing} /> : null
  return (
    <PanelPart title={words('one')}>
      <div className={styles.name}>
        <Link to="/organisations/$organisationId" params={{ organisationId: ticket.organisation.id }}>
          {ticket.organisation.name}
        </Link>
        {standing?.state && <StateWord level={standing.state.level} />}
      </div>
      {standing && (
        <div className={styles.stack}>
          <MustKnow standing={standing} />
          <StateReasons reasons={standing.state?.reasons.filter((one) => one.ticket?.id !== ticket.id) ?? []} />
          <OrderLine standing={standing} />
          <StandingFacts standing={standing} />
          <PinnedFiles documents={standing.documents} />
        </div>
      )}
    </PanelPart>
  )
}
