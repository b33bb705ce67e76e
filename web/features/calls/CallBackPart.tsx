import { IconPlus } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FieldRow, FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toast } from '../../ui/Toast.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { instantOf } from '../tasks/tasks.ts'
import { BackActions, BackFacts } from './BackRow.tsx'
import { methodText } from './CallPage.tsx'
import styles from './Calls.module.css'
import { callTexts } from './texts.ts'

const methods = ['phone', 'mobile', 'video', 'mail'] as const

/** How and when the requester wants to be called back. */
export function CallBackPart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(callTexts)
  const [asking, setAsking] = useState(false)
  const { data } = useCall('GET /api/tickets/:id/call-backs', { params: { id: ticket.id } })
  if (!data || (data.items.length === 0 && !data.can.edit)) return null
  const open = data.items.filter((back) => back.state === 'open')
  return (
    <PanelPart
      title={t('partTitle')}
      action={data.can.edit && <IconButton label={t('askBack')} icon={<IconPlus size={16} />} size={24} onClick={() => setAsking(true)} />}
    >
      {open.map((back) => (
        <div key={back.id} className={styles.back}>
          <BackFacts back={back} />
          {data.can.edit && <BackActions back={back} />}
        </div>
      ))}
      {asking && <AskDialog ticketId={ticket.id} onClose={() => setAsking(false)} />}
    </PanelPart>
  )
}

function AskDialog({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const t = useTexts(callTexts)
  const ui = useTexts(uiTexts)
  const form = useForm({ method: 'phone' as (typeof methods)[number], number: '', fromAt: '', untilAt: '', note: '' })
  const ask = useSend('POST /api/tickets/:id/call-backs', {
    renews: ['GET /api/tickets/:id/call-backs', 'GET /api/call-backs', 'GET /api/tickets/:id/timeline'],
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { fromAt, untilAt, ...rest } = form.values
    ask.mutate({
      params: { id: ticketId },
      body: { ...rest, fromAt: instantOf(fromAt) ?? new Date().toISOString(), untilAt: instantOf(untilAt) },
    })
  }
  return (
    <Dialog title={t('askBack')} open onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <FieldRow>
          <TextField label={t('from')} type="datetime-local" data-autofocus {...form.text('fromAt')} />
          <TextField label={t('until')} type="datetime-local" {...form.text('untilAt')} />
        </FieldRow>
        <FieldRow>
          <SelectField
            label={t('method')}
            options={methods.map((value) => ({ value, label: t(methodText[value]) }))}
            {...form.value('method')}
          />
          <TextField label={t('number')} {...form.text('number')} />
        </FieldRow>
        <TextField label={t('note')} {...form.text('note')} />
        <FormProblem text={form.problem} />
        <Buttons>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button look="main" type="submit" busy={ask.isPending}>
            {t('save')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
