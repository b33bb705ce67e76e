import { IconFile, IconFileTypePdf, IconPhoto, IconX } from '@tabler/icons-react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import styles from './Conversation.module.css'
import { talkTexts } from './conversation-texts.ts'

type File = { id: string; name: string; size: number; mediaType: string }
const isPicture = (file: File) => /^image\/(png|jpeg|gif|webp)$/.test(file.mediaType)

/** Pictures small, other files as lines; while writing, each can be taken away again. */
export function Attachments({ files, onRemove }: { files: readonly File[]; onRemove?: (id: string) => void }) {
  const t = useTexts(talkTexts)
  const formats = useFormats()
  if (files.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('attachments')}>
      {files.map((file) => (
        <li key={file.id} className={styles.file}>
          <a
            href={`/api/attachments/${file.id}`}
            target="_blank"
            rel="noopener"
            download={isPicture(file) ? undefined : file.name}
            aria-label={t('download', { name: file.name })}
          >
            {isPicture(file) ? <img src={`/api/attachments/${file.id}`} alt="" loading="lazy" /> : <FileIcon file={file} />}
            <span className="truncate">{file.name}</span>
            <span className="dim">{formats.size(file.size)}</span>
          </a>
          {onRemove && (
            <IconButton
              label={t('removeFile', { name: file.name })}
              icon={<IconX size={13} />}
              size={24}
              onClick={() => onRemove(file.id)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}

function FileIcon({ file }: { file: File }) {
  const Icon = file.mediaType === 'application/pdf' ? IconFileTypePdf : file.mediaType.startsWith('image/') ? IconPhoto : IconFile
  return <Icon size={18} stroke={1.6} />
}
