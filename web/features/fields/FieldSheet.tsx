import type { Field } from '../../../contract/fields.ts'
import { useForm } from '../../kernel/forms.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldRow, FieldSet, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { useCategories } from '../tickets/CategoryPicker.tsx'
import { ChoiceRows } from './ChoiceRows.tsx'
import { blankField, bodyOf, changesOf, type FieldDraft, keyFrom, valuesOf, withFields } from './draft.ts'
import { editorTexts } from './editor-texts.ts'

const types = ['text', 'number', 'choice', 'date', 'person', 'organisation'] as const
const audiences = ['staff', 'requester', 'portal'] as const

/** One field: what it is called, what it takes, of what it is asked, who sees it, before which statuses it is needed. */
export function FieldSheet({ field, onClose }: { field?: Field; onClose: () => void }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const form = useForm<FieldDraft>(field ? valuesOf(field) : blankField)
  const use = useCall('GET /api/fields/:id/use', { params: { id: field?.id ?? '0' } }, { enabled: field !== undefined }).data
  const sending = {
    renews: ['GET /api/fields', 'GET /api/tickets/:id/fields'] as const,
    onProblem: (cause: unknown) => form.take(withFields(cause)),
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  }
  const add = useSend('POST /api/fields', sending)
  const edit = useSend('PATCH /api/fields/:id', sending)
  const { values } = form
  const save = () =>
    field
      ? edit.mutate({ params: { id: field.id }, ifMatch: field.version, body: changesOf(values) })
      : add.mutate({ body: { key: values.key || keyFrom(values.en || values.de), ...bodyOf(values) } })
  return (
    <FormSheet
      title={field ? t('edit', { name: inLanguage(field.label, language) }) : t('new')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={values}
      aside={field && <ArchiveField field={field} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <FieldRow>
        <TextField label={t('labelEn')} lang="en" maxLength={100} data-autofocus {...form.text('en')} />
        <TextField label={t('labelDe')} lang="de" maxLength={100} {...form.text('de')} />
      </FieldRow>
      <TextField
        label={t('key')}
        hint={t('keyHint')}
        maxLength={50}
        disabled={field !== undefined}
        placeholder={keyFrom(values.en || values.de)}
        {...form.text('key')}
      />
      <FieldRow>
        <TextField label={t('helpEn')} lang="en" maxLength={300} {...form.text('helpEn')} />
        <TextField label={t('helpDe')} lang="de" maxLength={300} {...form.text('helpDe')} />
      </FieldRow>
      <SelectField
        label={t('type')}
        hint={t('typeHint')}
        disabled={(use?.tickets ?? 0) > 0}
        options={types.map((type) => ({ value: type, label: t(`type-${type}`) }))}
        {...form.value('type')}
      />
      {values.type === 'choice' && (
        <ChoiceRows
          choices={values.choices}
          use={use?.choices}
          error={form.errors['choices']}
          onChange={(next) => form.set('choices', next)}
        />
      )}
      <AskedFields form={form} />
    </FormSheet>
  )
}

function AskedFields({ form }: { form: ReturnType<typeof useForm<FieldDraft>> }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const categories = useCategories().map((c) => ({ value: c.id, label: c.path }))
  const statuses = useCall('GET /api/statuses', {}, { staleTime: 300_000 }).data?.items ?? []
  // By meaning: the first of each stands for all that mean the same.
  const meanings = statuses.filter((s, n) => statuses.findIndex((o) => o.meaning === s.meaning) === n)
  const options = meanings.map((s) => ({ value: s.meaning, label: inLanguage(s.name, language) }))
  const { values, set } = form
  return (
    <>
      <FieldSet title={t('asked')}>
        <div className="row">
          <CheckField label={t('incident')} {...form.check('incident')} />
          <CheckField label={t('request')} {...form.check('request')} />
        </div>
        <ManyField
          label={t('categories')}
          hint={t('categoriesHint')}
          options={categories}
          value={values.categoryIds.map((id) => categories.find((c) => c.value === id) ?? { value: id, label: id })}
          onChange={(picked) =>
            set(
              'categoryIds',
              picked.map((c) => c.value),
            )
          }
        />
      </FieldSet>
      <SelectField
        label={t('audience')}
        options={audiences.map((a) => ({ value: a, label: t(`audience-${a}`) }))}
        {...form.value('audience')}
      />
      <ManyField
        label={t('mandatory')}
        hint={t('mandatoryHint')}
        options={options}
        value={options.filter((o) => values.mandatoryIn.includes(o.value))}
        onChange={(picked) => set('mandatoryIn', picked.map((o) => o.value) as FieldDraft['mandatoryIn'])}
      />
    </>
  )
}

function ArchiveField({ field, onDone }: { field: Field; onDone: () => void }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const archive = useSend('PATCH /api/fields/:id', {
    renews: ['GET /api/fields', 'GET /api/tickets/:id/fields'],
    onProblem: toastProblem,
    onDone: () => {
      toast(t('archived', { name: inLanguage(field.label, language) }))
      onDone()
    },
  })
  return (
    <Button
      look="plain"
      busy={archive.isPending}
      onClick={() => archive.mutate({ params: { id: field.id }, ifMatch: field.version, body: { archived: true } })}
    >
      {t('archive')}
    </Button>
  )
}
