import { Fragment } from 'react'
import styles from './Conversation.module.css'

const address = /\bhttps?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]/g

/** Text as it was written; web addresses become links that tell the other side nothing about us. */
export function PlainText({ text }: { text: string }) {
  const parts: { at: number; text: string; link: boolean }[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    parts.push({ at: end, text: text.slice(end, match.index), link: false }, { at: match.index, text: match[0], link: true })
    end = match.index + match[0].length
  }
  parts.push({ at: end, text: text.slice(end), link: false })
  return (
    <div className={styles.text} dir="auto">
      {parts.map((part) =>
        part.link ? (
          <a key={`l${part.at}`} href={part.text} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ) : (
          <Fragment key={`t${part.at}`}>{part.text}</Fragment>
        ),
      )}
    </div>
  )
}
