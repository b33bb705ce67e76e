import { useState } from 'react'
import type { Readymade } from '../../../contract/readymade.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { ChoiceField, FieldRow, type Option, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { optionOf, TeamPick } from '../people/picks.tsx'
import { ContentFields } from './ContentFields.tsx'
import { type Draft, draftOf, emptyDraft } from './draft.ts'
import styles from './Readymade.module.css'
import { readymadeTexts } from './texts.ts'
import { issuesByPath, said } from './words.ts'

type Values = { nameEn: string; nameDe: string; scope: Readymade['scope']; teamId: Option | null; folder: string; content: Draft }
const valuesOf = (row: Readymade): Values => ({
  nameEn: row.name.en,
  nameDe: row.name.de,
  scope: row.scope,
  teamId: optionOf(row.team),
  folder: row.folder,
  content: draftOf(row.content),
})
const bodyOf = (v: Values) => ({
  name: { en: v.nameEn, de: v.nameDe },
  scope: v.scope,
  teamId: v.scope === 'team' ? (v.teamId?.value ?? null) : null,
  folder: v.folder,
  content: v.content,
})
const renews = ['GET /api/readymade', 'GET /api/tickets/:id/snippets', 'GET /api/tickets/:id/guides'] as const

export function ReadymadeSheet({ kind, row, onClose }: { kind: Readymade['kind']; row?: Readymade; onClose: () => void }) {
  const t = useTexts(readymadeTexts)
  const language = useLanguage()
  const mayShare = useMay('template.edit')
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm<Values>(
    row ? valuesOf(row) : { nameEn: '', nameDe: '', scope: 'private', teamId: null, folder: '', content: emptyDraft(kind) },
  )
  const change = useOtherChange(row, valuesOf, form)
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const take = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    change.take(cause)
  }
  const add = useSend('POST /api/readymade', { renews, onDone, onProblem: take })
  const edit = useSend('PATCH /api/readymade/:id', { renews, onDone, onProblem: take })
  const readOnly = row !== undefined && !row.can.edit
  const save = () => {
    const body = bodyOf(form.values)
    if (!row) return add.mutate({ body })
    if (readOnly) return add.mutate({ body: { ...body, scope: 'private', teamId: null } })
    edit.mutate({ params: { id: row.id }, ifMatch: change.version, body: { ...body, ...(row.archived ? { archived: false } : {}) } })
  }
  const name = row ? said(row.name, language) : ''
  const scopes = [
    { value: 'private' as const, label: t('private') },
    { value: 'team' as const, label: t('team') },
    { value: 'everyone' as const, label: t('everyone') },
  ]
  return (
    <FormSheet
      title={row ? t(readOnly ? 'view' : 'edit', { name }) : t(`add_${kind}`)}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      {...(readOnly ? { action: t('copy') } : {})}
      values={form.values}
      aside={row && !readOnly && <Remove row={row} name={name} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange
        change={change}
        form={form}
        labels={{ nameEn: t('name'), nameDe: t('name'), scope: t('scope'), teamId: t('teamField'), folder: t('folder'), content: t(kind) }}
      />
      {readOnly && <p className="dim small">{t('readOnly')}</p>}
      {row && !row.on && <p className={styles.off}>{t('offText')}</p>}
      <FieldRow>
        <TextField
          label={t('inEnglish', { name: t('name') })}
          data-autofocus
          {...form.text('nameEn')}
          error={form.errors.nameEn ?? issues.name}
        />
        <TextField label={t('inGerman', { name: t('name') })} {...form.text('nameDe')} />
      </FieldRow>
      <p className="dim small">{t('onceEnough')}</p>
      <ContentFields draft={form.values.content} issues={issues} onChange={(content) => form.set('content', content)} />
      {!readOnly && (
        <ChoiceField label={t('scope')} value={form.values.scope} onChange={(scope) => form.set('scope', scope)} options={scopes} />
      )}
      {!readOnly && !mayShare && <p className="dim small">{t('scopeHint')}</p>}
      {!readOnly && form.values.scope === 'team' && <TeamPick label={t('teamField')} clearable={false} {...form.value('teamId')} />}
      <TextField label={t('folder')} hint={t('folderHint')} maxLength={60} {...form.text('folder')} />
    </FormSheet>
  )
}

function Remove({ row, name, onDone }: { row: Readymade; name: string; onDone: () => void }) {
  const t = useTexts(readymadeTexts)
  const remove = useSend('DELETE /api/readymade/:id', {
    renews,
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
    onProblem: toastProblem,
  })
  if (row.archived) return null
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle', { name })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: row.id } })}
    />
  )
}
