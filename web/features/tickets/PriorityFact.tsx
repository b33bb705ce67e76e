import { useCallback, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, SelectField, TextField } from '../../ui/Fields.tsx'
import { PriorityMark } from '../../ui/Marks.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { byHandTexts } from './by-hand-texts.ts'
import { talkTexts } from './conversation-texts.ts'
import type { TicketEditing } from './edit.ts'
import { FactPopover } from './FactPopover.tsx'
import styles from './TicketPane.module.css'
import { ticketTexts } from './texts.ts'

type Props = { ticket: Ticket; editing: TicketEditing }
const levels = ['1', '2', '3'] as const
const priorities = ['1', '2', '3', '4', '5'] as const
type Priority = (typeof priorities)[number]
/** As rules.ts of the server: what impact and urgency give. */
const computed = (ticket: Ticket) => String(7 - ticket.impact - ticket.urgency) as Priority

/** Two questions give the priority; by hand it takes a reason, and the questions give it back. */
export function PriorityFact({ ticket, editing }: Props) {
  const t = useTexts(talkTexts)
  const l = useTexts(ticketTexts)
  const u = useTexts(uiTexts)
  const h = useTexts(byHandTexts)
  const [open, setOpen] = useState(false)
  const name = (of: number | string) => u(`priority${Number(of) as 1 | 2 | 3 | 4 | 5}`)
  const byHand = String(ticket.priority) !== computed(ticket)
  const set = (impact: number, urgency: number) =>
    void editing.edit({ impact, urgency }, { impact, urgency, priority: 7 - impact - urgency })
  return (
    <FactPopover
      whole
      on={ticket.can.edit}
      open={open}
      setOpen={setOpen}
      label={t('priority', { name: name(ticket.priority) })}
      shown={<PriorityMark priority={ticket.priority} words />}
    >
      <div className={styles.pick}>
        <ChoiceField
          label={t('impact')}
          value={String(ticket.impact) as '1'}
          onChange={(v: string) => set(Number(v), ticket.urgency)}
          options={levels.map((v) => ({ value: v as '1', label: l(`impact-${v}`) }))}
          wide
        />
        <ChoiceField
          label={t('urgency')}
          value={String(ticket.urgency) as '1'}
          onChange={(v: string) => set(ticket.impact, Number(v))}
          options={levels.map((v) => ({ value: v as '1', label: l(`urgency-${v}`) }))}
          wide
        />
        {byHand ? (
          <div className="stack">
            <p className="small dim">{h('byHandNow', { name: name(computed(ticket)) })}</p>
            <Button onClick={() => set(ticket.impact, ticket.urgency)}>{h('backToComputed', { name: name(computed(ticket)) })}</Button>
          </div>
        ) : (
          <p className="small dim">{t('priorityIs', { name: name(ticket.priority) })}</p>
        )}
        <ByHand ticket={ticket} editing={editing} name={name} onDone={() => setOpen(false)} />
      </div>
    </FactPopover>
  )
}

function ByHand({ ticket, editing, name, onDone }: Props & { name: (of: string) => string; onDone: () => void }) {
  const h = useTexts(byHandTexts)
  const [shown, setShown] = useState(false)
  const [priority, setPriority] = useState<Priority>(String(ticket.priority) as Priority)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const begin = useCallback((field: HTMLInputElement | null) => field?.focus(), [])
  const save = () => {
    if (reason.trim() === '') return setMissing(true)
    onDone()
    if (Number(priority) !== ticket.priority)
      void editing.edit({ priority: Number(priority), priorityReason: reason }, { priority: Number(priority) })
  }
  if (!shown)
    return (
      <Button look="plain" onClick={() => setShown(true)}>
        {h('byHand')}
      </Button>
    )
  return (
    <div className={styles.byHand}>
      <SelectField
        // The button that opened this is gone: whoever works by keyboard goes on in the first field.
        ref={begin}
        label={h('priority')}
        value={priority}
        onChange={setPriority}
        options={priorities.map((p) => ({ value: p, label: name(p) }))}
        // In a popover a list elsewhere on the page would count as a click outside, and close it.
        comboboxProps={{ withinPortal: false }}
      />
      <TextField
        label={h('why')}
        hint={h('whyHint')}
        value={reason}
        maxLength={500}
        error={missing && reason.trim() === '' ? h('whyMissing') : undefined}
        onChange={(e) => setReason(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Enter' && save()}
      />
      <Button look="main" onClick={save}>
        {h('set')}
      </Button>
    </div>
  )
}
