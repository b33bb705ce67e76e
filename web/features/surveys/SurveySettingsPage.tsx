import type { SyntheticEvent } from 'react'
import type { SurveySettings } from '../../../contract/surveys.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { CheckField, ChoiceField, FieldRow, FieldSet, FormProblem, NumberField, SelectField, SwitchField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { optionOf, PersonPick } from '../people/picks.tsx'
import styles from './Surveys.module.css'
import type { SettingsFields, SettingsForm } from './settings-form.ts'
import { surveyTexts } from './texts.ts'
import { WordingFields } from './WordingFields.tsx'

const kinds = ['incident', 'request'] as const
const channels = ['mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring'] as const
const lows = ['0', '1', '2', '3', '4'] as const

const fieldsOf = ({ organisations, followUpPerson, ...rest }: SurveySettings): SettingsFields => ({
  ...rest,
  organisationIds: (organisations ?? []).flatMap((o) => optionOf(o) ?? []),
  followUpPersonId: optionOf(followUpPerson),
})
/** An empty number stays what it was: none of them can be nothing. */
const numbers = (form: SettingsForm) => (name: 'afterHours' | 'everyDays' | 'share' | 'validDays') => ({
  ...form.value(name),
  onChange: (next: number | null) => next !== null && form.set(name, next),
})
const toggled = <T,>(list: readonly T[], one: T, on: boolean): T[] => (on ? [...list, one] : list.filter((other) => other !== one))

export function SurveySettingsPage() {
  const t = useTexts(surveyTexts)
  const settings = useCall('GET /api/surveys/settings')
  return (
    <Page title={t('settings')} lead={t('settingsLead')} width="narrow">
      <Loaded from={settings}>{(shown) => <Fields key={JSON.stringify(shown)} settings={shown} />}</Loaded>
    </Page>
  )
}

function Fields({ settings }: { settings: SurveySettings }) {
  const t = useTexts(surveyTexts)
  const ui = useTexts(uiTexts)
  const form = useForm<SettingsFields>(fieldsOf(settings))
  const change = useSend('PATCH /api/surveys/settings', {
    renews: ['GET /api/surveys/settings'],
    onProblem: form.take,
    onDone: () => void toast(t('saved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { organisationIds, followUpPersonId, ...rest } = form.values
    const ids = organisationIds.map((o) => o.value)
    change.mutate({ body: { ...rest, organisationIds: ids.length > 0 ? ids : null, followUpPersonId: followUpPersonId?.value ?? null } })
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <WhenFields form={form} />
      <OftenFields form={form} />
      <LowFields form={form} />
      <WordingFields form={form} />
      <FormProblem text={form.problem} />
      <Buttons>
        <Button look="main" type="submit" busy={change.isPending}>
          {ui('save')}
        </Button>
      </Buttons>
    </form>
  )
}

function WhenFields({ form }: { form: SettingsForm }) {
  const t = useTexts(surveyTexts)
  const organisations = useCall('GET /api/organisations', { query: { limit: 100 } })
  const { values, errors } = form
  const number = numbers(form)
  return (
    <Section>
      <div className="stack">
        <SwitchField label={t('on')} {...form.check('on')} />
        <ChoiceField
          label={t('whenAsk')}
          options={(['closed', 'resolved'] as const).map((value) => ({ value, label: t(`when-${value}`) }))}
          {...form.value('when')}
        />
        {values.when === 'resolved' && <NumberField label={t('afterHours')} min={0} max={720} {...number('afterHours')} />}
        <FieldSet title={t('kinds')}>
          <div className={styles.checks}>
            {kinds.map((kind) => (
              <CheckField
                key={kind}
                label={t(kind)}
                checked={values.kinds.includes(kind)}
                onChange={(event) => form.set('kinds', toggled(values.kinds, kind, event.currentTarget.checked))}
              />
            ))}
          </div>
          {errors['kinds'] && <p className={styles.missing}>{errors['kinds']}</p>}
        </FieldSet>
        <FieldSet title={t('channels')}>
          <div className={styles.checks}>
            {channels.map((channel) => (
              <CheckField
                key={channel}
                label={t(channel)}
                checked={values.channels.includes(channel)}
                onChange={(event) => form.set('channels', toggled(values.channels, channel, event.currentTarget.checked))}
              />
            ))}
          </div>
          {errors['channels'] && <p className={styles.missing}>{errors['channels']}</p>}
        </FieldSet>
        <ManyField
          label={t('onlyOf')}
          hint={t('onlyOfHint')}
          options={organisations.data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
          {...form.value('organisationIds')}
        />
      </div>
    </Section>
  )
}

function OftenFields({ form }: { form: SettingsForm }) {
  const t = useTexts(surveyTexts)
  const number = numbers(form)
  return (
    <Section title={t('often')} lead={t('oftenHint')}>
      <div className="stack">
        <NumberField label={t('everyDays')} min={0} max={365} {...number('everyDays')} />
        <FieldRow>
          <NumberField label={t('share')} min={1} max={100} {...number('share')} />
          <NumberField label={t('validDays')} min={1} max={90} {...number('validDays')} />
        </FieldRow>
      </div>
    </Section>
  )
}

function LowFields({ form }: { form: SettingsForm }) {
  const t = useTexts(surveyTexts)
  const { lowScore, followUpTo } = form.values
  return (
    <Section title={t('low')} lead={t('lowHint')}>
      <div className="stack">
        <SelectField
          label={t('lowScore')}
          options={lows.map((value) => ({ value, label: t(`low-${value}`) }))}
          value={lows.find((one) => one === String(lowScore)) ?? '2'}
          onChange={(next) => form.set('lowScore', Number(next))}
        />
        {lowScore > 0 && (
          <ChoiceField
            label={t('followUpTo')}
            options={(['lead', 'person'] as const).map((value) => ({ value, label: t(`to-${value}`) }))}
            {...form.value('followUpTo')}
          />
        )}
        {lowScore > 0 && followUpTo === 'person' && <PersonPick staff label={t('followUpPerson')} {...form.value('followUpPersonId')} />}
      </div>
    </Section>
  )
}
