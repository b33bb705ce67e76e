import { IconFileText } from '@tabler/icons-react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './Customers.module.css'
import { customerTexts } from './texts.ts'

/** In the portal, for who may see all of the organisation: the documents that are meant for them. */
export function MyDocuments({ className, headClassName }: { className: string | undefined; headClassName: string | undefined }) {
  const t = useTexts(customerTexts)
  const formats = useFormats()
  const { data } = useCall('GET /api/documents')
  if (!data || data.items.length === 0) return null
  return (
    <section className={className}>
      <header className={headClassName}>
        <h2>{t('documents')}</h2>
      </header>
      <div className={styles.files}>
        {data.items.map(({ id, title, files: [file] }) =>
          file ? (
            <span key={id} className="row">
              <a href={`/api/document-files/${file.id}`} download={file.name}>
                <IconFileText size={16} /> {title}
              </a>
              <span className="dim small">{formats.date(file.addedAt)}</span>
            </span>
          ) : null,
        )}
      </div>
    </section>
  )
}
