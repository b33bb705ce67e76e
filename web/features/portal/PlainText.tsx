import styles from './Conversation.module.css'

/** Text as it was written, with its web addresses as links. Nothing in it is markup. */
const address = /(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}])/g

export function PlainText({ text }: { text: string }) {
  const parts = text.replace(/^\s*\n|\s+$/g, '').split(address)
  return (
    <div className={styles.text} dir="auto">
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          <a key={i} href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </div>
  )
}
