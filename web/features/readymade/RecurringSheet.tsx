import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Calendar, Recurring } from '../../../contract/scheduled.ts'
import { call } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { type Option, SelectField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, PersonPick } from '../people/picks.tsx'
import { CalendarFields } from './CalendarFields.tsx'
import styles from './Readymade.module.css'
import { recurringTexts } from './recurring-texts.ts'
import { readymadeTexts } from './texts.ts'
import { issuesByPath, said, whenIn } from './words.ts'

type Values = { templateId: string | null; requesterId: Option | null; calendar: Calendar; timeZone: string | null }
const valuesOf = (row: Recurring): Values => ({
  templateId: row.template.id,
  requesterId: optionOf(row.requester),
  calendar: row.calendar,
  timeZone: row.timeZone,
})
const bodyOf = (v: Values) => ({
  templateId: v.templateId ?? '',
  requesterId: v.requesterId?.value ?? '',
  calendar: v.calendar,
  timeZone: v.timeZone ?? '',
})
const renews = ['GET /api/recurring-tickets'] as const

export function RecurringSheet({ row, onClose }: { row?: Recurring; onClose: () => void }) {
  const t = useTexts(recurringTexts)
  const r = useTexts(readymadeTexts)
  const language = useLanguage()
  const me = useMe()
  const templates = useTemplates()
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm<Values>(
    row
      ? valuesOf(row)
      : {
          templateId: null,
          requesterId: { value: me.id, label: me.name },
          calendar: { every: 'week', days: [1], at: '08:00', weekends: 'keep' },
          timeZone: me.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
  )
  const change = useOtherChange(row, valuesOf, form)
  const onDone = () => {
    toast(r('saved'))
    onClose()
  }
  const take = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    change.take(cause)
  }
  const add = useSend('POST /api/recurring-tickets', { renews, onDone, onProblem: take })
  const edit = useSend('PATCH /api/recurring-tickets/:id', { renews, onDone, onProblem: take })
  const save = () => {
    const body = bodyOf(form.values)
    if (!row) return add.mutate({ body })
    edit.mutate({ params: { id: row.id }, ifMatch: change.version, body })
  }
  return (
    <FormSheet
      title={row ? r('edit', { name: row.template.name }) : t('addRecurring')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={row && <Remove row={row} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange
        change={change}
        form={form}
        labels={{ templateId: r('template_'), requesterId: t('forWhom'), calendar: t('calendar'), timeZone: t('timeZone') }}
      />
      {templates.length === 0 && <p className={styles.off}>{t('needTemplate')}</p>}
      <SelectField
        label={r('template_')}
        options={templates.map((one) => ({ value: one.id, label: said(one.name, language) }))}
        {...form.value('templateId')}
      />
      <PersonPick label={t('forWhom')} clearable={false} {...form.value('requesterId')} />
      <CalendarFields calendar={form.values.calendar} issues={issues} onChange={(calendar) => form.set('calendar', calendar)} />
      <TimeZoneField {...form.value('timeZone')} />
      <NextDates calendar={form.values.calendar} timeZone={form.values.timeZone} />
    </FormSheet>
  )
}

export function useTemplates() {
  const templates = useCall('GET /api/readymade', { query: { kind: 'template', on: 'true', limit: 200 } }).data?.items ?? []
  const models = useCall('GET /api/readymade', { query: { kind: 'model', on: 'true', limit: 200 } }).data?.items ?? []
  return [...templates, ...models]
}

/** Asked of the server, which is the one that makes them. */
function NextDates({ calendar, timeZone }: { calendar: Calendar; timeZone: string | null }) {
  const t = useTexts(recurringTexts)
  const language = useLanguage()
  const { data } = useQuery({
    queryKey: ['next dates', calendar, timeZone],
    enabled: timeZone !== null,
    retry: false,
    queryFn: () => call('POST /api/recurring-tickets/dates', { body: { calendar, timeZone: timeZone ?? '' } }),
  })
  if (!data || data.next.length === 0) return null
  return (
    <section aria-label={t('nextDates')}>
      <p className="dim small">{t('nextDates')}</p>
      <ol className={styles.dates}>
        {data.next.map((at) => (
          <li key={at}>{whenIn(at, language, timeZone ?? undefined)}</li>
        ))}
      </ol>
    </section>
  )
}

function Remove({ row, onDone }: { row: Recurring; onDone: () => void }) {
  const r = useTexts(readymadeTexts)
  const remove = useSend('DELETE /api/recurring-tickets/:id', {
    renews,
    onDone: () => {
      toast(r('removed'))
      onDone()
    },
    onProblem: toastProblem,
  })
  const name = row.template.name
  return (
    <RemoveButton
      label={r('remove')}
      title={r('removeTitle', { name })}
      text={r('recurringText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: row.id } })}
    />
  )
}
