import { IconClockPause, IconClockPlay } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Timer } from '../../../contract/time.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { onClock } from './duration.ts'
import styles from './Time.module.css'
import { timeTexts } from './texts.ts'
import { pauseTimer, startTimer, useElapsed, useTimers } from './timers.ts'

const EntrySheet = lazy(async () => ({ default: (await import('./EntrySheet.tsx')).EntrySheet }))

/** My clock in the top bar, as long as I have one; the others, paused, stand in its menu. */
export function TimerChip() {
  const t = useTexts(timeTexts)
  const navigate = useNavigate()
  const timers = useTimers()
  const [stopping, setStopping] = useState<{ ticketId: string; minutes: number }>()
  const [first, ...others] = timers
  const { seconds, shown } = useElapsed(first)
  const sheet = stopping && (
    <Suspense fallback={null}>
      <EntrySheet ticketId={stopping.ticketId} stop={stopping.minutes} onClose={() => setStopping(undefined)} />
    </Suspense>
  )
  if (!first) return sheet ?? null
  const go = (to: string) => void navigate({ to: to as never })
  const minutes = Math.min(1440, Math.max(1, Math.ceil(seconds / 60)))
  const entries: MenuEntry[] = [
    { key: 'of', heading: `#${first.ticket.number} ${first.ticket.subject}` },
    first.running
      ? { key: 'pause', label: t('pause'), run: () => void pauseTimer(first.ticket.id) }
      : { key: 'on', label: t('goOn'), run: () => void startTimer(first.ticket.id) },
    { key: 'stop', label: t('stop'), run: () => setStopping({ ticketId: first.ticket.id, minutes }) },
    { key: 'open', label: t('openTicket', { number: first.ticket.number }), run: () => go(`/tickets/${first.ticket.id}`) },
    ...(others.length > 0 ? [{ key: 'others', heading: t('clocks') }] : []),
    ...others.map((timer) => ({
      key: timer.ticket.id,
      label: `#${timer.ticket.number} ${timer.ticket.subject} (${onClock(timer.seconds)})`,
      run: () => void startTimer(timer.ticket.id),
    })),
    { key: 'line', divider: true },
    { key: 'all', label: t('allTime'), run: () => go('/time') },
  ]
  return (
    <>
      <Menu end width={280} target={<Chip timer={first} shown={shown} />} entries={entries} />
      {sheet}
    </>
  )
}

function Chip({ timer, shown, ...rest }: { timer: Timer; shown: string }) {
  const t = useTexts(timeTexts)
  const Icon = timer.running ? IconClockPlay : IconClockPause
  const label = t(timer.running ? 'running' : 'paused', { time: shown, number: timer.ticket.number })
  return (
    <button type="button" {...rest} className={styles.chip} data-running={timer.running || undefined} aria-label={label}>
      <Icon size={16} />
      {shown}
    </button>
  )
}
