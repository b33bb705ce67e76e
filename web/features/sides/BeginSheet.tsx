import { IconEyeOff } from '@tabler/icons-react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { CheckField, TagsField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast } from '../../ui/Toast.tsx'
import { morningOf, useContacts } from './contacts.ts'
import { FilesField, useChosenFiles } from './FilesField.tsx'
import { putTicketStale } from './renewal.ts'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

/** The first mail to a third party: what they read is typed here and nowhere else. */
export function BeginSheet({ ticket, onClose, onBegun }: { ticket: Ticket; onClose: () => void; onBegun: (id: string) => void }) {
  const t = useTexts(sideTexts)
  const form = useForm({
    subject: '',
    to: [] as string[],
    cc: [] as string[],
    body: '',
    reference: '',
    targetOn: '',
    chaseAt: '',
    wait: false,
  })
  const contacts = useContacts()
  const files = useChosenFiles()
  const open = useSend('POST /api/tickets/:id/sides', {
    renews: ['GET /api/tickets/:id/sides', 'GET /api/tickets/:id/timeline'],
    onProblem: form.take,
    onDone: (side) => {
      if (form.values.wait) putTicketStale(ticket.id)
      renew('GET /api/sides/contacts')
      toast(t('sent'))
      onBegun(side.id)
    },
  })
  const save = () => {
    const { targetOn, chaseAt, ...rest } = form.values
    open.mutate({
      params: { id: ticket.id },
      body: {
        ...rest,
        targetOn: targetOn || null,
        chaseAt: morningOf(chaseAt),
        attachmentIds: files.ofTicket,
        uploadIds: files.uploads.files.map((f) => f.id),
      },
    })
  }
  const to = form.values.to.length + form.values.cc.length
  const action = to === 1 ? t('send', { name: form.values.to[0] ?? form.values.cc[0] ?? '' }) : t('sendAll', { count: to })
  return (
    <FormSheet
      title={t('begin')}
      action={action}
      busy={open.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <p className={styles.sealed}>
        <IconEyeOff size={16} aria-hidden="true" />
        {t('sealed')}
      </p>
      <TagsField label={t('to')} {...contacts} {...form.value('to')} />
      <TagsField label={t('cc')} {...contacts} {...form.value('cc')} />
      <TextField label={t('subject')} hint={t('subjectHint')} {...form.text('subject')} />
      <TextArea label={t('text')} hint={t('textHint')} minRows={6} {...form.text('body')} />
      <FilesField ticket={ticket} files={files} />
      <TextField label={t('reference')} {...form.text('reference')} />
      <div className={styles.dates}>
        <TextField label={t('targetOn')} type="date" {...form.text('targetOn')} />
        <TextField label={t('chaseAt')} type="date" {...form.text('chaseAt')} />
      </div>
      <CheckField label={t('wait')} hint={t('waitHint')} {...form.check('wait')} />
    </FormSheet>
  )
}
