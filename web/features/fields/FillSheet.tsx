import type { TicketField } from '../../../contract/fields.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { Loading } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { type Edit, keptTicket, putTicket } from '../tickets/edit.ts'
import { typedOf, useOwnFields } from './own-fields.ts'
import { fieldTexts } from './texts.ts'
import { ValueFields } from './ValueFields.tsx'

type Then = { edit: Edit; status: string }
type Props = { ticket: Ticket; items: readonly TicketField[]; then?: Then | undefined; onClose: () => void }

/** The own fields of a ticket, filled in; with `then`, on the way into a status that needs them. */
export function FillSheet({ ticket, items, then, onClose }: Props) {
  const t = useTexts(fieldTexts)
  const shown = items.map((f) => (f.asked ? f : { ...f, help: t('formerly') }))
  const initial = Object.fromEntries(items.map((f) => [f.key, typedOf(f.type, f.value, f.shown)]))
  const own = useOwnFields(shown, initial)
  const form = useForm({})
  const save = useSend('PATCH /api/tickets/:id', {
    renews: ['GET /api/tickets/:id/fields', 'GET /api/tickets/:id/timeline', 'GET /api/tickets/views'],
    onProblem: (cause) => void (own.take(cause) || form.take(cause)),
    onDone: (next) => {
      putTicket(next)
      toast(t('saved'))
      onClose()
    },
  })
  const send = () => {
    const body = { ...then?.edit, fields: { ...then?.edit.fields, ...own.changed() } }
    save.mutate({ params: { id: ticket.id }, ifMatch: keptTicket(ticket.id)?.version ?? ticket.version, body })
  }
  return (
    <FormSheet
      title={then ? t('needTitle', { status: then.status }) : t('fillTitle', { number: ticket.number })}
      {...(then ? { action: t('needSave') } : {})}
      wide={false}
      busy={save.isPending}
      problem={form.problem}
      values={own.typed}
      onSave={send}
      onClose={onClose}
    >
      {then && <p>{t('needLead')}</p>}
      <ValueFields form={own} />
    </FormSheet>
  )
}

/** Opened by a refused move: asks for the fields first. */
export function NeedSheet({ ticket, then, onClose }: { ticket: Ticket; then: Then; onClose: () => void }) {
  const { data } = useCall('GET /api/tickets/:id/fields', { params: { id: ticket.id } })
  return data ? <FillSheet ticket={ticket} items={data.items} then={then} onClose={onClose} /> : <Loading />
}
