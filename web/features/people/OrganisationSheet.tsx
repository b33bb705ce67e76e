import type { Organisation } from '../../../contract/people.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { FieldRow, SelectField, TagsField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { organisationTexts } from './organisation-texts.ts'
import { useOrganisationWords } from './words.ts'

type Values = {
  name: string
  domains: string[]
  note: string
  specialHandling: string
  language: 'en' | 'de' | null
  timeZone: string | null
}
const empty: Values = { name: '', domains: [], note: '', specialHandling: '', language: null, timeZone: null }
const valuesOf = ({ name, domains, note, specialHandling, language, timeZone }: Organisation): Values => ({
  name,
  domains,
  note,
  specialHandling,
  language,
  timeZone,
})

type Props = { organisation?: Organisation; onClose: () => void; onSaved: (organisation: Organisation) => void }

export function OrganisationSheet({ organisation, onClose, onSaved }: Props) {
  const t = useTexts(organisationTexts)
  const words = useOrganisationWords()
  const form = useForm<Values>(organisation ? valuesOf(organisation) : empty)
  const change = useOtherChange(organisation, valuesOf, form)
  const renews = ['GET /api/organisations', 'GET /api/organisations/:id', 'GET /api/people'] as const
  const saved = (text: string) => (answer: Organisation) => {
    toast(text)
    onSaved(answer)
  }
  const add = useSend('POST /api/organisations', { renews, onDone: saved(t('added', { name: form.values.name })), onProblem: form.take })
  const edit = useSend('PATCH /api/organisations/:id', { renews, onDone: saved(t('saved')), onProblem: change.take })
  const save = () => {
    if (!organisation) return add.mutate({ body: form.values })
    edit.mutate({
      params: { id: organisation.id },
      ifMatch: change.version,
      body: changesOf(valuesOf(change.stored ?? organisation), form.values),
    })
  }
  const labels = {
    name: t('name'),
    domains: t('domains'),
    note: t('note'),
    specialHandling: t('specialHandling'),
    language: t('language'),
    timeZone: t('timeZone'),
  }
  return (
    <FormSheet
      title={organisation ? t('editOne', { name: organisation.name }) : words('new')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <TextField label={t('name')} required data-autofocus {...form.text('name')} />
      <TagsField
        label={t('domains')}
        hint={t('domainsHint')}
        {...form.value('domains')}
        onChange={(domains) =>
          form.set(
            'domains',
            domains.map((d) => d.replace(/^.*@/, '').toLowerCase()),
          )
        }
      />
      <TextArea label={t('specialHandling')} hint={t('specialHint')} {...form.text('specialHandling')} />
      <TextArea label={t('note')} hint={t('noteHint')} {...form.text('note')} />
      <FieldRow>
        <SelectField
          label={t('language')}
          hint={t('languageHint')}
          placeholder={t('asWritten')}
          clearable
          options={[
            { value: 'en', label: t('en') },
            { value: 'de', label: t('de') },
          ]}
          {...form.value('language')}
        />
        <TimeZoneField {...form.value('timeZone')} />
      </FieldRow>
    </FormSheet>
  )
}
