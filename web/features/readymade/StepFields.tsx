import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { CheckField, ChoiceField, FieldRow, NumberField, SelectField, TagsField, TextField } from '../../ui/Fields.tsx'
import { useCategoryOptions } from '../teams/categories.ts'
import { talkTexts } from '../tickets/conversation-texts.ts'
import { resolutionCodes } from '../tickets/resolution.ts'
import type { StepDraft } from './draft.ts'
import { useTaskTemplates, useTeamOptions } from './options.ts'
import { TextsField } from './TextsField.tsx'
import { readymadeTexts } from './texts.ts'

type Props = { step: StepDraft; path: string; issues: Record<string, string>; onChange: (step: StepDraft) => void }

export function StepFields(props: Props) {
  const { step, path, issues, onChange } = props
  const t = useTexts(readymadeTexts)
  const w = useTexts(talkTexts)
  switch (step.do) {
    case 'reply':
    case 'note':
      return (
        <TextsField
          label={t('text')}
          path={`${path}.text`}
          value={step.text}
          issues={issues}
          audience={step.do === 'note' ? 'staff' : 'everyone'}
          onChange={(text) => onChange({ ...step, text })}
        />
      )
    case 'priority':
      return (
        <>
          <ChoiceField
            label={t('step_priority')}
            value={String(step.priority)}
            onChange={(value) => onChange({ ...step, priority: Number(value) })}
            options={['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }))}
          />
          <TextField
            label={t('reason')}
            error={issues[`${path}.reason`]}
            value={step.reason}
            onChange={(e) => onChange({ ...step, reason: e.currentTarget.value })}
          />
        </>
      )
    case 'kind':
      return (
        <ChoiceField
          label={t('ticketKind')}
          value={step.kind}
          onChange={(kind) => onChange({ ...step, kind })}
          options={(['incident', 'request'] as const).map((value) => ({ value, label: t(value) }))}
        />
      )
    case 'tags':
      return (
        <FieldRow>
          <TagsField label={t('addTags')} error={issues[`${path}.add`]} value={step.add} onChange={(add) => onChange({ ...step, add })} />
          <TagsField label={t('removeTags')} value={step.remove} onChange={(remove) => onChange({ ...step, remove })} />
        </FieldRow>
      )
    case 'time':
      return (
        <FieldRow>
          <NumberField
            label={t('minutes')}
            min={1}
            max={1440}
            value={step.minutes}
            onChange={(minutes) => onChange({ ...step, minutes: minutes ?? 1 })}
          />
          <TextField label={t('note')} value={step.note} onChange={(e) => onChange({ ...step, note: e.currentTarget.value })} />
        </FieldRow>
      )
    case 'resolve':
      return (
        <>
          <SelectField
            label={t('code')}
            options={resolutionCodes.map((code) => ({ value: code, label: w(`code-${code}`) }))}
            value={step.code}
            onChange={(code) => onChange({ ...step, code })}
          />
          <TextsField
            label={t('solution')}
            path={`${path}.text`}
            value={step.text}
            issues={issues}
            audience="everyone"
            onChange={(text) => onChange({ ...step, text })}
          />
          <CheckField label={t('tell')} checked={step.tell} onChange={(e) => onChange({ ...step, tell: e.currentTarget.checked })} />
        </>
      )
    default:
      return <PickStep {...props} step={step} />
  }
}

type Pick = Extract<StepDraft, { do: 'status' | 'wait' | 'category' | 'team' | 'assignee' | 'tasks' }>
function PickStep({ step, path, issues, onChange }: Omit<Props, 'step'> & { step: Pick }) {
  const t = useTexts(readymadeTexts)
  const language = useLanguage()
  const statuses = useCall('GET /api/statuses', {}, { staleTime: 300_000 }).data?.items ?? []
  const staff =
    useCall('GET /api/people', { query: { staff: 'true', limit: 200 } }, { enabled: step.do === 'assignee', staleTime: 60_000 }).data
      ?.items ?? []
  const categories = useCategoryOptions()
  const teams = useTeamOptions()
  const tasks = useTaskTemplates()
  const waiting = (meaning: string) => meaning.startsWith('waiting-') || meaning === 'scheduled'
  const statusOptions = statuses
    .filter((s) => (step.do === 'wait' ? waiting(s.meaning) : !['new', 'resolved', 'closed'].includes(s.meaning)))
    .map((s) => ({ value: s.id, label: inLanguage(s.name, language) }))
  const choose = (
    label: string,
    options: { value: string; label: string }[],
    value: string,
    field: string,
    set: (value: string) => StepDraft,
  ) => (
    <SelectField
      label={label}
      options={options}
      value={value || null}
      error={issues[`${path}.${field}`]}
      onChange={(next) => next && onChange(set(next))}
    />
  )
  if (step.do === 'category')
    return choose(t('category'), categories, step.categoryId, 'categoryId', (categoryId) => ({ ...step, categoryId }))
  if (step.do === 'team') return choose(t('teamField'), teams, step.teamId, 'teamId', (teamId) => ({ ...step, teamId }))
  if (step.do === 'tasks') return choose(t('taskTemplate'), tasks, step.templateId, 'templateId', (templateId) => ({ ...step, templateId }))
  if (step.do === 'assignee') {
    const options = [
      { value: 'me', label: t('me') },
      { value: 'nobody', label: t('nobody') },
      ...staff.map((p) => ({ value: p.id, label: p.name })),
    ]
    return choose(t('step_assignee'), options, step.assigneeId ?? 'nobody', 'assigneeId', (id) => ({
      ...step,
      assigneeId: id === 'nobody' ? null : id,
    }))
  }
  const status = choose(t('step_status'), statusOptions, step.statusId, 'statusId', (statusId) => ({ ...step, statusId }))
  if (step.do === 'status') return status
  return (
    <>
      <FieldRow>
        {status}
        <NumberField label={t('days')} min={1} max={365} value={step.days} onChange={(days) => onChange({ ...step, days: days ?? 1 })} />
      </FieldRow>
      <TextField label={t('reason')} value={step.reason} onChange={(e) => onChange({ ...step, reason: e.currentTarget.value })} />
    </>
  )
}
