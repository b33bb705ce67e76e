import { Link, useRouter } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { PersonName, StatusShape } from '../../ui/Marks.tsx'
import { Fact, Facts, PanelPart, SidePanel } from '../../ui/Panel.tsx'
import { TimeAgo, useNow } from '../../ui/TimeAgo.tsx'
import { SideParts } from './parts.tsx'
import styles from './TicketSide.module.css'
import { ticketTexts } from './texts.ts'

const CustomerPart = lazy(async () => ({ default: (await import('../customers/CustomerPart.tsx')).CustomerPart }))

/** What one would ask first: who it is, where, what time there, how to reach them, what to mind, what else they have. */
export function TicketSide({ ticket }: { ticket: Ticket }) {
  const t = useTexts(ticketTexts)
  return (
    <SidePanel label={t('about')}>
      <Suspense fallback={null}>
        <CustomerPart ticket={ticket} />
      </Suspense>
      <RequesterPart ticket={ticket} />
      <DetailsPart ticket={ticket} />
      <SideParts ticket={ticket} />
      <OthersPart ticket={ticket} />
    </SidePanel>
  )
}

function RequesterPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(ticketTexts)
  const formats = useFormats()
  const now = useNow()
  const { data: person } = useCall('GET /api/people/:id', { params: { id: ticket.requester.id } }, { enabled: useMay('person.see') })
  // Asked for by the part above already; here for the clock on the wall of the site.
  const { data: standing } = useCall('GET /api/tickets/:id/customer', { params: { id: ticket.id } }, { enabled: useMay('ticket.work') })
  const zone = standing?.site?.timeZone ?? person?.timeZone ?? standing?.organisation?.timeZone
  return (
    <PanelPart title={t('requester')}>
      <div className={styles.name}>
        <MaybeLink to={`/people/${ticket.requester.id}`} screen="/people/$personId">
          <PersonName person={ticket.requester} />
        </MaybeLink>
      </div>
      <Facts>
        <Fact name={t('mail')}>{ticket.requester.email && <a href={`mailto:${ticket.requester.email}`}>{ticket.requester.email}</a>}</Fact>
        <Fact name={t('phone')}>
          {person && person.phones.length > 0 && (
            <span className={styles.lines}>
              {person.phones.map((p) => (
                <a key={p.number} href={`tel:${p.number.replace(/[^+\d]/g, '')}`}>
                  {p.number}
                </a>
              ))}
            </span>
          )}
        </Fact>
        <Fact name={t('department')}>{person?.department}</Fact>
        <Fact name={t('localTime')}>{zone && formats.clockIn(zone, new Date(now))}</Fact>
        <Fact name={t('lineManager')}>{person?.lineManager?.name}</Fact>
        <Fact name={t('onBehalfOf')}>{ticket.onBehalfOf?.name}</Fact>
      </Facts>
    </PanelPart>
  )
}

/** A link where that screen exists already. */
function MaybeLink({ to, screen, children }: { to: string; screen: string; children: ReactNode }) {
  const known = screen in (useRouter().routesByPath as Record<string, unknown>)
  return known ? <Link to={to as never}>{children}</Link> : children
}

function DetailsPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(ticketTexts)
  const formats = useFormats()
  return (
    <PanelPart title={t('details')}>
      <Facts>
        <Fact name={t('kind')}>{t(`kind-${ticket.kind}`)}</Fact>
        <Fact name={t('channel')}>{t(`channel-${ticket.channel}`)}</Fact>
        <Fact name={t('mailbox')}>{ticket.mailbox?.name}</Fact>
        <Fact name={t('categoryAtOpen')}>{ticket.categoryAtOpen?.id !== ticket.category?.id && ticket.categoryAtOpen?.name}</Fact>
        <Fact name={t('categoryAtClose')}>{ticket.categoryAtClose?.name}</Fact>
        <Fact name={t('snoozedUntil')}>{ticket.snoozedUntil && formats.dateTime(ticket.snoozedUntil)}</Fact>
        <Fact name={t('created')}>
          <TimeAgo at={ticket.createdAt} />
        </Fact>
        <Fact name={t('firstAnswer')}>{ticket.firstAnsweredAt && <TimeAgo at={ticket.firstAnsweredAt} />}</Fact>
        <Fact name={t('passed')}>{ticket.passedCount > 0 && t('passedTimes', { count: ticket.passedCount })}</Fact>
        <Fact name={t('reopened')}>{ticket.reopenedCount > 0 && t('passedTimes', { count: ticket.reopenedCount })}</Fact>
        <Fact name={t('copies')}>{ticket.cc.map((p) => p.name || p.email).join(', ')}</Fact>
        <Fact name={t('watchers')}>{ticket.watchers.map((p) => p.name).join(', ')}</Fact>
      </Facts>
    </PanelPart>
  )
}

type Linked = { id: string; number: number; subject: string; meaning: string; createdAt?: string }
function TicketLink({ ticket }: { ticket: Linked }) {
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={true} className={styles.ticket}>
      <StatusShape meaning={ticket.meaning} />
      <span className="grow">
        <span className={styles.subject}>{ticket.subject}</span>
        <span className={styles.sub}>
          #{ticket.number} {ticket.createdAt && <TimeAgo at={ticket.createdAt} look="brief" />}
        </span>
      </span>
    </Link>
  )
}

function OthersPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(ticketTexts)
  const { data } = useCall('GET /api/tickets', { query: { requesterId: ticket.requester.id, limit: 6 } })
  const others = data?.items.filter((row) => row.id !== ticket.id).slice(0, 5)
  return (
    <PanelPart title={t('otherTickets')}>
      {others?.length === 0 && <p className="dim">{t('noOther')}</p>}
      {others?.map((row) => (
        <TicketLink key={row.id} ticket={{ ...row, meaning: row.status.meaning }} />
      ))}
    </PanelPart>
  )
}
