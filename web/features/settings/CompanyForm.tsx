import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { ChoiceField, FieldRow, FormProblem, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { AccentField, LogoField } from './BrandFields.tsx'
import type { Settings, SettingsForm } from './settings-form.ts'
import { settingTexts } from './texts.ts'

export function CompanyForm({ settings }: { settings: Settings }) {
  const t = useTexts(settingTexts)
  const ui = useTexts(uiTexts)
  const form = useForm<Settings>(settings)
  const [confirm, question] = useConfirm()
  const change = useSend('PATCH /api/company/settings', {
    renews: ['GET /api/company/settings', 'GET /api/company', 'GET /api/set-up'],
    onDone: () => void toast(t('saved')),
    onProblem: form.take,
  })
  const body = changesOf(settings, form.values)
  const changed = Object.keys(body).length > 0
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const off = body.secondFactor === 'nobody'
    if (off && !(await confirm({ title: t('factorOffTitle'), text: t('factorOffText'), action: t('factorOff'), danger: true }))) return
    change.mutate({ body })
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <Brand form={form} />
      <Section title={t('work')}>
        <FieldRow>
          <ChoiceField
            label={t('whoHasIt')}
            options={[
              { value: 'first-name', label: t('firstName') },
              { value: 'team', label: t('team') },
            ]}
            {...form.value('whoHasIt')}
          />
          <NumberField
            label={t('closeAfter')}
            hint={t('closeAfterHint')}
            min={1}
            max={365}
            {...form.value('closeAfterDays')}
            onChange={(days) => form.set('closeAfterDays', days ?? 0)}
          />
        </FieldRow>
      </Section>
      <Section title={t('figures')} lead={t('agentFiguresHint')}>
        <FieldRow>
          <TimeZoneField hint={t('timeZoneHint')} {...form.value('timeZone')} onChange={(zone) => form.set('timeZone', zone ?? '')} />
          <ChoiceField
            label={t('agentFigures')}
            options={[
              { value: 'off', label: t('agentFiguresOff') },
              { value: 'on', label: t('agentFiguresOn') },
            ]}
            value={form.values.agentFigures ? 'on' : 'off'}
            onChange={(next: string) => form.set('agentFigures', next === 'on')}
          />
        </FieldRow>
      </Section>
      <Section title={t('security')} lead={t('factorHint')}>
        <ChoiceField
          label={t('secondFactor')}
          options={[
            { value: 'staff', label: t('factorStaff') },
            { value: 'nobody', label: t('factorNobody') },
          ]}
          {...form.value('secondFactor')}
        />
      </Section>
      <FormProblem text={form.problem} />
      <Buttons>
        {changed && <Button onClick={() => form.reset(settings)}>{ui('cancel')}</Button>}
        <Button look="main" type="submit" busy={change.isPending} disabled={!changed}>
          {ui('save')}
        </Button>
      </Buttons>
      {question}
    </form>
  )
}

function Brand({ form }: { form: SettingsForm }) {
  const t = useTexts(settingTexts)
  return (
    <Section title={t('company')} lead={t('companyLead')}>
      <TextField label={t('name')} {...form.text('name')} />
      <FieldRow>
        <LogoField form={form} />
        <AccentField form={form} />
      </FieldRow>
      <FieldRow>
        <div>
          <ChoiceField
            label={t('supports')}
            options={[
              { value: 'own-staff', label: t('ownStaff') },
              { value: 'customers', label: t('customers') },
            ]}
            {...form.value('supports')}
          />
          <p className="dim small">{t('supportsHint')}</p>
        </div>
        <SelectField
          label={t('language')}
          hint={t('languageHint')}
          options={[
            { value: 'en', label: t('en') },
            { value: 'de', label: t('de') },
          ]}
          {...form.value('language')}
        />
      </FieldRow>
    </Section>
  )
}
