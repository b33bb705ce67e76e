import { type SyntheticEvent, useState } from 'react'
import type { Meaning, Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { TextArea, TextField } from '../../ui/Fields.tsx'
import { byHandTexts } from './by-hand-texts.ts'
import { talkTexts } from './conversation-texts.ts'
import { asField, inDays, untilMonday } from './days.ts'
import type { Edit, TicketEditing } from './edit.ts'
import styles from './TicketPane.module.css'

type Props = {
  ticket: Ticket
  status: { id: string; name: string; meaning: Meaning }
  editing: TicketEditing
  onClose: () => void
}

/** What waits says for what, and when to look at it again. Both may stay empty: Enter is enough. */
export function WaitDialog({ ticket, status, editing, onClose }: Props) {
  const t = useTexts(talkTexts)
  const h = useTexts(byHandTexts)
  const [until, setUntil] = useState(ticket.revisitAt ? asField(new Date(ticket.revisitAt)) : '')
  const [reason, setReason] = useState('')
  const past = until !== '' && new Date(until).getTime() <= Date.now()
  const save = (event?: SyntheticEvent) => {
    event?.preventDefault()
    if (past) return
    const revisitAt = until === '' ? null : new Date(until).toISOString()
    const change: Edit = {
      ...(status.id === ticket.status.id ? {} : { statusId: status.id }),
      revisitAt,
      ...(reason.trim() ? { waitingReason: reason } : {}),
    }
    onClose()
    void editing.edit(change, { status, revisitAt })
  }
  const days = [
    { label: h('tomorrow'), value: inDays(1) },
    { label: h('days3'), value: inDays(3) },
    { label: h('monday'), value: inDays(untilMonday()) },
    { label: h('noDay'), value: '' },
  ]
  return (
    <Dialog title={h('waitTitle', { name: status.name })} open onClose={onClose}>
      <form className="stack" onSubmit={save} noValidate>
        <TextField
          type="datetime-local"
          label={h('until')}
          hint={h('untilHint')}
          error={past ? h('past') : undefined}
          value={until}
          onChange={(e) => setUntil(e.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.days}>
          {days.map((day) => (
            <Button key={day.label} aria-pressed={day.value === until} onClick={() => setUntil(day.value)}>
              {day.label}
            </Button>
          ))}
        </div>
        <TextArea
          label={h('waitReason')}
          hint={h('whyHint')}
          value={reason}
          maxLength={500}
          onChange={(e) => setReason(e.currentTarget.value)}
          onKeyDown={(e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && save()}
        />
        <Buttons>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" disabled={past}>
            {t('save')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
