import type { SyntheticEvent } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { Loaded } from '../../ui/States.tsx'
import { AccentField } from './AccentField.tsx'
import { CardChoice } from './CardChoice.tsx'
import { LogoField } from './LogoField.tsx'
import { StepFrame, type Walk, Ways } from './StepFrame.tsx'
import { setUpTexts } from './texts.ts'

/** Whom we support, and how this desk is called and looks. */
export function CompanyStep(walk: Walk) {
  const t = useTexts(setUpTexts)
  const settings = useCall('GET /api/company/settings')
  return (
    <StepFrame title={t('company')} why={t('companyWhy')}>
      <Loaded from={settings}>{(known) => <CompanyForm known={known} walk={walk} />}</Loaded>
    </StepFrame>
  )
}

function CompanyForm({ known, walk }: { known: Answer<'GET /api/company/settings'>; walk: Walk }) {
  const t = useTexts(setUpTexts)
  const { name, supports, language, accent, logo } = known
  const form = useForm({ name, supports, language, accent, logo })
  const save = useSend('PATCH /api/company/settings', {
    renews: ['GET /api/company', 'GET /api/company/settings', 'GET /api/set-up'],
    onDone: walk.onNext,
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate({ body: form.values })
  }
  return (
    <form className="stack" style={{ gap: 20 }} onSubmit={submit} noValidate>
      <CardChoice
        label={t('supports')}
        hint={t('supportsWhy')}
        {...form.value('supports')}
        options={[
          { value: 'own-staff', label: t('ownStaff'), text: t('ownStaffText') },
          { value: 'customers', label: t('customers'), text: t('customersText') },
        ]}
      />
      <TextField label={t('companyName')} hint={t('companyNameHint')} required {...form.text('name')} />
      <SelectField
        label={t('language')}
        hint={t('languageHint')}
        options={[
          { value: 'en', label: 'English' },
          { value: 'de', label: 'Deutsch' },
        ]}
        {...form.value('language')}
      />
      <LogoField {...form.value('logo')} />
      <AccentField {...form.value('accent')} />
      <FormProblem text={form.problem} />
      <Ways
        walk={walk}
        main={
          <Button look="main" size="sm" type="submit" busy={save.isPending}>
            {t('next')}
          </Button>
        }
      />
    </form>
  )
}
