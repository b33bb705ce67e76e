import { type SyntheticEvent, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { byHandTexts } from './by-hand-texts.ts'
import { talkTexts } from './conversation-texts.ts'
import { asField, inDays, inHours, untilMonday } from './days.ts'
import { refreshRows } from './refresh-lists.ts'
import styles from './TicketPane.module.css'

/** Out of my views until then, for me alone; nobody waits less for it. */
export function SnoozeDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const t = useTexts(talkTexts)
  const h = useTexts(byHandTexts)
  const [until, setUntil] = useState(ticket.snoozedUntil ? asField(new Date(ticket.snoozedUntil)) : inDays(1))
  const past = until === '' || new Date(until).getTime() <= Date.now()
  const snooze = useSend('PUT /api/tickets/:id/snooze', {
    renews: ['GET /api/tickets', 'GET /api/tickets/views', 'GET /api/tickets/:id'],
    onProblem: toastProblem,
    onDone: (_, { body }) => {
      refreshRows([ticket.id])
      toast(h(body.until === null ? 'unsnoozed' : 'snoozed'))
      onClose()
    },
  })
  const send = (at: string | null) => snooze.mutate({ params: { id: ticket.id }, body: { until: at } })
  const save = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!past) send(new Date(until).toISOString())
  }
  const times = [
    { label: h('hours3'), value: inHours(3) },
    { label: h('tomorrow'), value: inDays(1) },
    { label: h('monday'), value: inDays(untilMonday()) },
    { label: h('week'), value: inDays(7) },
  ]
  return (
    <Dialog title={h('snoozeTitle', { number: ticket.number })} open onClose={onClose}>
      <form className="stack" onSubmit={save} noValidate>
        <TextField
          type="datetime-local"
          label={h('snoozeUntil')}
          hint={h('snoozeHint')}
          error={past ? h('past') : undefined}
          value={until}
          onChange={(e) => setUntil(e.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.days}>
          {times.map((time) => (
            <Button key={time.label} aria-pressed={time.value === until} onClick={() => setUntil(time.value)}>
              {time.label}
            </Button>
          ))}
        </div>
        <Buttons>
          {ticket.snoozedUntil && (
            <Button onClick={() => send(null)} busy={snooze.isPending}>
              {h('unsnooze')}
            </Button>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" disabled={past} busy={snooze.isPending}>
            {h('snooze')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
