import { useDebouncedValue } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DemoMailbox } from '../../../contract/demo.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { TextField } from '../../ui/Fields.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import styles from './DemoMail.module.css'
import { demoTexts } from './texts.ts'

/** Whose mailbox holds mail, newest first; or whoever is looked for. */
export function Mailboxes({ chosen }: { chosen: string | undefined }) {
  const t = useTexts(demoTexts)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const boxes = useCall('GET /api/demo/mailboxes', q ? { query: { q } } : {}, { keep: true, refetchInterval: 8000 })
  return (
    <nav className={styles.boxes} aria-label={t('mailboxes')}>
      <TextField label={t('find')} size="xs" type="search" value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      <Loaded from={boxes}>
        {({ items }) =>
          items.length === 0 ? (
            q ? (
              <p className="dim">{t('noneFound')}</p>
            ) : (
              <EmptyState title={t('noMailTitle')} text={t('noMailText')} />
            )
          ) : (
            <ul className={styles.rows}>
              {items.map((box) => (
                <li key={box.address}>
                  <BoxLine box={box} chosen={box.address === chosen} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </nav>
  )
}

function BoxLine({ box, chosen }: { box: DemoMailbox; chosen: boolean }) {
  const t = useTexts(demoTexts)
  return (
    <Link
      to="/demo/mail"
      search={{ of: box.address }}
      className={styles.box}
      data-chosen={chosen || undefined}
      {...(chosen ? { 'aria-current': 'true' } : {})}
    >
      <Avatar id={box.personId ?? '0'} name={box.name || box.address} size={28} />
      <span className="grow truncate">
        <span className={styles.name} data-unread={box.unread > 0 || undefined}>
          {box.name || box.address}
        </span>
        <span className="dim small">{t('mails', { count: box.total })}</span>
      </span>
      {box.unread > 0 && (
        <span className={styles.count}>
          <span aria-hidden="true">{box.unread}</span>
          <span className="unseen">{t('unread', { count: box.unread })}</span>
        </span>
      )}
    </Link>
  )
}
