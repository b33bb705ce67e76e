import { IconCamera, IconFile, IconPaperclip, IconX } from '@tabler/icons-react'
import { type ChangeEvent, useRef } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useNarrow } from '../../ui/Dialog.tsx'
import type { Uploads } from '../tickets/uploads.ts'
import styles from './AttachBar.module.css'
import { portalTexts } from './texts.ts'

/** Picks, or on a phone photographs, files for a message; shows what is attached. Dropping and pasting belong to the field around it. */
export function AttachBar({ uploads }: { uploads: Uploads }) {
  const t = useTexts(portalTexts)
  const narrow = useNarrow()
  const file = useRef<HTMLInputElement>(null)
  const photo = useRef<HTMLInputElement>(null)
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    void uploads.add(event.currentTarget.files ?? [])
    event.currentTarget.value = ''
  }
  return (
    <div className={styles.frame}>
      <div className={styles.bar}>
        <Button look="quiet" size="sm" icon={<IconPaperclip size={18} />} onClick={() => file.current?.click()}>
          {t('attach')}
        </Button>
        {narrow ? (
          <Button look="quiet" size="sm" icon={<IconCamera size={18} />} onClick={() => photo.current?.click()}>
            {t('photo')}
          </Button>
        ) : (
          <span className={styles.hint}>{t('dropHint')}</span>
        )}
        <input ref={file} type="file" multiple hidden onChange={take} aria-label={t('attach')} />
        <input ref={photo} type="file" accept="image/*" capture="environment" hidden onChange={take} aria-label={t('photo')} />
      </div>
      <div role="status">{uploads.busy > 0 && <span className={styles.hint}>{t('uploading', { count: uploads.busy })}</span>}</div>
      {uploads.files.length > 0 && <AttachedFiles uploads={uploads} />}
    </div>
  )
}

function AttachedFiles({ uploads }: { uploads: Uploads }) {
  const t = useTexts(portalTexts)
  const { size } = useFormats()
  return (
    <ul className={styles.files} aria-label={t('attached')}>
      {uploads.files.map((f) => (
        <li key={f.id} className={styles.file}>
          {f.mediaType.startsWith('image/') ? <img src={`/api/attachments/${f.id}`} alt="" /> : <IconFile size={20} stroke={1.5} />}
          <span className="truncate">{f.name}</span>
          <span className={styles.hint}>{size(f.size)}</span>
          <IconButton label={t('without', { name: f.name })} icon={<IconX size={16} />} onClick={() => uploads.remove(f.id)} />
        </li>
      ))}
    </ul>
  )
}
