import { IconInbox, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import styles from './Mail.module.css'
import { MailboxCard } from './MailboxCard.tsx'
import { MailboxSheet } from './MailboxSheet.tsx'
import { mailboxTexts } from './mailbox-texts.ts'

export function MailboxList() {
  const t = useTexts(mailboxTexts)
  const mayEdit = useMay('mailbox.edit')
  const mailboxes = useCall('GET /api/mailboxes', undefined, { refetchInterval: 30_000 })
  const [open, setOpen] = useState<Mailbox | 'new'>()
  useShortcut('n', t('newMailbox'), t('title'), () => setOpen('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
      {t('newMailbox')}
    </Button>
  )
  return (
    <div className={styles.stack}>
      <Loaded from={mailboxes}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconInbox size={24} />} title={t('none')} text={t('noneText')} action={add} />
          ) : (
            <>
              <div className={styles.bar}>
                <p>{t('lead')}</p>
                {add}
              </div>
              <div className={styles.cards}>
                {items.map((mailbox) => (
                  <MailboxCard key={mailbox.id} mailbox={mailbox} mayEdit={mayEdit} onEdit={() => setOpen(mailbox)} />
                ))}
              </div>
            </>
          )
        }
      </Loaded>
      {open && <MailboxSheet {...(open === 'new' ? {} : { mailbox: open })} onClose={() => setOpen(undefined)} />}
    </div>
  )
}
