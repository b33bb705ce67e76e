import { IconArchive } from '@tabler/icons-react'
import { useState } from 'react'
import type { Calendar } from '../../../contract/calendars.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { Ahead } from './Ahead.tsx'
import { bodyOf, type Draft, draftOf, emptyDraft, whenOf } from './draft.ts'
import { Moves } from './Moves.tsx'
import { OwnDays } from './OwnDays.tsx'
import { calendarTexts } from './texts.ts'
import { UsesFields } from './UsesFields.tsx'
import { WeekGrid } from './WeekGrid.tsx'
import { issuesByPath } from './words.ts'

const renews = ['GET /api/calendars', 'GET /api/open-hours'] as const

export function CalendarSheet({ row, onClose }: { row?: Calendar; onClose: () => void }) {
  const t = useTexts(calendarTexts)
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm<Draft>(row ? draftOf(row) : emptyDraft())
  const change = useOtherChange(row, draftOf, form)
  const { values, set } = form
  const setPlace = (country: string | null, region: string | null) => {
    set('country', country)
    set('region', region)
  }
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const take = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    change.take(cause)
  }
  const add = useSend('POST /api/calendars', { renews, onDone, onProblem: take })
  const edit = useSend('PATCH /api/calendars/:id', { renews, onDone, onProblem: take })
  const save = () => {
    setIssues({})
    if (!row) return add.mutate({ body: bodyOf(values) })
    const body = changesOf(bodyOf(draftOf(change.stored ?? row)), bodyOf(values))
    edit.mutate({ params: { id: row.id }, ifMatch: change.version, body })
  }
  return (
    <FormSheet
      title={row ? t('edit', { name: row.name }) : t('new')}
      busy={add.isPending || edit.isPending}
      // What stands at a field is not said twice.
      problem={Object.keys(issues).length > 0 ? undefined : form.problem}
      values={values}
      aside={row && !row.uses.company && <Archive row={row} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={{ name: t('name'), timeZone: t('timeZone'), hours: t('week'), days: t('days') }} />
      <TextField label={t('name')} {...form.text('name')} error={issues.name ?? form.errors.name} />
      <TimeZoneField hint={t('zoneHint')} {...form.value('timeZone')} />
      <WeekGrid week={values.hours} issues={issues} onChange={(hours) => set('hours', hours)} />
      <Holidays values={values} issues={issues} onChange={setPlace} />
      <OwnDays days={values.days} issues={issues} onChange={(days) => set('days', days)} />
      <Ahead when={whenOf(values)} />
      <UsesFields draft={values} fixed={row?.uses.company ?? false} issues={issues} onChange={(key, next) => set(key, next)} />
      {row && <Moves calendarId={row.id} when={whenOf(values)} />}
    </FormSheet>
  )
}

type HolidayProps = {
  values: Draft
  issues: Record<string, string>
  onChange: (country: string | null, region: string | null) => void
}
function Holidays({ values: { country, region }, issues, onChange }: HolidayProps) {
  const t = useTexts(calendarTexts)
  const places = useCall('GET /api/holiday-places', { query: country ? { country } : {} }, { keep: true })
  const options = (of: 'countries' | 'regions') => (places.data?.[of] ?? []).map(({ code, name }) => ({ value: code, label: name }))
  return (
    <FieldSet title={t('holidays')} hint={t('holidaysHint')}>
      <FieldRow>
        <SelectField
          label={t('country')}
          options={options('countries')}
          value={country}
          onChange={(next) => onChange(next, null)}
          error={issues.country}
          clearable
        />
        <SelectField
          label={t('region')}
          options={country ? options('regions') : []}
          value={region}
          onChange={(next) => onChange(country, next)}
          error={issues.region}
          placeholder={t('wholeCountry')}
          disabled={country === null}
          clearable
        />
      </FieldRow>
    </FieldSet>
  )
}

function Archive({ row, onDone }: { row: Calendar; onDone: () => void }) {
  const t = useTexts(calendarTexts)
  const params = { id: row.id }
  const restore = useSend('POST /api/calendars/:id/restore', { renews: ['GET /api/calendars'], onProblem: toastProblem })
  const archive = useSend('POST /api/calendars/:id/archive', {
    renews: ['GET /api/calendars'],
    onProblem: toastProblem,
    onDone: () => {
      toast(t('archivedToast', { name: row.name }), { undo: () => restore.mutate({ params }) })
      onDone()
    },
  })
  return (
    <Button look="plain" icon={<IconArchive size={16} />} busy={archive.isPending} onClick={() => archive.mutate({ params })}>
      {t('archive')}
    </Button>
  )
}
