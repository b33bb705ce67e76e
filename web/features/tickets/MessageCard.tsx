import { IconAlertTriangle, IconLock, IconMailOff, IconPhone, IconRobot, IconShieldQuestion } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Message } from '../../../contract/messages.ts'
import { call } from '../../kernel/call.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { MailFrame } from '../../ui/MailFrame.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { Attachments } from './Attachments.tsx'
import styles from './Conversation.module.css'
import { talkTexts } from './conversation-texts.ts'
import { PlainText } from './PlainText.tsx'

const lookOf = (m: Message) => (m.internal ? 'note' : m.kind === 'phone' ? 'phone' : m.direction === 'out' ? 'out' : 'in')

/** One message. Colour and word both say whether the requester can read it. */
export function MessageCard({ message, pending }: { message: Message; pending: boolean }) {
  const t = useTexts(talkTexts)
  const name = message.author?.name || message.from.name || message.from.email
  return (
    <article className={styles.message} data-look={lookOf(message)} data-pending={pending || undefined}>
      <header className={styles.head}>
        <Avatar id={message.author?.id ?? '0'} name={name} size={28} />
        <div className="grow">
          <div className={styles.from}>
            <strong>{name}</strong>
            <Way message={message} />
            {message.mergedFrom && <span className={styles.way}>{t('mergedFrom', { number: message.mergedFrom })}</span>}
          </div>
          <Recipients message={message} />
        </div>
        <span className={styles.when}>
          <Delivery message={message} pending={pending} />
          <TimeAgo at={message.at} look="brief" />
        </span>
      </header>
      <Warnings message={message} />
      <MessageBody message={message} />
      <Attachments files={message.attachments} />
    </article>
  )
}

function Way({ message }: { message: Message }) {
  const t = useTexts(talkTexts)
  if (message.handoffTo)
    return (
      <span className={styles.way}>
        <IconLock size={12} /> {t('handoff', { name: message.handoffTo.name })} · {t('noteHint')}
      </span>
    )
  if (message.internal)
    return (
      <span className={styles.way}>
        <IconLock size={12} /> {t('note')} · {t('noteHint')}
      </span>
    )
  if (message.kind === 'phone')
    return (
      <span className={styles.way}>
        <IconPhone size={12} /> {t(message.direction === 'in' ? 'phoneIn' : 'phoneOut')}
      </span>
    )
  if (message.kind === 'portal' || message.kind === 'api' || message.kind === 'counter' || message.kind === 'chat')
    return <span className={styles.way}>{t(message.kind)}</span>
  return null
}

/** Our reply addresses carry a long secret that says nothing to a reader. */
const named = (people: Message['to']) => people.map((p) => p.name || p.email.replace(/\+[0-9a-z]{16,}(?=@)/i, '')).join(', ')
function Recipients({ message }: { message: Message }) {
  const t = useTexts(talkTexts)
  if (message.internal) return null
  const parts = [
    message.author === null || message.direction === 'in' ? message.from.email : '',
    message.to.length > 0 && t('to', { names: named(message.to) }),
    message.cc.length > 0 && t('cc', { names: named(message.cc) }),
  ].filter(Boolean)
  const full = [...message.to, ...message.cc].map((p) => p.email).join(', ')
  return (
    <div className={styles.recipients} title={full}>
      {parts.join(' · ')}
    </div>
  )
}

function Delivery({ message, pending }: { message: Message; pending: boolean }) {
  const t = useTexts(talkTexts)
  if (pending) return <span>{t('sendingNow')}</span>
  const state = message.delivery?.state
  if (!state || state === 'sent') return null
  const bad = state === 'failed' || state === 'partly' || state === 'uncertain'
  return (
    <span data-bad={bad || undefined} title={message.delivery?.answer}>
      {bad && <IconAlertTriangle size={12} />} {t(`delivery-${state}`)}
    </span>
  )
}

function Warnings({ message: { automatic, bounce, unverified } }: { message: Message }) {
  const t = useTexts(talkTexts)
  return (
    <>
      {bounce && (
        <Warning bad icon={<IconMailOff size={14} />}>
          <strong>{t('bounced', { who: bounce.recipients.join(', ') })}</strong>{' '}
          {t(bounce.hard ? 'bounceHard' : 'bounceSoft', { reason: `${bounce.reason} ${bounce.status}`.trim() })}
        </Warning>
      )}
      {automatic && !bounce && (
        <Warning icon={<IconRobot size={14} />}>
          {t('automatic', { why: lookUp(talkTexts, `automatic-${automatic}`) ?? automatic })}
        </Warning>
      )}
      {unverified && (
        <Warning bad icon={<IconShieldQuestion size={14} />}>
          {t('unverified', { why: lookUp(talkTexts, `unverified-${unverified}`) ?? unverified })}
        </Warning>
      )}
    </>
  )
}
const Warning = ({ bad = false, icon, children }: { bad?: boolean; icon: ReactNode; children: ReactNode }) => (
  <p className={styles.warning} data-bad={bad || undefined}>
    {icon}
    <span>{children}</span>
  </p>
)

const picturesOf = async (id: string) => (await call('POST /api/messages/:id/pictures', { params: { id } })).addresses

/** What was newly written, as text; quotes and signature unfold; the mail as it was sent shows in a frame. */
function MessageBody({ message }: { message: Message }) {
  const t = useTexts(talkTexts)
  const [formatted, setFormatted] = useState(false)
  const [whole, setWhole] = useState(false)
  const folded = message.visibleText.trim() !== message.text.trim()
  const empty = message.visibleText.trim() === ''
  return (
    <>
      {formatted && message.html ? (
        <MailFrame html={message.html} parts={message.attachments} pictures={() => picturesOf(message.id)} />
      ) : (
        <PlainText text={whole || empty ? message.text : message.visibleText} />
      )}
      {(message.html || (folded && !empty)) && (
        <div className={styles.unfold}>
          {folded && !empty && !formatted && (
            <button type="button" onClick={() => setWhole(!whole)} aria-expanded={whole}>
              {t(whole ? 'hideQuoted' : 'showQuoted')}
            </button>
          )}
          {message.html && (
            <button type="button" onClick={() => setFormatted(!formatted)} aria-pressed={formatted}>
              {t(formatted ? 'showPlain' : 'showFormatted')}
            </button>
          )}
        </div>
      )}
    </>
  )
}
