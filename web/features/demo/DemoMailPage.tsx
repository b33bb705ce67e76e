import { IconArrowLeft, IconMailbox, IconMailOpened } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { setLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useNarrow } from '../../ui/Dialog.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { DemoBar } from './DemoBar.tsx'
import styles from './DemoMail.module.css'
import { DemoMailText } from './DemoMailText.tsx'
import { Mailboxes } from './Mailboxes.tsx'
import { MailList } from './MailList.tsx'
import { demoTexts } from './texts.ts'
import { WriteMail } from './WriteMail.tsx'

/** The sample people's mail: mailboxes, the mails of one, one mail. On a phone one of the three at a time. */
export function DemoMailPage() {
  const t = useTexts(demoTexts)
  const me = useMe()
  const { of, mail } = useSearch({ from: '/demo/mail' })
  const narrow = useNarrow()
  useTitle(t('mailTitle'))
  useEffect(() => setLanguage(me.language), [me.language])
  const pane = mail ? 'mail' : of ? 'list' : 'boxes'
  return (
    <div className={styles.frame}>
      <DemoBar />
      <header className={styles.head}>
        <div className="grow">
          <h1>{t('mailTitle')}</h1>
          {(!narrow || pane === 'boxes') && <p className="dim">{t('mailLead')}</p>}
        </div>
        <Link to={me.staff ? '/tickets' : '/portal'}>{t('backToDesk')}</Link>
      </header>
      <main className={styles.panes} data-narrow={narrow || undefined}>
        {(!narrow || pane === 'boxes') && <Mailboxes chosen={of} />}
        {of && (!narrow || pane === 'list') && <Box key={of} address={of} mail={mail} />}
        {mail ? (
          <section className={styles.mail}>
            {narrow && of && <Back to={{ of }} />}
            <DemoMailText key={mail} id={mail} />
          </section>
        ) : (
          !narrow && (
            <section className={styles.mail}>
              <EmptyState icon={<IconMailOpened size={24} />} title={t('chooseTitle')} text={t('chooseText')} />
            </section>
          )
        )}
      </main>
    </div>
  )
}

function Back({ to }: { to: { of?: string } }) {
  const t = useTexts(demoTexts)
  const navigate = useNavigate()
  return (
    <IconButton
      label={t('back')}
      size={40}
      icon={<IconArrowLeft size={20} />}
      onClick={() => void navigate({ to: '/demo/mail', search: to })}
    />
  )
}

function Box({ address, mail }: { address: string; mail: string | undefined }) {
  const t = useTexts(demoTexts)
  const narrow = useNarrow()
  const [writing, setWriting] = useState(false)
  const boxes = useCall('GET /api/demo/mailboxes', { query: { q: address } })
  const name = boxes.data?.items.find((b) => b.address === address)?.name ?? address
  const mails = useCall('GET /api/demo/mailboxes/:address', { params: { address } }, { refetchInterval: 8000 })
  return (
    <section className={styles.list} aria-label={name}>
      <header className={styles.listHead}>
        {narrow && <Back to={{}} />}
        <div className="grow">
          <h2 className="truncate">{name}</h2>
          <p className="dim small truncate">{address}</p>
        </div>
        <WriteMail from={address} name={name} open={writing} onTurn={setWriting} />
      </header>
      <Loaded from={mails} rows={4}>
        {(page) =>
          page.items.length > 0 ? (
            <MailList mails={page.items} address={address} chosen={mail} />
          ) : (
            <EmptyState icon={<IconMailbox size={24} />} title={t('emptyBox')} text={t('emptyBoxText')} />
          )
        }
      </Loaded>
    </section>
  )
}
