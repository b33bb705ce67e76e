import { Link } from '@tanstack/react-router'
import type { DemoMailRow } from '../../../contract/demo.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './DemoMail.module.css'
import { demoTexts } from './texts.ts'

/** The mails of one mailbox. */
export function MailList({ mails, address, chosen }: { mails: readonly DemoMailRow[]; address: string; chosen: string | undefined }) {
  const t = useTexts(demoTexts)
  return (
    <ul className={styles.rows}>
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link
            to="/demo/mail"
            search={{ of: address, mail: mail.id }}
            className={styles.mailLine}
            data-chosen={mail.id === chosen || undefined}
            {...(mail.id === chosen ? { 'aria-current': 'true' } : {})}
          >
            <span className="row">
              <span className={`grow truncate ${styles.name}`} data-unread={!mail.read || undefined}>
                {mail.from.name || mail.from.email}
                {!mail.read && <span className="unseen">{t('unreadMail')}</span>}
              </span>
              <span className="dim small">
                <TimeAgo at={mail.at} look="brief" />
              </span>
            </span>
            <span className="truncate">{mail.subject}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
