import { IconArchive, IconCheck, IconDots, IconLink, IconPencil, IconPlugConnected, IconSend, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Mail.module.css'
import { mailboxTexts } from './mailbox-texts.ts'
import { ProveMailbox } from './ProveMailbox.tsx'

const tones = { idle: 'good', watching: 'good', connecting: 'plain', failing: 'bad', 'not-connected': 'warn', unwatched: 'plain' } as const

/** Idle is where mail is sent to us. What is to be fetched and never was, is not ready. */
function stateOf({ way, condition }: Mailbox): keyof typeof tones {
  if (way === 'smtp' || condition.state !== 'idle') return condition.state
  return way === 'imap' ? 'unwatched' : 'not-connected'
}

export function MailboxCard({ mailbox, mayEdit, onEdit }: { mailbox: Mailbox; mayEdit: boolean; onEdit: () => void }) {
  const t = useTexts(mailboxTexts)
  const { condition } = mailbox
  const state = stateOf(mailbox)
  return (
    <article className={styles.mailbox}>
      <header>
        <div className="grow">
          <h2>{mailbox.name}</h2>
          <p className="dim">{mailbox.address}</p>
        </div>
        {mayEdit && <CardMenu mailbox={mailbox} onEdit={onEdit} />}
      </header>
      <div className={styles.line}>
        <Badge tone={tones[state]}>{t(state)}</Badge>
        {condition.at && state !== 'idle' && <Since at={condition.at} />}
        <Badge tone={mailbox.proved ? 'good' : mailbox.arrived ? 'plain' : 'warn'}>
          {t(mailbox.proved ? 'proved' : mailbox.arrived ? 'hasArrived' : 'unproved')}
        </Badge>
        <span className="dim">{t(mailbox.way)}</span>
        <span className="dim">{t(mailbox.language)}</span>
        <span className="dim">{t(mailbox.acknowledge ? 'acknowledgeOn' : 'acknowledgeOff')}</span>
        {mailbox.team && <span className="dim">{mailbox.team.name}</span>}
      </div>
      <Cause condition={condition} />
      <Expiry at={condition.expiresAt} />
      {mayEdit && <CardActions mailbox={mailbox} />}
    </article>
  )
}

function Since({ at }: { at: string }) {
  const t = useTexts(mailboxTexts)
  const formats = useFormats()
  return <span className="dim">{t('sinceWhen', { time: formats.dateTime(at) })}</span>
}

/** Our words for the code; what the other side said stands below, as it said it. */
function Cause({ condition: { cause, detail } }: Pick<Mailbox, 'condition'>) {
  if (cause === '') return null
  return (
    <div className={styles.cause}>
      <p>{lookUp(mailboxTexts, `cause.${cause}`) ?? cause}</p>
      {detail && <p className="dim small">{detail}</p>}
    </div>
  )
}

/** Told a month ahead: somebody has to sign in again before the post stops. */
function Expiry({ at }: { at: string | null }) {
  const t = useTexts(mailboxTexts)
  const formats = useFormats()
  if (!at || Date.parse(at) - Date.now() > 30 * 86_400_000) return null
  return <p className={styles.cause}>{t('expires', { when: formats.relative(at) })}</p>
}

function CardActions({ mailbox }: { mailbox: Mailbox }) {
  const t = useTexts(mailboxTexts)
  const params = { id: mailbox.id }
  const [proving, setProving] = useState(0)
  const check = useSend('POST /api/mailboxes/:id/check', { renews: ['GET /api/mailboxes'], onProblem: toastProblem })
  const connect = useSend('POST /api/mailboxes/:id/connect', {
    onDone: ({ address }) => {
      window.open(address, '_blank', 'noopener')
      toast(t('connectOpened'), { seconds: 15 })
    },
    onProblem: toastProblem,
  })
  const signsIn = mailbox.way === 'microsoft' || mailbox.way === 'google'
  return (
    <>
      <div className={styles.actions}>
        {signsIn && (
          <Button
            look={stateOf(mailbox) === 'not-connected' ? 'main' : 'quiet'}
            icon={<IconLink size={16} />}
            busy={connect.isPending}
            onClick={() => connect.mutate({ params })}
          >
            {t(stateOf(mailbox) === 'not-connected' ? 'connect' : 'connectAgain')}
          </Button>
        )}
        {mailbox.way !== 'smtp' && (
          <Button icon={<IconPlugConnected size={16} />} busy={check.isPending} onClick={() => check.mutate({ params })}>
            {t('check')}
          </Button>
        )}
        <Button icon={<IconSend size={16} />} onClick={() => setProving((n) => n + 1)}>
          {t(mailbox.proved ? 'proveAgain' : 'prove')}
        </Button>
      </div>
      {check.data && <CheckSteps answer={check.data} />}
      {proving > 0 && <ProveMailbox key={proving} mailbox={mailbox} />}
    </>
  )
}

function CheckSteps({
  answer,
}: {
  answer: { ok: boolean; steps: { step: string; ok: boolean; cause?: string | undefined; message: string }[] }
}) {
  const t = useTexts(mailboxTexts)
  const language = useLanguage()
  // The server's sentence names figures; another language has the short form where there is one.
  const words = ({ step, ok, cause, message }: (typeof answer.steps)[number]) =>
    (cause && language !== 'en' ? lookUp(mailboxTexts, `cause.${cause}`, {}, language) : undefined) ??
    (language === 'en' ? undefined : lookUp(mailboxTexts, `step.${step}.${ok ? 'yes' : 'no'}`, {}, language)) ??
    (message || step)
  return (
    <ul className={styles.steps} aria-live="polite">
      {answer.steps.map((step) => (
        <li key={step.step} data-ok={step.ok ? 'yes' : 'no'}>
          {step.ok ? <IconCheck size={16} /> : <IconX size={16} />}
          <span>{words(step)}</span>
        </li>
      ))}
      <li>
        <strong>{t(answer.ok ? 'checkGood' : 'checkBad')}</strong>
      </li>
    </ul>
  )
}

function CardMenu({ mailbox, onEdit }: { mailbox: Mailbox; onEdit: () => void }) {
  const t = useTexts(mailboxTexts)
  const { name } = mailbox
  const [confirm, question] = useConfirm()
  const archive = useSend('POST /api/mailboxes/:id/archive', {
    renews: ['GET /api/mailboxes'],
    onDone: () => void toast(t('archived', { name })),
    onProblem: toastProblem,
  })
  const ask = async () => {
    if (await confirm({ title: t('archiveTitle', { name }), text: t('archiveText'), action: t('archive'), danger: true }))
      archive.mutate({ params: { id: mailbox.id } })
  }
  return (
    <span className="row">
      <Button icon={<IconPencil size={16} />} onClick={onEdit}>
        {t('edit')}
      </Button>
      <Menu
        end
        target={<IconButton label={`${t('more')}: ${name}`} icon={<IconDots size={18} />} size={30} />}
        entries={[
          { key: 'archive', label: t('archive'), icon: <IconArchive size={16} stroke={1.7} />, danger: true, run: () => void ask() },
        ]}
      />
      {question}
    </span>
  )
}
