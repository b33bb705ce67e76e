import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { ChoiceField, FieldRow, SelectField, TagsField, TextField } from '../../ui/Fields.tsx'
import { useCategoryOptions } from '../teams/categories.ts'
import type { Draft, FieldsOf } from './draft.ts'
import { GuideFields } from './GuideFields.tsx'
import { MacroFields } from './MacroFields.tsx'
import { useTaskTemplates, useTeamOptions } from './options.ts'
import { TextsField } from './TextsField.tsx'
import { readymadeTexts } from './texts.ts'
import { said } from './words.ts'

type Props = Omit<FieldsOf<Draft['kind']>, 'draft'> & { draft: Draft }
export function ContentFields({ draft, ...rest }: Props) {
  switch (draft.kind) {
    case 'macro':
      return <MacroFields draft={draft} {...rest} />
    case 'snippet':
      return <SnippetFields draft={draft} {...rest} />
    case 'guide':
      return <GuideFields draft={draft} {...rest} />
    case 'template':
    case 'model':
      return <TemplateFields draft={draft} {...rest} />
  }
}

function SnippetFields({ draft, issues, onChange }: FieldsOf<'snippet'>) {
  const t = useTexts(readymadeTexts)
  return (
    <>
      <TextsField
        label={t('text')}
        path="content.text"
        value={draft.text}
        issues={issues}
        audience={draft.audience}
        onChange={(text) => onChange({ ...draft, text })}
      />
      <ChoiceField
        label={t('audience')}
        value={draft.audience}
        onChange={(audience) => onChange({ ...draft, audience })}
        options={[
          { value: 'everyone', label: t('anyText') },
          { value: 'staff', label: t('notesOnly') },
        ]}
      />
      <TextField
        label={t('words')}
        hint={t('wordsHint')}
        maxLength={200}
        value={draft.words}
        onChange={(e) => onChange({ ...draft, words: e.currentTarget.value })}
      />
    </>
  )
}

const levels = ['1', '2', '3'] as const
type Level = (typeof levels)[number]

function TemplateFields({ draft, issues, onChange }: FieldsOf<'template' | 'model'>) {
  const t = useTexts(readymadeTexts)
  const language = useLanguage()
  const categories = useCategoryOptions()
  const teams = useTeamOptions()
  const tasks = useTaskTemplates()
  const guides = useCall('GET /api/readymade', { query: { kind: 'guide', limit: 200 } }).data?.items ?? []
  const put = (part: Partial<typeof draft>) => onChange({ ...draft, ...part } as Draft)
  const level = (label: string, key: 'impact' | 'urgency') => (
    <ChoiceField
      label={label}
      value={String(draft[key]) as Level}
      onChange={(value) => put({ [key]: Number(value) })}
      options={levels.map((value) => ({ value, label: value }))}
      wide
    />
  )
  return (
    <>
      <TextsField
        oneLine
        label={t('subject')}
        path="content.subject"
        value={draft.subject}
        issues={issues}
        audience="everyone"
        onChange={(subject) => put({ subject })}
      />
      <TextsField
        label={t('body')}
        path="content.body"
        value={draft.body}
        issues={issues}
        audience="everyone"
        onChange={(body) => put({ body })}
      />
      <ChoiceField
        label={t('ticketKind')}
        value={draft.ticketKind}
        onChange={(ticketKind) => put({ ticketKind })}
        options={[
          { value: 'incident', label: t('incident') },
          { value: 'request', label: t('request') },
        ]}
      />
      <FieldRow>
        {level(t('impact'), 'impact')}
        {level(t('urgency'), 'urgency')}
      </FieldRow>
      <FieldRow>
        <SelectField
          label={t('category')}
          clearable
          placeholder={t('anyCategory')}
          options={categories}
          error={issues['content.categoryId']}
          value={draft.categoryId}
          onChange={(categoryId) => put({ categoryId })}
        />
        <SelectField
          label={t('teamField')}
          clearable
          placeholder={t('byRules')}
          options={teams}
          error={issues['content.teamId']}
          value={draft.teamId}
          onChange={(teamId) => put({ teamId })}
        />
      </FieldRow>
      <FieldRow>
        <SelectField
          label={t('taskTemplate')}
          clearable
          placeholder={t('noTasks')}
          options={tasks}
          error={issues['content.taskTemplateId']}
          value={draft.taskTemplateId}
          onChange={(taskTemplateId) => put({ taskTemplateId })}
        />
        <TagsField label={t('tags')} value={draft.tags} onChange={(tags) => put({ tags })} />
      </FieldRow>
      {draft.kind === 'model' && (
        <SelectField
          label={t('guideField')}
          clearable
          placeholder={t('noTasks')}
          options={guides.map((guide) => ({ value: guide.id, label: said(guide.name, language) }))}
          error={issues['content.guideId']}
          value={draft.guideId}
          onChange={(guideId) => put({ guideId })}
        />
      )}
    </>
  )
}
