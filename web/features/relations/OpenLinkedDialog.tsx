import { useNavigate } from '@tanstack/react-router'
import type { Relation, Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField, FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { putTicket } from '../tickets/edit.ts'
import { renewBoth } from './links.ts'
import { relationTexts } from './texts.ts'

/** The service request that an incident brings up, or the other way round: same person, linked. */
export function OpenLinkedDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(relationTexts)
  const navigate = useNavigate()
  const form = useForm({ kind: 'request' as 'incident' | 'request', relation: 'related' as Relation, subject: '', body: '' })
  const open = useSend('POST /api/tickets/:id/linked-tickets', {
    onProblem: form.take,
    onDone: (made) => {
      putTicket(made)
      renewBoth(ticket.id, made.id)
      toast(sayIn(relationTexts)('requestDone', { number: made.number }))
      onClose()
      void navigate({ to: '/tickets/$ticketId', params: { ticketId: made.id }, search: true })
    },
  })
  return (
    <Dialog title={t('requestTitle')} open onClose={onClose}>
      <div className="stack">
        <p className="dim">{t('requestText', { name: ticket.requester.name })}</p>
        <ChoiceField
          label={t('kind')}
          options={(['request', 'incident'] as const).map((k) => ({ value: k, label: t(`kind-${k}`) }))}
          {...form.value('kind')}
        />
        <TextField label={t('subject')} maxLength={250} data-autofocus {...form.text('subject')} />
        <TextArea label={t('description')} {...form.text('body')} />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          look="main"
          busy={open.isPending}
          disabled={form.values.subject.trim() === ''}
          onClick={() => open.mutate({ params: { id: ticket.id }, body: form.values })}
        >
          {t('requestDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
