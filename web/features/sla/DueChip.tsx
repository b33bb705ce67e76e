import { IconAlarm, IconPlayerPause } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Ticket, TicketDue } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './Sla.module.css'
import { slaTexts } from './texts.ts'
import { spent, useDue, useMoments } from './words.ts'

const ClockSheet = lazy(async () => ({ default: (await import('./ClockSheet.tsx')).ClockSheet }))

/** The next target in working time left, on a row of a list: a shape, a word, and colour only where it is near or late. */
export function DueMark({ due }: { due: TicketDue }) {
  const t = useTexts(slaTexts)
  const { at } = useMoments()
  const { state, ms, tone } = useDue(due)
  const words = t(state, { target: t(due.target), time: spent(ms) })
  return (
    <span className={styles.mark} data-tone={tone} title={due.at ? `${words}, ${at(due.at)}` : words}>
      {state === 'paused' ? <IconPlayerPause size={12} aria-hidden="true" /> : <IconAlarm size={12} aria-hidden="true" />}
      <span className="unseen">{t(due.target)}: </span>
      {state === 'paused' ? t('pausedShort') : t(state === 'late' ? 'lateShort' : 'leftShort', { time: spent(ms) })}
    </span>
  )
}

/** The same on the head of a ticket; it opens the account. */
export function DueChip({ ticket, due }: { ticket: Ticket; due: TicketDue }) {
  const t = useTexts(slaTexts)
  const { at } = useMoments()
  const [open, setOpen] = useState(false)
  const { state, ms, tone } = useDue(due)
  const target = t(due.target)
  const words = state === 'paused' ? t('pausedWhy', { target, why: ticket.status.name }) : t(state, { target, time: spent(ms) })
  return (
    <>
      <button
        type="button"
        className={styles.chip}
        data-tone={tone}
        title={due.at ? t('dueAt', { when: at(due.at) }) : words}
        aria-label={t('openLedger', { chip: words })}
        onClick={() => setOpen(true)}
      >
        {state === 'paused' ? <IconPlayerPause size={14} aria-hidden="true" /> : <IconAlarm size={14} aria-hidden="true" />}
        <span>{words}</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <ClockSheet ticketId={ticket.id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
