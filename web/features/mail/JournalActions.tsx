import { IconArrowsExchange, IconBan, IconCode, IconDoorEnter, IconEye, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { MailFrame } from '../../ui/MailFrame.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { BlockDialog } from './BlockDialog.tsx'
import type { Entry } from './entry.ts'
import styles from './Mail.module.css'
import { mailTexts } from './texts.ts'
import { WhereDialog } from './WhereDialog.tsx'

/** What can be done with a mail that came in: read it in quarantine, judge it anew, let it in, move it, block its sender. */
export function JournalActions({ entry }: { entry: Entry }) {
  const t = useTexts(mailTexts)
  const mayOpen = useMay('quarantine.open')
  const mayBlock = useMay('sender.block')
  const [dialog, setDialog] = useState<'release' | 'rethread' | 'block'>()
  const [confirm, question] = useConfirm()
  const [opened, setOpened] = useState<Answer<'POST /api/mail/journal/:id/open'>>()
  const params = { id: entry.id }
  const open = useSend('POST /api/mail/journal/:id/open', { onDone: setOpened, onProblem: toastProblem })
  const replay = useSend('POST /api/mail/journal/:id/replay', {
    renews: ['GET /api/mail/journal', 'GET /api/mail/journal/:id'],
    onDone: () => void toast(t('replayed')),
    onProblem: toastProblem,
  })
  const askOpen = async () => {
    if (await confirm({ title: t('openTitle'), text: t('openText'), action: t('open') })) open.mutate({ params })
  }
  const askReplay = async () => {
    if (await confirm({ title: t('replayTitle'), text: t('replayText'), action: t('replay') })) replay.mutate({ params })
  }
  const held = entry.verdict === 'quarantined'
  const joined = entry.verdict === 'created' || entry.verdict === 'followed-up'
  const icon = { size: 16 }
  return (
    <>
      {held && entry.text === null && !opened && <p className="dim">{t('hidden')}</p>}
      <div className={styles.actions}>
        {held && mayOpen && !opened && (
          <Button look="main" icon={<IconEye {...icon} />} busy={open.isPending} onClick={() => void askOpen()}>
            {t('open')}
          </Button>
        )}
        {held && mayOpen && (
          <Button icon={<IconDoorEnter {...icon} />} onClick={() => setDialog('release')}>
            {t('release')}
          </Button>
        )}
        {joined && mayOpen && (
          <Button icon={<IconArrowsExchange {...icon} />} onClick={() => setDialog('rethread')}>
            {t('rethread')}
          </Button>
        )}
        {mayOpen && !joined && entry.verdict !== 'alert' && (
          <Button icon={<IconRefresh {...icon} />} busy={replay.isPending} onClick={() => void askReplay()}>
            {t('replay')}
          </Button>
        )}
        {mayBlock && entry.from.email && (
          <Button icon={<IconBan {...icon} />} onClick={() => setDialog('block')}>
            {t('block')}
          </Button>
        )}
        {mayOpen && (
          <a className={styles.download} href={`/api/mail/journal/${entry.id}/raw`} download={`mail-${entry.id}.eml`}>
            <IconCode {...icon} />
            {t('raw')}
          </a>
        )}
      </div>
      {opened && <Opened mail={opened} />}
      {(dialog === 'release' || dialog === 'rethread') && <WhereDialog entry={entry} what={dialog} onClose={() => setDialog(undefined)} />}
      {dialog === 'block' && <BlockDialog email={entry.from.email} onClose={() => setDialog(undefined)} />}
      {question}
    </>
  )
}

function Opened({ mail }: { mail: Answer<'POST /api/mail/journal/:id/open'> }) {
  const t = useTexts(mailTexts)
  const formats = useFormats()
  return (
    <section>
      <h3>{t('text')}</h3>
      {mail.html ? <MailFrame html={mail.html} /> : <pre className={styles.text}>{mail.text}</pre>}
      {mail.attachments.length > 0 && (
        <>
          <h3>{t('attachments')}</h3>
          <ul className={styles.recipients}>
            {mail.attachments.map((file) => (
              <li key={file.name}>
                {file.name}{' '}
                <span className="dim small">
                  {file.mediaType}, {formats.size(file.size)}
                </span>
              </li>
            ))}
          </ul>
          <p className="dim small">{t('attachmentsHeld')}</p>
        </>
      )}
    </section>
  )
}
