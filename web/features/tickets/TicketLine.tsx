import { IconHourglass, IconLock, IconStarFilled } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, memo, Suspense } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useMe } from '../../kernel/session.ts'
import { Avatar, PriorityMark, StatusShape } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { presenceOf } from './presence.ts'
import styles from './TicketList.module.css'
import { ticketTexts } from './texts.ts'

const DueMark = lazy(async () => ({ default: (await import('../sla/DueChip.tsx')).DueMark }))

type Person = { id: string; name: string; typing: boolean; idle: boolean }
type Props = { row: TicketRow; current: boolean; cursor: boolean; people: readonly Person[] | undefined }

/** One ticket in the list: who, when, what, where it stands, who has it, who waits since when, who is at it. */
export const TicketLine = memo(function TicketLine({ row, current, cursor, people }: Props) {
  const t = useTexts(ticketTexts)
  const u = useTexts(uiTexts)
  const formats = useFormats()
  const me = useMe().id
  const others = people?.filter((p) => p.id !== me) ?? []
  return (
    <Link
      to="/tickets/$ticketId"
      params={{ ticketId: row.id }}
      search={true}
      className={styles.line}
      data-unread={row.unread || undefined}
      data-cursor={cursor || undefined}
      aria-current={current ? 'true' : undefined}
    >
      <span className={styles.first}>
        <span className={styles.dot} aria-hidden="true" />
        {row.unread && <span className="unseen">{t('unread')}</span>}
        <span className={styles.who}>{row.requester.name}</span>
        {row.specialHandling && <IconStarFilled size={11} className={styles.star} role="img" aria-label={u('specialHandling')} />}
        {row.organisation && <span className={styles.org}>{row.organisation.name}</span>}
        <span className={styles.when}>
          <TimeAgo at={row.lastMessageAt ?? row.createdAt} look="brief" />
        </span>
      </span>
      <span className={styles.subject}>
        {row.restricted && <IconLock size={13} aria-hidden="true" />}
        <span className="truncate">{row.subject}</span>
      </span>
      <span className={styles.last}>
        <PriorityMark priority={row.priority} />
        <StatusShape meaning={row.status.meaning} />
        <span className="truncate">
          {row.status.name} · #{row.number}
          {row.team && ` · ${row.team.name}`}
        </span>
        <span className="grow" />
        {row.due && (
          <Suspense fallback={null}>
            <DueMark due={row.due} />
          </Suspense>
        )}
        {row.waitingSince && (
          <span className={styles.waits} title={t('waitsSince', { time: formats.full(row.waitingSince) })}>
            <IconHourglass size={12} aria-hidden="true" />
            <span className="unseen">{t('waits', { time: '' })}</span>
            <TimeAgo at={row.waitingSince} look="since" />
          </span>
        )}
        {others.slice(0, 2).map((p) => (
          <span key={p.id} title={t(presenceOf(p), { name: p.name })} className={styles.present}>
            <Avatar id={p.id} name={p.name} size={18} ring={presenceOf(p)} />
            <span className="unseen">{t(p.typing ? 'typing' : 'looking', { name: p.name })}</span>
          </span>
        ))}
        {row.assignee && (
          <span title={row.assignee.name} className={styles.present}>
            <Avatar id={row.assignee.id} name={row.assignee.name} size={18} />
            <span className="unseen">{row.assignee.name}</span>
          </span>
        )}
      </span>
    </Link>
  )
})
