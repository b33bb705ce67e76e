import { IconFileText, IconPencil, IconPlus, IconUpload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { CustomerDocument } from '../../../contract/customers.ts'
import { upload } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Customers.module.css'
import { DocumentSheet } from './DocumentSheet.tsx'
import { customerRenews } from './renewal.ts'
import { customerTexts } from './texts.ts'

type Props = { organisationId: string; documents: readonly CustomerDocument[]; mayEdit: boolean }

/** Filed at the customer: the newest version in force, the older ones kept. */
export function DocumentList({ organisationId, documents, mayEdit }: Props) {
  const t = useTexts(customerTexts)
  const [open, setOpen] = useState<CustomerDocument>()
  const add = useSend('POST /api/organisations/:id/documents', {
    renews: customerRenews,
    onDone: (made) => {
      toast(t('filed', { title: made.title }))
      setOpen(made)
    },
    onProblem: toastProblem,
  })
  const pick = useOneFile((uploadId) => add.mutate({ params: { id: organisationId }, body: { uploadId } }))
  return (
    <Section
      title={t('documents')}
      actions={
        mayEdit && (
          <>
            <IconButton label={t('addDocument')} icon={<IconPlus size={16} />} onClick={pick.choose} />
            {pick.field(t('addDocument'))}
          </>
        )
      }
    >
      {documents.length === 0 && <p className="dim small">{t('noDocuments')}</p>}
      {documents.length > 0 && (
        <ul className={styles.rows}>
          {documents.map((document) => (
            <Filed key={document.id} document={document} mayEdit={mayEdit} onEdit={() => setOpen(document)} />
          ))}
        </ul>
      )}
      {open && <DocumentSheet document={documents.find((one) => one.id === open.id) ?? open} onClose={() => setOpen(undefined)} />}
    </Section>
  )
}

function Filed({ document, mayEdit, onEdit }: { document: CustomerDocument; mayEdit: boolean; onEdit: () => void }) {
  const t = useTexts(customerTexts)
  const formats = useFormats()
  const renew = useSend('POST /api/documents/:id/files', {
    renews: customerRenews,
    onDone: () => void toast(t('filed', { title: document.title })),
    onProblem: toastProblem,
  })
  const pick = useOneFile((uploadId) => renew.mutate({ params: { id: document.id }, body: { uploadId } }))
  const [newest] = document.files
  return (
    <li>
      <div className="grow">
        {newest && (
          <div className={styles.files}>
            <a href={`/api/document-files/${newest.id}`} download={newest.name}>
              <IconFileText size={15} /> {document.title}
            </a>
          </div>
        )}
        {newest && (
          <div className="dim small">
            {[
              formats.date(newest.addedAt),
              formats.size(newest.size),
              document.files.length > 1 && t('versions', { count: document.files.length }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        )}
        {(document.pinned || document.audience === 'customer') && (
          <div className={styles.marks}>
            {document.pinned && <Badge tone="info">{t('markPinned')}</Badge>}
            {document.audience === 'customer' && <Badge tone="warn">{t('markCustomer')}</Badge>}
          </div>
        )}
      </div>
      {mayEdit && (
        <span className={styles.side}>
          <IconButton label={t('newVersion', { title: document.title })} icon={<IconUpload size={16} />} onClick={pick.choose} />
          {pick.field(t('newVersion', { title: document.title }))}
          <IconButton label={t('changeDocument', { title: document.title })} icon={<IconPencil size={16} />} onClick={onEdit} />
        </span>
      )}
    </li>
  )
}

/** One file, uploaded as soon as it is chosen. */
function useOneFile(onUploaded: (uploadId: string) => void) {
  const input = useRef<HTMLInputElement>(null)
  const take = async (files: FileList | null) => {
    if (!files?.[0]) return
    try {
      const { items } = await upload([files[0]])
      if (items[0]) onUploaded(items[0].id)
    } catch (cause) {
      toastProblem(cause)
    }
  }
  return {
    choose: () => input.current?.click(),
    field: (label: string) => (
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        onChange={(event) => {
          void take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
    ),
  }
}
