import type { SyntheticEvent } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, SelectField, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { pageRenews } from './renews.ts'
import { pageTexts } from './texts.ts'

export function PageDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(pageTexts)
  const policies = useCall('GET /api/paging/policies').data?.items ?? []
  const own = policies.find((one) => one.teams.some((team) => team.id === ticket.team?.id))
  const form = useForm({ policyId: null as string | null, urgency: 'high' as 'high' | 'low', note: '' })
  const send = useSend('POST /api/tickets/:id/pages', {
    renews: pageRenews,
    onProblem: form.take,
    onDone: () => {
      toast(t('paged'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ params: { id: ticket.id }, body: form.values })
  }
  return (
    <Dialog open title={t('dialogTitle')} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{t('dialogLead')}</p>
        <SelectField
          label={t('whom')}
          placeholder={own ? `${t('teamPolicy')}: ${own.name}` : t('noPolicy')}
          clearable
          options={policies.map((one) => ({ value: one.id, label: one.name }))}
          {...form.value('policyId')}
        />
        <ChoiceField
          label={t('urgent')}
          value={form.values.urgency}
          onChange={(urgency) => form.set('urgency', urgency)}
          options={[
            { value: 'high', label: t('high') },
            { value: 'low', label: t('low') },
          ]}
        />
        <TextArea label={t('note')} maxLength={500} {...form.text('note')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={send.isPending}>
            {t('pageNow')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
