import type { SyntheticEvent } from 'react'
import type { TelephoneSettings } from '../../../contract/verification.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldRow, FormProblem, PasswordField, SelectField, TextField } from '../../ui/Fields.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useCategories } from '../tickets/CategoryPicker.tsx'
import { PhoneSystems } from './PhoneSystems.tsx'
import { verificationTexts } from './texts.ts'
import styles from './Verification.module.css'

const path = 'GET /api/telephone/settings'
const sample = 'https://api.twilio.com'

export function TelephonePage() {
  const t = useTexts(verificationTexts)
  const settings = useCall(path)
  return (
    <Page title={t('telephone')} lead={t('telephoneLead')} width="narrow">
      <PhoneSystems />
      <Loaded from={settings}>{(shown) => <SettingsForm key={JSON.stringify(shown)} settings={shown} />}</Loaded>
    </Page>
  )
}

function SettingsForm({ settings }: { settings: TelephoneSettings }) {
  const t = useTexts(verificationTexts)
  const { sms } = settings
  const form = useForm({
    country: settings.country as string | null,
    missed: settings.missed as 'list' | 'ticket',
    missedTeamId: settings.missedTeamId as string | null,
    smsOn: sms !== null,
    baseUrl: sms?.baseUrl ?? '',
    account: sms?.account ?? '',
    sender: sms?.sender ?? '',
    token: '',
    categoryIds: settings.categoryIds as string[],
    sms: '',
  })
  const save = useSend('PATCH /api/telephone/settings', {
    renews: [path, 'GET /api/tickets/:id/verification'],
    onProblem: form.take,
    onDone: () => void toast(t('saved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { country, missed, missedTeamId, smsOn, baseUrl, account, sender, token, categoryIds } = form.values
    const gateway = { baseUrl, account, sender, ...(token ? { token } : {}) }
    save.mutate({
      body: {
        ...(country && country !== settings.country ? { country } : {}),
        missed,
        missedTeamId,
        categoryIds,
        sms: smsOn ? gateway : null,
      },
    })
  }
  const language = useLanguage()
  const regions = new Intl.DisplayNames([language], { type: 'region' })
  const teams = useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items ?? []
  return (
    <form className={styles.sections} onSubmit={submit} noValidate>
      <Section title={t('numbers')}>
        <div className="stack">
          <SelectField
            label={t('country')}
            hint={t('countryHint')}
            searchable
            options={settings.countries
              .map((value) => ({ value, label: regions.of(value) ?? value }))
              .sort((a, b) => a.label.localeCompare(b.label))}
            {...form.value('country')}
          />
          <SelectField
            label={t('missed')}
            options={(['list', 'ticket'] as const).map((value) => ({ value, label: t(`missed-${value}`) }))}
            {...form.value('missed')}
          />
          {form.values.missed === 'ticket' && (
            <SelectField
              label={t('missedTeam')}
              placeholder={t('byRules')}
              clearable
              options={teams.filter((team) => !team.archived).map((team) => ({ value: team.id, label: team.name }))}
              {...form.value('missedTeamId')}
            />
          )}
        </div>
      </Section>
      <Section title={t('sms')} lead={t('smsLead')}>
        <div className="stack">
          <CheckField label={t('smsOn')} {...form.check('smsOn')} />
          {form.values.smsOn && (
            <>
              <FieldRow>
                <TextField label={t('baseUrl')} placeholder={sample} {...form.text('baseUrl')} />
                <TextField label={t('account')} autoComplete="off" {...form.text('account')} />
              </FieldRow>
              <FieldRow>
                <TextField label={t('sender')} hint={t('senderHint')} {...form.text('sender')} />
                <PasswordField
                  label={t('token')}
                  hint={sms ? t('tokenKept') : undefined}
                  autoComplete="new-password"
                  {...form.text('token')}
                />
              </FieldRow>
              <FormProblem text={form.errors['sms']} />
            </>
          )}
        </div>
      </Section>
      <Section>
        <Categories chosen={form.values.categoryIds} onChange={(ids) => form.set('categoryIds', ids)} />
      </Section>
      <FormProblem text={form.problem} />
      <div>
        <Button look="main" type="submit" busy={save.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

function Categories({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const t = useTexts(verificationTexts)
  const options = useCategories().map((category) => ({ value: category.id, label: category.path }))
  const value = options.filter((option) => chosen.includes(option.value))
  return (
    <ManyField
      label={t('categories')}
      hint={t('categoriesHint')}
      options={options}
      value={value}
      onChange={(next) => onChange(next.map((option) => option.value))}
    />
  )
}
