import type { Person } from '../../../contract/people.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { FieldRow, type Option, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { PhonesField } from './PhonesField.tsx'
import { OrganisationPick, optionOf, PersonPick } from './picks.tsx'
import { peopleTexts } from './texts.ts'
import { useOrganisationWords } from './words.ts'

type Phone = Person['phones'][number]
type Values = {
  name: string
  email: string
  organisationId: Option | null
  siteId: string | null
  lineManagerId: Option | null
  department: string
  phones: Phone[]
  language: 'en' | 'de'
  timeZone: string | null
  specialHandling: string
  memberOf: Option[]
  skillIds: Option[]
}
const empty: Values = {
  name: '',
  email: '',
  organisationId: null,
  siteId: null,
  lineManagerId: null,
  department: '',
  phones: [],
  language: 'en',
  timeZone: null,
  specialHandling: '',
  memberOf: [],
  skillIds: [],
}
const options = (items: readonly { id: string; name: string }[]): Option[] => items.map((item) => ({ value: item.id, label: item.name }))

const valuesOf = (p: Person): Values => ({
  name: p.name,
  email: p.email ?? '',
  organisationId: optionOf(p.organisation),
  siteId: p.site?.id ?? null,
  lineManagerId: optionOf(p.lineManager),
  department: p.department,
  phones: p.phones,
  language: p.language,
  timeZone: p.timeZone,
  specialHandling: p.specialHandling,
  memberOf: options(p.memberOf),
  skillIds: options(p.skills),
})
const bodyOf = (v: Values) => ({
  ...v,
  email: v.email.trim() || null,
  organisationId: v.organisationId?.value ?? null,
  lineManagerId: v.lineManagerId?.value ?? null,
  phones: v.phones.filter((phone) => phone.number.trim() !== ''),
  memberOf: v.memberOf.map((o) => o.value),
  skillIds: v.skillIds.map((s) => s.value),
})

type Props = { person?: Person; organisation?: { id: string; name: string }; onClose: () => void; onSaved: (person: Person) => void }

/** All of a person's facts; without `person`, a new one. */
export function PersonSheet({ person, organisation, onClose, onSaved }: Props) {
  const t = useTexts(peopleTexts)
  const form = useForm<Values>(person ? valuesOf(person) : { ...empty, organisationId: optionOf(organisation) })
  const change = useOtherChange(person, valuesOf, form)
  const renews = ['GET /api/people', 'GET /api/people/:id', 'GET /api/organisations', 'GET /api/me', 'GET /api/tickets/:id'] as const
  const saved = (text: string) => (answer: Person) => {
    toast(text)
    onSaved(answer)
  }
  const add = useSend('POST /api/people', { renews, onDone: saved(t('added', { name: form.values.name })), onProblem: form.take })
  const edit = useSend('PATCH /api/people/:id', { renews, onDone: saved(t('saved')), onProblem: change.take })
  const save = () => {
    const body = bodyOf(form.values)
    // Nothing but what was filled in: an organisation left open is found by the address's domain.
    if (!person) return add.mutate({ body: { ...changesOf(bodyOf(empty), body), name: body.name, language: body.language } })
    edit.mutate({ params: { id: person.id }, ifMatch: change.version, body: changesOf(bodyOf(valuesOf(change.stored ?? person)), body) })
  }
  return (
    <FormSheet
      title={person ? t('editPerson', { name: person.name }) : t('newPerson')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={useLabels()} />
      <PersonFields form={form} />
    </FormSheet>
  )
}

function PersonFields({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  const t = useTexts(peopleTexts)
  const words = useOrganisationWords()
  const { organisationId } = form.values
  const sites =
    useCall('GET /api/organisations/:id', { params: { id: organisationId?.value ?? '' } }, { enabled: organisationId !== null }).data
      ?.sites ?? []
  const skills = useCall('GET /api/skills').data?.items ?? []
  const organisations = useCall('GET /api/organisations', { query: { limit: 200 } }).data?.items ?? []
  return (
    <>
      <TextField label={t('name')} required data-autofocus {...form.text('name')} />
      <TextField label={t('email')} hint={t('emailHint')} type="email" {...form.text('email')} />
      <FieldRow>
        <OrganisationPick
          label={words('one')}
          {...form.value('organisationId')}
          onChange={(picked) => {
            form.set('organisationId', picked)
            form.set('siteId', null)
          }}
        />
        <SelectField
          label={t('site')}
          hint={sites.length === 0 ? t('siteHint') : undefined}
          options={options(sites)}
          clearable
          disabled={sites.length === 0}
          {...form.value('siteId')}
        />
      </FieldRow>
      <FieldRow>
        <TextField label={t('department')} {...form.text('department')} />
        <PersonPick label={t('manager')} {...form.value('lineManagerId')} />
      </FieldRow>
      <PhonesField {...form.value('phones')} />
      <FieldRow>
        <SelectField
          label={t('language')}
          options={[
            { value: 'en', label: t('en') },
            { value: 'de', label: t('de') },
          ]}
          {...form.value('language')}
        />
        <TimeZoneField {...form.value('timeZone')} />
      </FieldRow>
      <TextArea label={t('specialHandling')} hint={t('specialHint')} {...form.text('specialHandling')} />
      <ManyField label={t('skills')} options={options(skills)} {...form.value('skillIds')} />
      <ManyField label={t('memberOf')} hint={t('memberOfHint')} options={options(organisations)} {...form.value('memberOf')} />
    </>
  )
}

function useLabels(): Record<keyof Values, string> {
  const t = useTexts(peopleTexts)
  const words = useOrganisationWords()
  return {
    name: t('name'),
    email: t('email'),
    organisationId: words('one'),
    siteId: t('site'),
    lineManagerId: t('manager'),
    department: t('department'),
    phones: t('phones'),
    language: t('language'),
    timeZone: t('timeZone'),
    specialHandling: t('specialHandling'),
    memberOf: t('memberOf'),
    skillIds: t('skills'),
  }
}
