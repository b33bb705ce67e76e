import type { SideInFull } from '../../../contract/sides.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { TagsField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { dayOf, morningOf, useContacts } from './contacts.ts'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

export function ChangeSheet({ side, onClose, onSaved }: { side: SideInFull; onClose: () => void; onSaved: (side: SideInFull) => void }) {
  const t = useTexts(sideTexts)
  const of = (field: 'to' | 'cc') => side.parties.filter((one) => one.field === field).map((one) => one.email)
  const form = useForm({
    subject: side.subject,
    to: of('to'),
    cc: of('cc'),
    reference: side.reference,
    targetOn: side.targetOn ?? '',
    chaseAt: dayOf(side.chaseAt),
  })
  const contacts = useContacts()
  const change = useSend('PATCH /api/sides/:id', {
    onProblem: form.take,
    onDone: (next) => {
      onSaved(next)
      onClose()
    },
  })
  const save = () => {
    const { targetOn, chaseAt, ...rest } = form.values
    const chase = chaseAt === dayOf(side.chaseAt) ? {} : { chaseAt: morningOf(chaseAt) }
    change.mutate({ params: { id: side.id }, ifMatch: side.version, body: { ...rest, targetOn: targetOn || null, ...chase } })
  }
  return (
    <FormSheet
      title={t('edit')}
      action={t('save')}
      busy={change.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('subject')} {...form.text('subject')} data-autofocus />
      <TagsField label={t('to')} {...contacts} {...form.value('to')} />
      <TagsField label={t('cc')} {...contacts} {...form.value('cc')} />
      <TextField label={t('reference')} {...form.text('reference')} />
      <div className={styles.dates}>
        <TextField label={t('targetOn')} type="date" {...form.text('targetOn')} />
        <TextField label={t('chaseAt')} type="date" {...form.text('chaseAt')} />
      </div>
    </FormSheet>
  )
}
