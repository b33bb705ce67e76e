import { IconArrowLeft, IconChecks } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { ExceptionKey } from '../../../contract/figures.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { PriorityMark, StatusBadge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { clearSelected, turnRow, useSelected } from '../tickets/selected.ts'
import { BulkBar } from '../views/BulkBar.tsx'
import styles from './Home.module.css'
import { homeTexts } from './home-texts.ts'

/** One of the lists that need a hand: open a ticket, or choose several and change them at once. */
export function ExceptionPage() {
  const t = useTexts(homeTexts)
  const key = useParams({ strict: false } as never)['list'] as ExceptionKey
  const { ids } = useSelected()
  const found = useEndless('GET /api/home/exceptions/:key', { params: { key }, query: {} }, { keep: true })
  useEffect(() => clearSelected, [])
  return (
    <Page
      title={t(key)}
      back={
        <Link to={'/home' as never} className={styles.on}>
          <IconArrowLeft size={14} aria-hidden="true" />
          {t('backHome')}
        </Link>
      }
    >
      <Loaded from={{ data: found.items, error: found.error, refetch: found.refetch }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={<IconChecks size={24} />} title={t('listEmptyTitle')} text={t('listEmptyText')} />
          ) : (
            <ul className={`${styles.next} ${styles.sheet}`}>
              {items.map((row) => (
                <Row key={row.id} row={row} chosen={ids.has(row.id)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <MoreRows has={found.hasNextPage} busy={found.isFetchingNextPage} load={found.more} />
      {ids.size > 0 && (
        <div className={styles.bar}>
          <BulkBar whole={undefined} />
        </div>
      )}
    </Page>
  )
}

function Row({ row, chosen }: { row: TicketRow; chosen: boolean }) {
  const t = useTexts(homeTexts)
  const formats = useFormats()
  return (
    <li className={styles.row}>
      <label className={styles.choose}>
        <input type="checkbox" checked={chosen} onChange={() => turnRow(row.id)} aria-label={t('choose', { number: row.number })} />
      </label>
      <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} search={{} as never} className={styles.item}>
        <span className={styles.subject}>{row.subject}</span>
        <span className={styles.meta}>
          <PriorityMark priority={row.priority} words />
          <StatusBadge meaning={row.status.meaning} name={row.status.name} bare />
          <span>#{row.number}</span>
          <span className="truncate">
            {[row.requester.name, row.organisation?.name, row.team?.name, row.assignee?.name].filter(Boolean).join(' · ')}
          </span>
          <span>{formats.relative(row.waitingSince ?? row.changedAt)}</span>
        </span>
      </Link>
    </li>
  )
}
