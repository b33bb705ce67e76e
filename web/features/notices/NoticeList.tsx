import { IconBellOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Notice } from '../../../contract/notices.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/States.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './NoticeList.module.css'
import { noticeTexts } from './texts.ts'
import { inRuns, wordsOf } from './words.ts'

export function NoticeList({ items, unread, onOpen }: { items: readonly Notice[]; unread: number; onOpen: () => void }) {
  const t = useTexts(noticeTexts)
  const read = useSend('POST /api/notices/read', { renews: ['GET /api/notices', 'GET /api/me'] })
  const line = (notice: Notice) => (
    <li key={notice.id}>
      <NoticeLine
        notice={notice}
        onOpen={() => {
          if (!notice.read) read.mutate({ body: { ids: [notice.id] } })
          onOpen()
        }}
      />
    </li>
  )
  return (
    <div className={styles.frame}>
      <div className={styles.head}>
        <h2 className="grow">{t('bell')}</h2>
        {unread > 0 && (
          <Button look="plain" busy={read.isPending} onClick={() => read.mutate({ body: {} })}>
            {t('readAll')}
          </Button>
        )}
      </div>
      {items.length === 0 && <EmptyState icon={<IconBellOff size={24} />} title={t('empty')} text={t('emptyText')} />}
      <ul className={styles.list}>
        {inRuns(items).map((run) => (
          <Run key={run[0]!.id} run={run} line={line} />
        ))}
      </ul>
    </div>
  )
}

/** Many alike are one line that opens. */
function Run({ run, line }: { run: Notice[]; line: (notice: Notice) => ReactNode }) {
  const t = useTexts(noticeTexts)
  const [open, setOpen] = useState(false)
  const first = run[0]!
  if (run.length === 1 || open) return run.map(line)
  return (
    <li>
      <button type="button" className={styles.line} aria-expanded={false} onClick={() => setOpen(true)}>
        <span className={styles.dot} data-unread={!first.read || undefined}>
          {!first.read && <span className="unseen">{t('unread')}</span>}
        </span>
        <span className="grow">
          <span className={styles.what}>{t('run', { what: wordsOf(first), count: run.length })}</span>
          <span className={`${styles.ticket} dim`}>{run.map((one) => `#${one.ticket?.number}`).join(', ')}</span>
        </span>
        <span className="dim small">
          <TimeAgo at={first.at} look="brief" />
        </span>
      </button>
    </li>
  )
}

/** Where one does something about it. */
const places: Record<NonNullable<Notice['about']>, { tab?: string; verdict?: string }> = {
  'mailbox-failing': { tab: 'mailboxes' },
  'mailbox-disconnected': { tab: 'mailboxes' },
  'mailbox-expiring': { tab: 'mailboxes' },
  'mail-routing': { tab: 'mailboxes' },
  'mail-quarantined': { verdict: 'quarantined' },
  'mail-delayed': { tab: 'outbox' },
  'webhook-off': { tab: 'webhooks' },
  'rule-off': {},
  'rule-paused': {},
  'on-call-gap': {},
  'shift-changed': {},
  'swap-offered': {},
  'swap-answered': {},
  handover: {},
  'page-unreached': {},
  'pager-silent': {},
  'source-silent': {},
}

const screens: Partial<
  Record<NonNullable<Notice['about']>, '/automation' | '/on-call' | '/pages' | '/health' | '/settings/alert-sources'>
> = {
  'webhook-off': '/automation',
  'rule-off': '/automation',
  'rule-paused': '/automation',
  'on-call-gap': '/on-call',
  'shift-changed': '/on-call',
  'swap-offered': '/on-call',
  'swap-answered': '/on-call',
  handover: '/on-call',
  'page-unreached': '/pages',
  'pager-silent': '/health',
  'source-silent': '/settings/alert-sources',
}

function NoticeLine({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const t = useTexts(noticeTexts)
  const inside = (
    <>
      <span className={styles.dot} data-unread={!notice.read || undefined}>
        {!notice.read && <span className="unseen">{t('unread')}</span>}
      </span>
      <span className="grow">
        <span className={styles.what}>{wordsOf(notice)}</span>
        {notice.ticket && (
          <span className={styles.ticket}>
            <span className="dim">#{notice.ticket.number}</span> {notice.ticket.subject}
          </span>
        )}
      </span>
      <span className="dim small">
        <TimeAgo at={notice.at} look="brief" />
      </span>
    </>
  )
  if (notice.about)
    return (
      <Link to={screens[notice.about] ?? '/mail'} search={places[notice.about]} className={styles.line} onClick={onOpen}>
        {inside}
      </Link>
    )
  if (!notice.ticket)
    return (
      <button type="button" className={styles.line} onClick={onOpen}>
        {inside}
      </button>
    )
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: notice.ticket.id }} className={styles.line} onClick={onOpen}>
      {inside}
    </Link>
  )
}
