import { IconDownload, IconFile } from '@tabler/icons-react'
import { useState } from 'react'
import type { Message } from '../../../contract/messages.ts'
import { call } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { MailFrame } from '../../ui/MailFrame.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './Conversation.module.css'
import { PlainText } from './PlainText.tsx'
import { portalTexts } from './texts.ts'

/** One message. What was quoted is folded away; what only HTML can show (pictures in the text, tables) is shown as it was sent. */
export function OneMessage({ message, reader }: { message: Message; reader: string }) {
  const t = useTexts(portalTexts)
  const ours = message.direction !== 'in'
  const mine = message.author?.id === reader
  const name = mine ? t('you') : message.from.name || message.author?.name || message.from.email
  return (
    <article className={styles.message} data-ours={ours || undefined}>
      <Avatar id={message.author?.id ?? '0'} name={message.from.name || name} size={36} />
      <div className={styles.body}>
        <header className={styles.head}>
          <strong>{name}</strong>
          <span className="dim">
            <TimeAgo at={message.at} />
          </span>
          {message.automatic && <span className="dim">{t('automatic')}</span>}
        </header>
        <MessageText message={message} />
        <Files message={message} />
      </div>
    </article>
  )
}

const picturesOf = async (id: string) => (await call('POST /api/messages/:id/pictures', { params: { id } })).addresses

const needsHtml = (message: Message) =>
  message.html !== null && message.text === message.visibleText && /<(img|table)\b/i.test(message.html)

function MessageText({ message }: { message: Message }) {
  const t = useTexts(portalTexts)
  const [formatted, setFormatted] = useState(() => needsHtml(message))
  const [whole, setWhole] = useState(false)
  const folded = message.text.trim() !== message.visibleText.trim()
  const text = whole ? message.text : message.visibleText
  return (
    <>
      {formatted && message.html !== null ? (
        <MailFrame html={message.html} parts={message.attachments} pictures={() => picturesOf(message.id)} />
      ) : text.trim() === '' ? (
        <p className="dim">{message.attachments.length > 0 ? t('noText') : '…'}</p>
      ) : (
        <PlainText text={text} />
      )}
      {(folded || message.html !== null) && (
        <div className={styles.ways}>
          {folded && !formatted && (
            <button type="button" className={styles.way} aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {t(whole ? 'hideWhole' : 'showWhole')}
            </button>
          )}
          {message.html !== null && (
            <button type="button" className={styles.way} onClick={() => setFormatted(!formatted)}>
              {t(formatted ? 'showPlain' : 'showFormatted')}
            </button>
          )}
        </div>
      )}
    </>
  )
}

const isPicture = (mediaType: string) => /^image\/(png|jpeg|gif|webp)$/.test(mediaType)

function Files({ message }: { message: Message }) {
  const t = useTexts(portalTexts)
  const { size } = useFormats()
  const files = message.html === null ? message.attachments : message.attachments.filter((a) => !a.inline)
  if (files.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('files')}>
      {files.map((file) => (
        <li key={file.id}>
          <a
            className={styles.file}
            href={`/api/attachments/${file.id}`}
            target="_blank"
            rel="noopener"
            data-picture={isPicture(file.mediaType) || undefined}
          >
            {isPicture(file.mediaType) ? (
              <img src={`/api/attachments/${file.id}`} alt={t('image', { name: file.name })} loading="lazy" />
            ) : (
              <IconFile size={22} stroke={1.5} aria-hidden="true" />
            )}
            <span className={styles.fileName}>
              <span className="truncate">{file.name}</span>
              <span className="dim">{size(file.size)}</span>
            </span>
            {!isPicture(file.mediaType) && <IconDownload size={16} aria-hidden="true" />}
          </a>
        </li>
      ))}
    </ul>
  )
}
