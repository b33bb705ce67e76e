import type { SyntheticEvent } from 'react'
import type { TimeSettings } from '../../../contract/time.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { CheckField, ChoiceField, FormProblem, SelectField } from '../../ui/Fields.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { timeTexts } from './texts.ts'

const units = ['1', '5', '6', '10', '15'] as const

export function TimeSettingsPage() {
  const t = useTexts(timeTexts)
  const settings = useCall('GET /api/time/settings')
  return (
    <Page title={t('settings')} lead={t('settingsLead')} width="narrow">
      <Loaded from={settings}>{(shown) => <SettingsForm key={JSON.stringify(shown)} settings={shown} />}</Loaded>
    </Page>
  )
}

function SettingsForm({ settings }: { settings: TimeSettings }) {
  const t = useTexts(timeTexts)
  const ui = useTexts(uiTexts)
  const form = useForm<TimeSettings>(settings)
  const change = useSend('PATCH /api/time/settings', {
    renews: ['GET /api/time/settings'],
    onProblem: form.take,
    onDone: () => void toast(t('settingsSaved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    change.mutate({ body: form.values })
  }
  const { unit } = form.values
  return (
    <form onSubmit={submit} noValidate>
      <Section>
        <div className="stack">
          <SelectField
            label={t('unit')}
            options={units.map((n) => ({ value: n, label: t('unitMinutes', { count: Number(n) }) }))}
            value={String(unit) as (typeof units)[number]}
            onChange={(next) => form.set('unit', Number(next) as TimeSettings['unit'])}
          />
          <ChoiceField
            label={t('rounding')}
            options={(['up', 'nearest', 'none'] as const).map((value) => ({ value, label: t(`rounding-${value}`) }))}
            {...form.value('rounding')}
          />
          <ChoiceField
            label={t('show')}
            options={(['minutes', 'units'] as const).map((value) => ({ value, label: t(`show-${value}`) }))}
            {...form.value('show')}
          />
          <CheckField label={t('billableUsual')} {...form.check('billable')} />
          <FormProblem text={form.problem} />
          <Buttons>
            <Button look="main" type="submit" busy={change.isPending}>
              {ui('save')}
            </Button>
          </Buttons>
        </div>
      </Section>
    </form>
  )
}
