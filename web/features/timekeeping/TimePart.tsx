import { IconClock, IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, type SyntheticEvent, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { TimeEntry } from '../../../contract/time.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { PanelPart } from '../../ui/Panel.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { spentIn, today } from './duration.ts'
import { lengthOf } from './length.ts'
import { useTimeSettings } from './settings.ts'
import styles from './Time.module.css'
import { timeTexts } from './texts.ts'
import { pauseTimer, startTimer, useElapsed, useTimers } from './timers.ts'

const EntrySheet = lazy(async () => ({ default: (await import('./EntrySheet.tsx')).EntrySheet }))
type Opened = { entry?: TimeEntry; stop?: number }
const few = 4

/** Time spent on this ticket; one line adds to it, and the clock runs on the server. */
export function TimePart({ ticket }: { ticket: Ticket }) {
  const t = useTexts(timeTexts)
  const settings = useTimeSettings()
  const { data } = useCall('GET /api/tickets/:id/time', { params: { id: ticket.id } })
  const [opened, setOpened] = useState<Opened>()
  const [everything, setEverything] = useState(false)
  if (!data || (data.items.length === 0 && !data.can.add)) return null
  const { items, totals, people, everybody, can } = data
  const shown = everything ? items : items.slice(0, few)
  return (
    <PanelPart
      title={t('title')}
      action={
        <span className="row">
          {totals.counted > 0 && (
            <span className={styles.total}>
              {lengthOf(totals.counted, settings)}
              {!everybody && ` (${t('mineOnly')})`}
            </span>
          )}
          {can.add && <StartButton ticketId={ticket.id} />}
          {can.add && <IconButton label={t('addMore')} icon={<IconPlus size={16} />} size={24} onClick={() => setOpened({})} />}
        </span>
      }
    >
      {can.add && <Clock ticketId={ticket.id} onStop={(minutes) => setOpened({ stop: minutes })} />}
      {can.add && <QuickTime ticketId={ticket.id} />}
      {everybody && people.length > 1 && (
        <p className={styles.people}>{people.map((one) => `${one.person.name} ${lengthOf(one.counted, settings)}`).join(' · ')}</p>
      )}
      {shown.length > 0 && (
        <ul className={styles.entries}>
          {shown.map((entry) => (
            <EntryLine key={entry.id} entry={entry} onOpen={() => setOpened({ entry })} />
          ))}
        </ul>
      )}
      {items.length > shown.length && (
        <Button look="plain" onClick={() => setEverything(true)}>
          {t('all')}
        </Button>
      )}
      {opened && (
        <Suspense fallback={null}>
          <EntrySheet ticketId={ticket.id} {...opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </PanelPart>
  )
}

function StartButton({ ticketId }: { ticketId: string }) {
  const t = useTexts(timeTexts)
  if (useTimers().some((one) => one.ticket.id === ticketId)) return null
  return <IconButton label={t('start')} icon={<IconPlayerPlay size={16} />} size={24} onClick={() => void startTimer(ticketId)} />
}

function Clock({ ticketId, onStop }: { ticketId: string; onStop: (minutes: number) => void }) {
  const t = useTexts(timeTexts)
  const timer = useTimers().find((one) => one.ticket.id === ticketId)
  const { seconds, shown } = useElapsed(timer)
  if (!timer) return null
  return (
    <div className={styles.clock} data-running={timer.running || undefined}>
      <IconClock size={16} />
      <span className={styles.shown}>{shown}</span>
      <span className="grow" />
      {timer.running ? (
        <IconButton label={t('pause')} icon={<IconPlayerPause size={16} />} onClick={() => void pauseTimer(ticketId)} />
      ) : (
        <IconButton label={t('goOn')} icon={<IconPlayerPlay size={16} />} onClick={() => void startTimer(ticketId)} />
      )}
      <IconButton
        label={t('stop')}
        icon={<IconPlayerStop size={16} />}
        onClick={() => onStop(Math.min(1440, Math.max(1, Math.ceil(seconds / 60))))}
      />
    </div>
  )
}

/** "30 toner changed": the time and what for, then Enter. */
function QuickTime({ ticketId }: { ticketId: string }) {
  const t = useTexts(timeTexts)
  const settings = useTimeSettings()
  const [text, setText] = useState('')
  const [unclear, setUnclear] = useState(false)
  const spent = spentIn(text, settings)
  const add = useSend('POST /api/tickets/:id/time', {
    renews: ['GET /api/tickets/:id/time', 'GET /api/time'],
    onProblem: toastProblem,
    onDone: (entry) => {
      setText('')
      toast(t('saved', { time: lengthOf(entry.counted, settings) }))
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    if (!spent) return setUnclear(true)
    add.mutate({ params: { id: ticketId }, body: { ...spent, note: spent.note.slice(0, 500), workDate: today() } })
  }
  return (
    <form onSubmit={submit}>
      <span className={styles.quick}>
        <IconPlus size={16} aria-hidden="true" />
        <input
          aria-label={t('add')}
          aria-invalid={unclear || undefined}
          title={t('addHelp')}
          placeholder={t(settings.show === 'units' ? 'addHintUnits' : 'addHint')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setUnclear(false)
          }}
        />
        {spent && <span className={styles.read}>{lengthOf(spent.minutes, { ...settings, show: 'minutes' })}</span>}
      </span>
      {unclear && (
        <p className={styles.unclear} role="alert">
          {t('unclear')}
        </p>
      )}
    </form>
  )
}

function EntryLine({ entry, onOpen }: { entry: TimeEntry; onOpen: () => void }) {
  const t = useTexts(timeTexts)
  const formats = useFormats()
  const settings = useTimeSettings()
  const about = [entry.person.name, formats.date(entry.workDate), entry.billable && t('billableMark')].filter(Boolean).join(' · ')
  const inside = (
    <>
      <span className={styles.length}>{lengthOf(entry.counted, settings)}</span>
      <span className={styles.what}>
        <span>{entry.note || entry.task?.title || '–'}</span>
        <span className={styles.about}>{about}</span>
      </span>
    </>
  )
  return (
    <li>
      {entry.can.edit ? (
        <button type="button" className={styles.entry} onClick={onOpen}>
          {inside}
        </button>
      ) : (
        <span className={styles.entry}>{inside}</span>
      )}
    </li>
  )
}
