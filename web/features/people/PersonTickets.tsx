import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { StatusBadge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './People.module.css'
import { peopleTexts } from './texts.ts'

export function PersonTickets({ person }: { person: { id: string; name: string } }) {
  const t = useTexts(peopleTexts)
  const navigate = useNavigate()
  const mayCreate = useMay('ticket.create')
  const [tab, setTab] = useState<'open' | 'past'>('open')
  return (
    <Section
      title={t('tickets')}
      actions={
        mayCreate && (
          <IconButton
            label={t('newTicket', { name: person.name })}
            icon={<IconPlus size={16} />}
            onClick={() => void navigate({ to: '/new-ticket', search: { requester: person.id } })}
          />
        )
      }
    >
      <Tabs
        label={t('tickets')}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'open',
            label: t('openTickets'),
            content: <TicketLines query={{ requesterId: person.id, open: true }} none={t('noOpen')} />,
          },
          {
            value: 'past',
            label: t('pastTickets'),
            content: <TicketLines query={{ requesterId: person.id, open: false }} none={t('noPast')} />,
          },
        ]}
      />
    </Section>
  )
}

type Query = { requesterId?: string; organisationId?: string; open: boolean }

/** Short lines of tickets under a filter; also on the organisation's page. */
export function TicketLines({ query, none, withRequester = false }: { query: Query; none: string; withRequester?: boolean }) {
  const tickets = useEndless('GET /api/tickets', { query: { ...query, limit: 20 } })
  return (
    <Loaded from={{ data: tickets.items, error: tickets.error, refetch: tickets.refetch }} rows={3}>
      {(rows) =>
        rows.length === 0 ? (
          <p className="dim small">{none}</p>
        ) : (
          <>
            <ul className={styles.lines}>
              {rows.map((row) => (
                <li key={row.id}>
                  <TicketLine ticket={row} withRequester={withRequester} />
                </li>
              ))}
            </ul>
            {tickets.hasNextPage && <MoreRows has busy={tickets.isFetchingNextPage} load={tickets.more} />}
          </>
        )
      }
    </Loaded>
  )
}

const TicketLine = ({ ticket, withRequester }: { ticket: TicketRow; withRequester: boolean }) => (
  <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} className={styles.ticket}>
    <span className={`dim ${styles.number}`}>#{ticket.number}</span>
    <span className={`truncate ${styles.subject}`}>{ticket.subject}</span>
    {withRequester && <span className="dim small truncate">{ticket.requester.name}</span>}
    <StatusBadge meaning={ticket.status.meaning} name={ticket.status.name} />
    <span className="dim small">
      <TimeAgo at={ticket.changedAt} look="brief" />
    </span>
  </Link>
)
