import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { putTicket } from '../tickets/edit.ts'
import { relationTexts } from './texts.ts'

/** Incident to request and back. */
export function ConvertDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(relationTexts)
  const kind = ticket.kind === 'incident' ? 'request' : 'incident'
  const form = useForm({ reason: '' })
  const convert = useSend('POST /api/tickets/:id/convert', {
    onProblem: form.take,
    onDone: (next) => {
      putTicket(next)
      renew('GET /api/tickets/:id/timeline')
      toast(sayIn(relationTexts)('converted'))
      onClose()
    },
  })
  return (
    <Dialog title={t(kind === 'incident' ? 'convertTitleIncident' : 'convertTitleRequest')} open onClose={onClose}>
      <div className="stack">
        <p className="dim">{t('convertText')}</p>
        <TextArea label={t('reason')} data-autofocus {...form.text('reason')} />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          look="main"
          busy={convert.isPending}
          onClick={() => convert.mutate({ params: { id: ticket.id }, ifMatch: ticket.version, body: { kind, reason: form.values.reason } })}
        >
          {t('convertDo')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
