import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { CheckField, FieldRow, NumberField, type Option, SelectField, TagsField, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { useTeamOptions } from '../readymade/options.ts'
import { StepFields } from '../readymade/StepFields.tsx'
import { TextsField } from '../readymade/TextsField.tsx'
import { said } from '../readymade/words.ts'
import type { ActionProps } from './draft.ts'
import { automationTexts } from './texts.ts'

/** The fields of one step; those that macros have too are shown as there. */
export function ActionFields({ action, ...rest }: ActionProps) {
  switch (action.do) {
    case 'notify':
      return <NotifyFields action={action} {...rest} />
    case 'mail-staff':
      return <MailFields action={action} {...rest} />
    case 'task':
      return <TaskFields action={action} {...rest} />
    case 'webhook':
      return <WebhookField action={action} {...rest} />
    case 'macro':
      return <MacroField action={action} {...rest} />
    case 'stop':
      return null
    default:
      return <StepFields step={action} {...rest} />
  }
}

const chosen = (options: readonly Option[], ids: readonly string[]) =>
  ids.map((id) => options.find((option) => option.value === id) ?? { value: id, label: id })

function NotifyFields({ action, path, issues, onChange }: ActionProps<'notify'>) {
  const t = useTexts(automationTexts)
  const teams = useTeamOptions()
  const people = (useCall('GET /api/people', { query: { staff: 'true', limit: 200 } }, { staleTime: 60_000 }).data?.items ?? []).map(
    (p) => ({
      value: p.id,
      label: p.name,
    }),
  )
  return (
    <>
      <CheckField
        label={t('assignee')}
        checked={action.assignee}
        onChange={(event) => onChange({ ...action, assignee: event.currentTarget.checked })}
      />
      <ManyField
        label={t('teams')}
        options={teams}
        value={chosen(teams, action.teamIds)}
        onChange={(picked) => onChange({ ...action, teamIds: picked.map((one) => one.value) })}
      />
      <ManyField
        label={t('people')}
        options={people}
        error={issues[`${path}.personIds`]}
        value={chosen(people, action.personIds)}
        onChange={(picked) => onChange({ ...action, personIds: picked.map((one) => one.value) })}
      />
    </>
  )
}

function MailFields({ action, path, issues, onChange }: ActionProps<'mail-staff'>) {
  const t = useTexts(automationTexts)
  const wrong = Object.entries(issues).find(([at]) => at.startsWith(`${path}.to`))?.[1]
  return (
    <>
      <TagsField
        label={t('to')}
        hint={t('toHint')}
        error={wrong}
        value={action.to}
        onChange={(to) => onChange({ ...action, to: [...to] })}
      />
      <TextField
        label={t('subject')}
        error={issues[`${path}.subject`]}
        value={action.subject}
        onChange={(event) => onChange({ ...action, subject: event.currentTarget.value })}
      />
      <TextsField
        label={t('text')}
        path={`${path}.text`}
        issues={issues}
        audience="staff"
        value={action.text}
        onChange={(text) => onChange({ ...action, text })}
      />
    </>
  )
}

function TaskFields({ action, path, issues, onChange }: ActionProps<'task'>) {
  const t = useTexts(automationTexts)
  return (
    <>
      <TextField
        label={t('taskTitle')}
        error={issues[`${path}.title`]}
        value={action.title}
        onChange={(event) => onChange({ ...action, title: event.currentTarget.value })}
      />
      <FieldRow>
        <SelectField
          label={t('team')}
          clearable
          options={useTeamOptions()}
          error={issues[`${path}.teamId`]}
          value={action.teamId}
          onChange={(teamId: string | null) => onChange({ ...action, teamId })}
        />
        <NumberField
          label={t('due')}
          min={1}
          max={8760}
          value={action.dueHours}
          onChange={(dueHours) => onChange({ ...action, dueHours })}
        />
      </FieldRow>
    </>
  )
}

function WebhookField({ action, path, issues, onChange }: ActionProps<'webhook'>) {
  const t = useTexts(automationTexts)
  const hooks = useCall('GET /api/webhooks', {}, { staleTime: 60_000 }).data?.items ?? []
  return (
    <SelectField
      label={t('webhook')}
      options={hooks.map((one) => ({ value: one.id, label: one.name }))}
      error={issues[`${path}.webhookId`]}
      value={action.webhookId || null}
      onChange={(next) => next && onChange({ ...action, webhookId: next })}
    />
  )
}

function MacroField({ action, path, issues, onChange }: ActionProps<'macro'>) {
  const t = useTexts(automationTexts)
  const language = useLanguage()
  const macros =
    useCall('GET /api/readymade', { query: { kind: 'macro', on: 'true', limit: 200 } }, { staleTime: 60_000 }).data?.items ?? []
  return (
    <SelectField
      label={t('macro')}
      options={macros.map((one) => ({ value: one.id, label: said(one.name, language) }))}
      error={issues[`${path}.readymadeId`]}
      value={action.readymadeId || null}
      onChange={(next) => next && onChange({ ...action, readymadeId: next })}
    />
  )
}
