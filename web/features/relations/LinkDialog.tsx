import { useState } from 'react'
import type { Relation, Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { sayIn, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, type Option, SelectField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { putLinks } from './links.ts'
import { TicketPick } from './TicketPick.tsx'
import { relationTexts } from './texts.ts'

const offered: Relation[] = [
  'related',
  'duplicate-of',
  'has-duplicate',
  'caused-by',
  'causes',
  'blocks',
  'blocked-by',
  'child-of',
  'parent-of',
]

export function LinkDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(relationTexts)
  const form = useForm({ relation: 'related' as Relation, ticketId: '' })
  const [other, setOther] = useState<Option | null>(null)
  const link = useSend('POST /api/tickets/:id/links', {
    onProblem: form.take,
    onDone: (next) => {
      putLinks(ticket.id, next)
      toast(sayIn(relationTexts)('linkedNow', { number: form.values.ticketId }))
      onClose()
    },
  })
  return (
    <Dialog title={t('add')} open onClose={onClose}>
      <div className="stack">
        <SelectField label={t('how')} options={offered.map((r) => ({ value: r, label: t(r) }))} {...form.value('relation')} />
        <TicketPick
          label={t('which')}
          value={other}
          error={form.errors.ticketId}
          onChange={(picked) => {
            setOther(picked)
            form.set('ticketId', picked?.value ?? '')
          }}
        />
        <FormProblem text={form.problem} />
      </div>
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          look="main"
          busy={link.isPending}
          disabled={other === null}
          onClick={() => link.mutate({ params: { id: ticket.id }, body: form.values })}
        >
          {t('link')}
        </Button>
      </Buttons>
    </Dialog>
  )
}
