import type { TimeEntry } from '../../../contract/time.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { CheckField, FieldRow, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { countedOf, today } from './duration.ts'
import { lengthOf } from './length.ts'
import { useTimeSettings } from './settings.ts'
import styles from './Time.module.css'
import { timeTexts } from './texts.ts'
import { dropTimer } from './timers.ts'

type Props = { ticketId: string; entry?: TimeEntry; stop?: number; onClose: () => void }
const renews = ['GET /api/tickets/:id/time', 'GET /api/time', 'GET /api/timers', 'GET /api/time/:id/history'] as const

/** Time written down with all that belongs to it: a new entry, one to change, or what a clock has measured. */
export function EntrySheet({ ticketId, entry, stop, onClose }: Props) {
  const t = useTexts(timeTexts)
  const settings = useTimeSettings()
  const form = useForm({
    minutes: (entry?.minutes ?? stop ?? null) as number | null,
    workDate: entry?.workDate ?? today(),
    note: entry?.note ?? '',
    billable: entry?.billable ?? settings.billable,
    taskId: entry?.task?.id ?? null,
  })
  const tasks = useCall('GET /api/tickets/:id/tasks', { params: { id: ticketId } }).data?.items ?? []
  const done = (saved: TimeEntry) => {
    toast(entry ? t('changed') : t('saved', { time: lengthOf(saved.counted, settings) }))
    onClose()
  }
  const sending = { renews, onDone: done, onProblem: form.take }
  const add = useSend('POST /api/tickets/:id/time', sending)
  const end = useSend('POST /api/tickets/:id/timer/stop', sending)
  const edit = useSend('PATCH /api/time/:id', sending)
  const save = () => {
    const body = { ...form.values, minutes: form.values.minutes ?? 0 }
    if (entry) edit.mutate({ params: { id: entry.id }, ifMatch: entry.version, body })
    else if (stop === undefined) add.mutate({ params: { id: ticketId }, body })
    else end.mutate({ params: { id: ticketId }, body })
  }
  const { minutes } = form.values
  const counts = minutes && countedOf(minutes, settings)
  return (
    <FormSheet
      title={t(entry ? 'entry' : stop === undefined ? 'newEntry' : 'stopEntry')}
      busy={add.isPending || end.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      wide={false}
      aside={
        entry ? <RemoveEntry entry={entry} onDone={onClose} /> : stop !== undefined && <DropTimer ticketId={ticketId} onDone={onClose} />
      }
      onSave={save}
      onClose={onClose}
    >
      <FieldRow>
        <NumberField
          label={t('minutes')}
          min={1}
          max={1440}
          hint={counts ? t('countedAs', { time: lengthOf(counts, settings) }) : undefined}
          {...form.value('minutes')}
        />
        <TextField label={t('day')} type="date" max={today()} {...form.text('workDate')} />
      </FieldRow>
      <TextField label={t('note')} data-autofocus maxLength={500} {...form.text('note')} />
      {tasks.length > 0 && (
        <SelectField
          label={t('task')}
          placeholder={t('noTask')}
          clearable
          options={tasks.map((task) => ({ value: task.id, label: task.title }))}
          {...form.value('taskId')}
        />
      )}
      <CheckField label={t('billable')} {...form.check('billable')} />
      {entry && entry.version > 1 && <History id={entry.id} />}
    </FormSheet>
  )
}

function History({ id }: { id: string }) {
  const t = useTexts(timeTexts)
  const formats = useFormats()
  const settings = useTimeSettings()
  const was = useCall('GET /api/time/:id/history', { params: { id } }).data?.items ?? []
  return (
    <section className={styles.history} aria-label={t('history')}>
      <h3>{t('history')}</h3>
      <ol>
        {was.map((one) => (
          <li key={one.at + one.what}>
            {t(`was-${one.what}`, {
              name: one.by?.name ?? '',
              time: lengthOf(one.minutes, { ...settings, show: 'minutes' }),
              day: formats.date(one.workDate),
            })}
            <span className="dim"> {formats.dateTime(one.at)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function RemoveEntry({ entry, onDone }: { entry: TimeEntry; onDone: () => void }) {
  const t = useTexts(timeTexts)
  const remove = useSend('DELETE /api/time/:id', {
    renews,
    onProblem: toastProblem,
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
  })
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle')}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: entry.id } })}
    />
  )
}

function DropTimer({ ticketId, onDone }: { ticketId: string; onDone: () => void }) {
  const t = useTexts(timeTexts)
  const [confirm, question] = useConfirm()
  const ask = async () => {
    if (!(await confirm({ title: t('dropTitle'), text: t('dropText'), action: t('drop'), danger: true }))) return
    await dropTimer(ticketId)
    onDone()
  }
  return (
    <>
      <Button look="plain" onClick={() => void ask()}>
        {t('drop')}
      </Button>
      {question}
    </>
  )
}
