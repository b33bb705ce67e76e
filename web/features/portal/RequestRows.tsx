import { Link } from '@tanstack/react-router'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { StatusShape } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { stateOf, stateWords, whoHasIt } from './plain.ts'
import styles from './RequestRows.module.css'
import { useHasNews } from './seen.ts'
import { portalTexts } from './texts.ts'

/** Requests with their state in words and their last news. */
export function RequestRows({ rows, label }: { rows: readonly TicketRow[]; label: string }) {
  const me = useMe()
  const hasNews = useHasNews(me.id)
  return (
    <ul className={styles.rows} aria-label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <RequestRow row={row} news={hasNews(row)} />
        </li>
      ))}
    </ul>
  )
}

function RequestRow({ row, news }: { row: TicketRow; news: boolean }) {
  const t = useTexts(portalTexts)
  const me = useMe()
  const company = useCompany()
  const state = stateOf(row)
  const mine = row.requester.id === me.id
  const calls = mine && (state === 'answer' || state === 'solved')
  return (
    <Link to="/portal/requests/$ticketId" params={{ ticketId: row.id }} className={styles.row} data-news={news || undefined}>
      <span className={styles.line}>
        {news && <span className={styles.news}>{t('news')}</span>}
        <strong className={styles.subject}>{row.subject}</strong>
        <span className={styles.when}>
          <TimeAgo at={row.lastMessageAt ?? row.createdAt} look="brief" />
        </span>
      </span>
      {row.preview && <span className={styles.preview}>{row.preview}</span>}
      <span className={styles.line}>
        <StateWords calls={calls} meaning={row.status.meaning} words={stateWords(t, row, me.id, whoHasIt(row, company?.whoHasIt))} />
        {!mine && <span className={styles.small}>{t('from', { name: row.requester.name })}</span>}
        <span className={styles.number}>{t('number', { number: row.number })}</span>
      </span>
    </Link>
  )
}

/** The state; on a ground of its own where it waits for the reader. */
export function StateWords({ meaning, words, calls }: { meaning: string; words: string; calls: boolean }) {
  return (
    <span className={styles.state} data-calls={calls || undefined}>
      <StatusShape meaning={meaning} />
      <span>{words}</span>
    </span>
  )
}
