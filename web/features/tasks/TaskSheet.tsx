import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { Task } from '../../../contract/tasks.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { CheckField, FieldRow, FieldSet, type Option, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, PersonPick, TeamPick } from '../people/picks.tsx'
import styles from './Tasks.module.css'
import { instantOf, tick, wallClock } from './tasks.ts'
import { taskTexts } from './texts.ts'

type Values = {
  title: string
  text: string
  assigneeId: Option | null
  teamId: Option | null
  dueAt: string
  mandatory: boolean
  afterId: string | null
}
const valuesOf = (task: Task): Values => ({
  title: task.title,
  text: task.text,
  assigneeId: optionOf(task.assignee),
  teamId: optionOf(task.team),
  dueAt: wallClock(task.dueAt),
  mandatory: task.mandatory,
  afterId: task.after?.id ?? null,
})
const bodyOf = (v: Values) => ({
  ...v,
  assigneeId: v.assigneeId?.value ?? null,
  teamId: v.teamId?.value ?? null,
  dueAt: instantOf(v.dueAt),
})

const renews = ['GET /api/tickets/:id/tasks', 'GET /api/tasks', 'GET /api/tickets/:id/timeline'] as const

/** Everything about one task. Its check items are kept at once, the rest when it is saved. */
export function TaskSheet({
  task,
  others,
  mayEdit,
  onClose,
}: {
  task: Task
  others: readonly Task[]
  mayEdit: boolean
  onClose: () => void
}) {
  const t = useTexts(taskTexts)
  const form = useForm<Values>(valuesOf(task))
  const other = useOtherChange(task, valuesOf, form)
  const save = useSend('PATCH /api/tasks/:id', {
    renews,
    onProblem: other.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  })
  const labels = {
    title: t('name'),
    text: t('text'),
    assigneeId: t('assignee'),
    teamId: t('team'),
    dueAt: t('due'),
    mandatory: t('mandatory'),
    afterId: t('after'),
  }
  const send = () => {
    if (!mayEdit) return onClose()
    const body = changesOf(bodyOf(valuesOf(other.stored ?? task)), bodyOf(form.values))
    if (Object.keys(body).length === 0) return onClose()
    save.mutate({ params: { id: task.id }, ifMatch: other.version, body })
  }
  const before = others.filter((one) => one.id !== task.id).map((one) => ({ value: one.id, label: one.title }))
  const shown = others.find((one) => one.id === task.id) ?? task
  return (
    <FormSheet title={t('editTask')} busy={save.isPending} problem={form.problem} values={form.values} onSave={send} onClose={onClose}>
      <OtherChange change={other} form={form} labels={labels} />
      <TextField label={t('name')} required data-autofocus maxLength={250} {...form.text('title')} />
      <TextArea label={t('text')} minRows={2} {...form.text('text')} />
      <FieldRow>
        <PersonPick staff label={t('assignee')} {...form.value('assigneeId')} />
        <TeamPick label={t('team')} {...form.value('teamId')} />
      </FieldRow>
      <FieldRow>
        <TextField label={t('due')} type="datetime-local" {...form.text('dueAt')} />
        <SelectField label={t('after')} placeholder={t('nothing')} clearable options={before} {...form.value('afterId')} />
      </FieldRow>
      <CheckField label={t('mandatory')} {...form.check('mandatory')} />
      <Items task={shown} mayEdit={mayEdit} />
    </FormSheet>
  )
}

function Items({ task, mayEdit }: { task: Task; mayEdit: boolean }) {
  const t = useTexts(taskTexts)
  const [title, setTitle] = useState('')
  const add = useSend('POST /api/tasks/:id/items', { renews, onProblem: toastProblem })
  const drop = useSend('DELETE /api/task-items/:id', { renews, onProblem: toastProblem })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
    // Enter in this line adds a point; it does not save the form.
    event.preventDefault()
    if (title.trim() === '') return
    add.mutate({ params: { id: task.id }, body: { title: title.trim() } })
    setTitle('')
  }
  return (
    <FieldSet title={t('checks')}>
      {task.items.length > 0 && (
        <ul className={styles.items}>
          {task.items.map((item) => (
            <li key={item.id}>
              <label className={styles.check}>
                <input
                  type="checkbox"
                  checked={item.ticked !== null}
                  disabled={!mayEdit}
                  onChange={(event) => void tick(task, item.id, event.currentTarget.checked)}
                />
                <span className="grow">{item.title}</span>
              </label>
              {mayEdit && (
                <IconButton
                  label={`${t('remove')}: ${item.title}`}
                  icon={<IconTrash size={14} />}
                  size={24}
                  onClick={() => drop.mutate({ params: { id: item.id } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayEdit && (
        <span className={styles.quick}>
          <IconPlus size={16} aria-hidden="true" />
          <input
            aria-label={t('addCheck')}
            placeholder={t('addCheck')}
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </span>
      )}
    </FieldSet>
  )
}
