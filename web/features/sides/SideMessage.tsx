import { IconFile } from '@tabler/icons-react'
import { useState } from 'react'
import type { SideInFull } from '../../../contract/sides.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Badge } from '../../ui/Marks.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { giveFile } from '../tickets/given-files.ts'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

type Message = SideInFull['messages'][number]

export function SideMessage({ message, ticketId }: { message: Message; ticketId: string }) {
  const t = useTexts(sideTexts)
  const formats = useFormats()
  const [whole, setWhole] = useState(false)
  const cut = message.visibleText.trim() !== message.text.trim()
  return (
    <li className={styles.message} data-direction={message.direction}>
      <div className={styles.head}>
        <strong>{message.author?.name || message.from.name || message.from.email}</strong>
        <time dateTime={message.at}>{formats.brief(message.at)}</time>
        {message.reminder && <Badge>{t('reminder')}</Badge>}
        {message.direction === 'inside' && <span>{t('inside')}</span>}
        {message.automatic && <Badge>{t('automatic')}</Badge>}
        {message.unverified && <Badge tone="warn">{t('unverified')}</Badge>}
        <Delivery message={message} />
      </div>
      <p className={styles.text}>{whole ? message.text : message.visibleText}</p>
      {cut && (
        <button type="button" className={styles.plain} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'less' : 'quoted')}
        </button>
      )}
      {message.files.length > 0 && <Files message={message} ticketId={ticketId} />}
    </li>
  )
}

/** Said only where something is still to be known: that it arrived goes without saying. */
function Delivery({ message: { delivery } }: { message: Message }) {
  const language = useLanguage()
  if (delivery === null || delivery.state === 'sent') return null
  const bad = delivery.state === 'failed' || delivery.state === 'partly'
  return (
    <span className={bad ? styles.failed : undefined}>
      {lookUp(sideTexts, `delivery-${delivery.state}`, { answer: delivery.answer }, language)}
    </span>
  )
}

function Files({ message, ticketId }: { message: Message; ticketId: string }) {
  const t = useTexts(sideTexts)
  const formats = useFormats()
  const take = useSend('POST /api/side-files/:id/take', {
    onProblem: toastProblem,
    onDone: (file) => {
      giveFile(ticketId, file)
      toast(t('taken'))
    },
  })
  return (
    <ul className={styles.fileList}>
      {message.files.map((file) => (
        <li key={file.id}>
          <IconFile size={16} stroke={1.6} aria-hidden="true" />
          <a
            href={`/api/side-files/${file.id}`}
            target="_blank"
            rel="noopener"
            aria-label={t('keepFile', { name: file.name })}
            className="truncate"
          >
            {file.name}
          </a>
          <span className="dim">{formats.size(file.size)}</span>
          <button type="button" className={styles.plain} onClick={() => take.mutate({ params: { id: file.id } })}>
            {t('take')}
          </button>
        </li>
      ))}
    </ul>
  )
}
