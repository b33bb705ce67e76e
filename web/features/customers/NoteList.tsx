import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { CustomerNote, Overview } from '../../../contract/customers.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { Section } from '../../ui/Page.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Customers.module.css'
import { customerRenews } from './renewal.ts'
import { customerTexts } from './texts.ts'

const renews = [...customerRenews, 'GET /api/organisations/:id/notes'] as const

/** Dated, with the name of who wrote it, the newest first. */
export function NoteList({ organisationId, overview }: { organisationId: string; overview: Pick<Overview, 'notes' | 'moreNotes'> }) {
  const t = useTexts(customerTexts)
  const mayAdd = useMay('ticket.work')
  const [all, setAll] = useState(false)
  const form = useForm({ body: '' })
  const add = useSend('POST /api/organisations/:id/notes', { renews, onDone: () => form.reset(), onProblem: form.take })
  return (
    <Section title={t('notes')}>
      {mayAdd && (
        <form
          className={styles.stack}
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate({ params: { id: organisationId }, body: form.values })
          }}
        >
          <TextArea label={t('newNote')} minRows={2} {...form.text('body')} />
          <FormProblem text={form.problem} />
          <div>
            <Button type="submit" busy={add.isPending} disabled={form.values.body.trim() === ''}>
              {t('addNote')}
            </Button>
          </div>
        </form>
      )}
      {overview.notes.length === 0 && <p className="dim small">{t('noNotes')}</p>}
      {all ? <AllNotes organisationId={organisationId} /> : <Notes notes={overview.notes} />}
      {overview.moreNotes && !all && (
        <div>
          <Button look="plain" onClick={() => setAll(true)}>
            {t('moreNotes')}
          </Button>
        </div>
      )}
    </Section>
  )
}

function AllNotes({ organisationId }: { organisationId: string }) {
  const notes = useEndless('GET /api/organisations/:id/notes', { params: { id: organisationId }, query: { limit: 50 } })
  return (
    <>
      <Notes notes={notes.items ?? []} />
      {notes.hasNextPage && <MoreRows has busy={notes.isFetchingNextPage} load={notes.more} />}
    </>
  )
}

function Notes({ notes }: { notes: readonly CustomerNote[] }) {
  const t = useTexts(customerTexts)
  const formats = useFormats()
  const [editing, setEditing] = useState<CustomerNote>()
  if (notes.length === 0) return null
  return (
    <ul className={styles.rows}>
      {notes.map((note) => (
        <li key={note.id}>
          <div className="grow">
            <div className="dim small">
              {[formats.date(note.createdAt), note.author?.name, note.changedAt && t('changed')].filter(Boolean).join(' · ')}
            </div>
            <p className={styles.prose}>{note.body}</p>
          </div>
          {note.can.edit && (
            <IconButton
              label={t('changeNote', { date: formats.date(note.createdAt) })}
              icon={<IconPencil size={16} />}
              onClick={() => setEditing(note)}
            />
          )}
        </li>
      ))}
      {editing && <NoteSheet note={editing} onClose={() => setEditing(undefined)} />}
    </ul>
  )
}

function NoteSheet({ note, onClose }: { note: CustomerNote; onClose: () => void }) {
  const t = useTexts(customerTexts)
  const formats = useFormats()
  const form = useForm({ body: note.body })
  const [confirm, question] = useConfirm()
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const save = useSend('PATCH /api/customer-notes/:id', { renews, onDone, onProblem: form.take })
  const remove = useSend('DELETE /api/customer-notes/:id', { renews, onDone: onClose, onProblem: toastProblem })
  const ask = async () => {
    if (await confirm({ title: t('removeNoteTitle'), text: t('removeNoteText'), action: t('remove'), danger: true }))
      remove.mutate({ params: { id: note.id } })
  }
  return (
    <FormSheet
      title={t('changeNote', { date: formats.date(note.createdAt) })}
      wide={false}
      busy={save.isPending}
      problem={form.problem}
      values={form.values}
      onSave={() => save.mutate({ params: { id: note.id }, ifMatch: note.version, body: form.values })}
      onClose={onClose}
    >
      <TextArea label={t('note')} minRows={5} data-autofocus {...form.text('body')} />
      <div>
        <Button icon={<IconTrash size={16} />} onClick={() => void ask()} busy={remove.isPending}>
          {t('remove')}
        </Button>
      </div>
      {question}
    </FormSheet>
  )
}
