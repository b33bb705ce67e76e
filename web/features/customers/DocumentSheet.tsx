import { IconTrash } from '@tabler/icons-react'
import type { CustomerDocument } from '../../../contract/customers.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { CheckField, FieldSet, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Customers.module.css'
import { customerRenews } from './renewal.ts'
import { customerTexts } from './texts.ts'

type Values = { title: string; forCustomer: boolean; pinned: boolean }
const valuesOf = ({ title, audience, pinned }: CustomerDocument): Values => ({ title, forCustomer: audience === 'customer', pinned })

export function DocumentSheet({ document, onClose }: { document: CustomerDocument; onClose: () => void }) {
  const t = useTexts(customerTexts)
  const formats = useFormats()
  const form = useForm<Values>(valuesOf(document))
  const change = useOtherChange(document, valuesOf, form)
  const [confirm, question] = useConfirm()
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const edit = useSend('PATCH /api/documents/:id', { renews: customerRenews, onDone, onProblem: change.take })
  const remove = useSend('DELETE /api/documents/:id', {
    renews: customerRenews,
    onDone: () => {
      toast(t('removed', { name: document.title }))
      onClose()
    },
    onProblem: toastProblem,
  })
  const ask = async () => {
    const title = t('removeDocumentTitle', { title: document.title })
    if (await confirm({ title, text: t('removeDocumentText'), action: t('remove'), danger: true }))
      remove.mutate({ params: { id: document.id } })
  }
  const save = () => {
    const { forCustomer, ...changed } = changesOf(valuesOf(change.stored ?? document), form.values)
    edit.mutate({
      params: { id: document.id },
      ifMatch: change.version,
      body: { ...changed, ...(forCustomer === undefined ? {} : { audience: forCustomer ? ('customer' as const) : ('staff' as const) }) },
    })
  }
  return (
    <FormSheet
      title={t('changeDocument', { title: document.title })}
      wide={false}
      busy={edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={{ title: t('title'), forCustomer: t('forCustomer'), pinned: t('pinned') }} />
      <TextField label={t('title')} required data-autofocus {...form.text('title')} />
      <CheckField label={t('pinned')} hint={t('pinnedHint')} {...form.check('pinned')} />
      <CheckField label={t('forCustomer')} hint={t('forCustomerHint')} {...form.check('forCustomer')} />
      {document.files.length > 1 && (
        <FieldSet title={t('olderVersions')}>
          <div className={styles.files}>
            {document.files.slice(1).map((file) => (
              <a key={file.id} href={`/api/document-files/${file.id}`} download={file.name}>
                {t('version', { number: file.number, date: formats.date(file.addedAt) })}
                {file.addedBy && ` · ${file.addedBy.name}`}
              </a>
            ))}
          </div>
        </FieldSet>
      )}
      <div>
        <Button icon={<IconTrash size={16} />} onClick={() => void ask()} busy={remove.isPending}>
          {t('remove')}
        </Button>
      </div>
      {question}
    </FormSheet>
  )
}
