import type { SyntheticEvent } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { tierTexts } from './texts.ts'

const names = (people: readonly { name: string }[]) => people.map(({ name }) => name).join(', ')

/** To whoever leads the ticket's team, with the reason; the ticket stays where it is. */
export function TellDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(tierTexts)
  const me = useMe()
  const teams = useCall('GET /api/teams', {}, { staleTime: 60_000 }).data?.items ?? []
  const leads = teams.find(({ id }) => id === ticket.team?.id)?.members.filter(({ id, lead }) => lead && id !== me.id) ?? []
  const known = useCall('GET /api/tickets/:id/escalations', { params: { id: ticket.id } }).data?.items
  const open = known?.find(({ kind, settledAt }) => kind === 'hierarchical' && settledAt === null)
  const form = useForm({ why: '' })
  const send = useSend('POST /api/tickets/:id/tell-manager', {
    renews: ['GET /api/tickets/:id/escalations', 'GET /api/tickets/:id/timeline'],
    onProblem: form.take,
    onDone: (told) => {
      toast(sayIn(tierTexts)('told', { names: names(told.told) }))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ params: { id: ticket.id }, body: form.values })
  }
  return (
    <Dialog open title={t('tellTitle')} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{leads.length > 0 ? t('tellLead', { names: names(leads) }) : t('tellLeadNobody')}</p>
        {open && <p className="dim small">{t('tellAgain', { name: open.by?.name ?? t('byProgram'), why: open.why ?? '' })}</p>}
        <TextArea label={t('why')} required data-autofocus maxLength={2000} {...form.text('why')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={send.isPending} disabled={form.values.why.trim() === ''}>
            {t('tell')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
