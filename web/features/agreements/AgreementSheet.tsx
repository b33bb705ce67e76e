import { IconArchive } from '@tabler/icons-react'
import { useState } from 'react'
import type { Agreement } from '../../../contract/sla.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import { type Draft, draftOf, emptyDraft, termsOf } from './draft.ts'
import { PreviewPart } from './PreviewPart.tsx'
import { ReplayPart } from './ReplayPart.tsx'
import { RulesField } from './RulesField.tsx'
import { ruleTexts } from './rule-texts.ts'
import { agreementTexts } from './texts.ts'
import { Versions } from './Versions.tsx'
import { issuesByPath } from './words.ts'

const renews = ['GET /api/agreements', 'GET /api/agreements/:id/versions'] as const
const kinds = ['sla', 'ola', 'uc'] as const
type Form = ReturnType<typeof useForm<Draft>>

export function AgreementSheet({ row, onClose }: { row?: Agreement; onClose: () => void }) {
  const t = useTexts(agreementTexts)
  const r = useTexts(ruleTexts)
  const [issues, setIssues] = useState<Record<string, string>>({})
  const names = {
    'first-response': r('target.first-response'),
    'next-response': r('target.next-response'),
    update: r('target.update'),
    resolution: r('target.resolution'),
    fulfilment: r('target.fulfilment'),
  }
  const form = useForm<Draft>(row ? draftOf(row) : emptyDraft(names))
  const change = useOtherChange(row, draftOf, form)
  const { values, set } = form
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const take = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    change.take(cause)
  }
  const add = useSend('POST /api/agreements', { renews, onDone, onProblem: take })
  const edit = useSend('PATCH /api/agreements/:id', { renews, onDone, onProblem: take })
  const save = () => {
    setIssues({})
    const terms = termsOf(values)
    if (!row) return add.mutate({ body: terms })
    edit.mutate({ params: { id: row.id }, ifMatch: change.version, body: changesOf(termsOf(draftOf(change.stored ?? row)), terms) })
  }
  return (
    <FormSheet
      title={row ? t('edit', { name: row.name }) : t('new')}
      busy={add.isPending || edit.isPending}
      problem={Object.keys(issues).length > 0 ? t('correct') : form.problem}
      values={values}
      aside={row && <Archive row={row} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={{ name: t('name'), rules: t('rules'), calendar: t('calendar'), zone: t('zone') }} />
      <TextField label={t('name')} maxLength={100} {...form.text('name')} />
      <Parties form={form} issues={issues} />
      <RulesField kind={values.kind} rules={values.rules} names={names} issues={issues} onChange={(rules) => set('rules', rules)} />
      <Hours form={form} issues={issues} />
      <Period form={form} />
      <TextArea label={t('services')} {...form.text('services')} />
      <TextArea label={t('penalties')} {...form.text('penalties')} />
      <PreviewPart agreementId={row?.id ?? null} terms={termsOf(values)} onProblem={take} />
      <ReplayPart agreementId={row?.id ?? null} terms={termsOf(values)} onProblem={take} />
      {row && row.version > 1 && <Versions id={row.id} />}
    </FormSheet>
  )
}

function Parties({ form, issues }: { form: Form; issues: Record<string, string> }) {
  const t = useTexts(agreementTexts)
  const { values } = form
  return (
    <FieldRow>
      <SelectField label={t('kind')} options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))} {...form.value('kind')} />
      {values.kind === 'sla' && (
        <OrganisationPick
          label={t('customer')}
          placeholder={t('everybody')}
          {...form.value('organisation')}
          error={issues.organisationId}
        />
      )}
      {values.kind === 'ola' && <TeamPick label={t('team')} {...form.value('team')} error={issues.teamId} />}
      {values.kind === 'uc' && <TextField label={t('vendor')} {...form.text('vendor')} error={issues.vendor} />}
    </FieldRow>
  )
}

function Hours({ form, issues }: { form: Form; issues: Record<string, string> }) {
  const t = useTexts(agreementTexts)
  const { calendar, zone } = form.values
  const calendars = useCall('GET /api/calendars').data?.items ?? []
  const byCalendar = (by: Draft['calendar']['by']) =>
    form.set('calendar', by === 'agreement' ? { by, calendarId: calendars[0]?.id ?? '' } : { by })
  const byZone = (by: Draft['zone']['by']) =>
    form.set('zone', by === 'agreement' ? { by, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } : { by })
  return (
    <FieldSet title={t('hours')}>
      <FieldRow>
        <SelectField
          label={t('calendar')}
          options={(['caller', 'team', 'agreement'] as const).map((value) => ({ value, label: t(`calendar.${value}`) }))}
          value={calendar.by}
          onChange={byCalendar}
        />
        {calendar.by === 'agreement' && (
          <SelectField
            label={t('calendarOf')}
            options={calendars.map(({ id, name }) => ({ value: id, label: name }))}
            value={calendar.calendarId}
            error={issues['calendar.calendarId']}
            onChange={(calendarId) => form.set('calendar', { by: 'agreement', calendarId })}
          />
        )}
      </FieldRow>
      <SelectField
        label={t('zone')}
        hint={t('zoneHint')}
        options={(['calendar', 'caller', 'site', 'team', 'agreement'] as const).map((value) => ({ value, label: t(`zone.${value}`) }))}
        value={zone.by}
        onChange={byZone}
      />
      {zone.by === 'agreement' && (
        <TimeZoneField
          value={zone.timeZone}
          error={issues['zone.timeZone']}
          onChange={(timeZone) => form.set('zone', { by: 'agreement', timeZone: timeZone ?? '' })}
        />
      )}
    </FieldSet>
  )
}

function Period({ form }: { form: Form }) {
  const t = useTexts(agreementTexts)
  return (
    <FieldSet title={t('period')}>
      <FieldRow>
        <TextField type="date" label={t('starts')} {...form.text('startsOn')} />
        <TextField type="date" label={t('ends')} {...form.text('endsOn')} />
      </FieldRow>
      <TextField type="date" label={t('reviewOn')} {...form.text('reviewOn')} />
    </FieldSet>
  )
}

function Archive({ row, onDone }: { row: Agreement; onDone: () => void }) {
  const t = useTexts(agreementTexts)
  const params = { id: row.id }
  const restore = useSend('POST /api/agreements/:id/restore', { renews, onProblem: toastProblem })
  const archive = useSend('POST /api/agreements/:id/archive', {
    renews,
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
