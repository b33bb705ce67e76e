import { IconAlertTriangle, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Mail.module.css'
import { mailTexts } from './texts.ts'

/** Above the outbox while mail is held: how much, why, and, once there is a way out, one button for all of it. */
export function HeldBar() {
  const t = useTexts(mailTexts)
  const { data } = useCall('GET /api/mail/outbox/held', undefined, { refetchInterval: 30_000 })
  const may = useMay('mailbox.edit')
  const [asking, setAsking] = useState(false)
  if (!data || data.count === 0) return null
  const ready = data.sendable > 0
  return (
    <div className={styles.notice}>
      <IconAlertTriangle size={18} />
      <span className="grow">
        <strong>{t('heldCount', { count: data.count })}</strong>
        <br />
        {ready ? t('heldReady') : t('heldText')}
      </span>
      {ready && may && (
        <Button look="main" icon={<IconSend size={16} />} onClick={() => setAsking(true)}>
          {t('sendAllHeld')}
        </Button>
      )}
      {asking && <SendHeld held={data} onClose={() => setAsking(false)} />}
    </div>
  )
}

type Held = { sendable: number; count: number; first: { id: string; subject: string; to: string; createdAt: string }[] }

function SendHeld({ held, onClose }: { held: Held; onClose: () => void }) {
  const t = useTexts(mailTexts)
  const formats = useFormats()
  const send = useSend('POST /api/mail/outbox/held/send', {
    renews: ['GET /api/mail/outbox', 'GET /api/mail/outbox/held'],
    onDone: ({ released }) => {
      toast(t('heldSent', { count: released }))
      onClose()
    },
    onProblem: toastProblem,
  })
  const rest = held.count - held.first.length
  return (
    <Dialog title={t('sendHeldTitle', { count: held.sendable })} open onClose={onClose}>
      <p>{t('sendHeldText')}</p>
      <ul className={styles.recipients}>
        {held.first.map((mail) => (
          <li key={mail.id}>
            <span>{mail.subject || t('noSubject')}</span>
            <p className="dim small">
              {mail.to} · {formats.dateTime(mail.createdAt)}
            </p>
          </li>
        ))}
        {rest > 0 && <li className="dim">{t('heldMore', { count: rest })}</li>}
      </ul>
      <Buttons>
        <Button onClick={onClose}>{t('keepHeld')}</Button>
        <Button look="main" data-autofocus busy={send.isPending} onClick={() => send.mutate({})}>
          {t('sendHeld', { count: held.sendable })}
        </Button>
      </Buttons>
    </Dialog>
  )
}
