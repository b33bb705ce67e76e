import type { SyntheticEvent } from 'react'
import type { Page } from '../../../contract/paging.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useColleagues } from './colleagues.ts'
import { handTexts } from './hand-texts.ts'
import { pageRenews } from './renews.ts'

type Props = { page: Page; onClose: () => void }
const nextStep = 'next'

/** On to the next step, or to a colleague first. */
export function PassOnDialog({ page, onClose }: Props) {
  const t = useTexts(handTexts)
  const form = useForm({ personId: nextStep })
  const send = useSend('POST /api/pages/:id/pass-on', {
    renews: pageRenews,
    onProblem: form.take,
    onDone: () => {
      toast(sayIn(handTexts)('passed'))
      onClose()
    },
  })
  const { personId } = form.values
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ params: { id: page.id }, body: personId === nextStep ? {} : { personId } })
  }
  return (
    <Dialog open title={t('passTitle', { number: page.ticket.number })} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{t('passLead')}</p>
        <SelectField
          label={t('toWhom')}
          searchable
          options={[{ value: nextStep, label: t('nextStep') }, ...useColleagues()]}
          {...form.value('personId')}
        />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" busy={send.isPending}>
            {t('pass')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}

/** Somebody beside: a policy, or a colleague. */
export function HelpDialog({ page, onClose }: Props) {
  const t = useTexts(handTexts)
  const policies = useCall('GET /api/paging/policies').data?.items ?? []
  const colleagues = useColleagues()
  const form = useForm({ personId: null as string | null, note: '' })
  const send = useSend('POST /api/pages/:id/help', {
    renews: pageRenews,
    // Whichever of the two was chosen, it stands in one field here.
    onProblem: form.take,
    onDone: () => {
      toast(sayIn(handTexts)('called'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { personId: chosen, note } = form.values
    if (chosen === null) return form.setErrors({ personId: t('chooseOne') })
    const policyId = policies.find((one) => `policy:${one.id}` === chosen)?.id
    send.mutate({ params: { id: page.id }, body: { note, ...(policyId ? { policyId } : { personId: chosen }) } })
  }
  const chains = policies.map((one) => ({ value: `policy:${one.id}`, label: one.name }))
  return (
    <Dialog open title={t('helpTitle', { number: page.ticket.number })} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{t('helpLead')}</p>
        <SelectField
          label={t('whom')}
          searchable
          placeholder={t('choose')}
          options={[...colleagues, ...(chains.length > 0 ? [{ group: t('policies'), items: chains }] : [])]}
          {...form.value('personId')}
        />
        <TextArea label={t('note')} maxLength={500} {...form.text('note')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" busy={send.isPending}>
            {t('call')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
