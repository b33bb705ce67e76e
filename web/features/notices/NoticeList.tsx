import { IconBellOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Notice } from '../../../contract/desk.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/States.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './NoticeList.module.css'
import { noticeTexts } from './texts.ts'
import { wordsOf } from './words.ts'

export function NoticeList({ items, unread, onOpen }: { items: readonly Notice[]; unread: number; onOpen: () => void }) {
  const t = useTexts(noticeTexts)
  const read = useSend('POST /api/notices/read', { renews: ['GET /api/notices', 'GET /api/me'] })
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
        {items.map((notice) => (
          <li key={notice.id}>
            <NoticeLine
              notice={notice}
              onOpen={() => {
                if (!notice.read) read.mutate({ body: { ids: [notice.id] } })
                onOpen()
              }}
            />
          </li>
        ))}
      </ul>
    </div>
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
}

const ofAutomation: ReadonlySet<string> = new Set(['webhook-off', 'rule-off', 'rule-paused'])

function NoticeLine({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const t = useTexts(noticeTexts)
  const inside = (
    <>
      <span className={styles.dot} data-unread={!notice.read || undefined}>
        {!notice.read && <span className="unseen">{t('unread')}</span>}
      </span>
      <span className="grow">
        <span className={styles.what}>{wordsOf(notice, t('somebody'))}</span>
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
      <Link
        to={ofAutomation.has(notice.about) ? '/automation' : '/mail'}
        search={places[notice.about]}
        className={styles.line}
        onClick={onOpen}
      >
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
