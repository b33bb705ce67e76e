import { useEffect, useRef } from 'react'
import type { OnCallShift } from '../../../contract/oncall.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useMe } from '../../kernel/session.ts'
import { useNarrow } from '../../ui/narrow.ts'
import { useNow } from '../../ui/TimeAgo.tsx'
import { instantIn, wallIn } from '../visits/wall.ts'
import styles from './Timeline.module.css'
import { oncallTexts } from './texts.ts'
import { rotaTexts } from './texts-rota.ts'
import { useWhen } from './words.ts'

export type Row = { key: string; label: string; items: readonly OnCallShift[] }
type Props = { timeZone: string; from: string; to: string; rows: readonly Row[]; onOpen?: (shift: OnCallShift) => void }

const dayLength = 86_400_000

/** The final schedule above its layers, day by day on the clock of the rota's zone; on a phone the final one as a list. */
export function Timeline({ timeZone, from, to, rows, onOpen }: Props) {
  const narrow = useNarrow()
  const [final] = rows
  const frame = useRef<HTMLDivElement>(null)
  // Where it is wider than the page it begins at this moment, not days before.
  useEffect(() => {
    const part = (Date.now() - Date.parse(from)) / (Date.parse(to) - Date.parse(from))
    if (frame.current && part > 0 && part < 1) frame.current.scrollLeft = part * (frame.current.scrollWidth - 128) - 200
  }, [from, to])
  if (narrow && final) return <ShiftList timeZone={timeZone} items={final.items} onOpen={onOpen} />
  const begin = Date.parse(from)
  const length = Date.parse(to) - begin
  // A shift of an hour is still wide enough to be hit; then the frame scrolls sideways.
  const shortest = Math.max(3_600_000, Math.min(...(final?.items ?? []).map((one) => Date.parse(one.to) - Date.parse(one.from))))
  const width = onOpen ? { minWidth: 128 + Math.ceil((26 * length) / shortest) } : {}
  const place = (at: number) => (100 * (Math.min(Math.max(at, begin), begin + length) - begin)) / length
  return (
    <div className={styles.frame} ref={frame}>
      <div className={styles.row} style={width}>
        <span className={styles.label}>{timeZone.split('/').pop()?.replaceAll('_', ' ')}</span>
        <Days {...{ timeZone, from, to, place }} />
      </div>
      {rows.map((row, n) => (
        <div key={row.key} className={styles.row} style={width} data-final={n === 0 || undefined}>
          <span className={styles.label} title={row.label}>
            {row.label}
          </span>
          <ul className={styles.track} aria-label={row.label}>
            {row.items.map((shift) => (
              <li
                key={`${shift.from}${shift.overrideId}`}
                className={styles.slot}
                style={{
                  left: `${place(Date.parse(shift.from))}%`,
                  width: `${place(Date.parse(shift.to)) - place(Date.parse(shift.from))}%`,
                }}
              >
                <Piece shift={shift} timeZone={timeZone} onOpen={n === 0 ? onOpen : undefined} />
              </li>
            ))}
            <NowMark begin={begin} end={begin + length} place={place} />
          </ul>
        </div>
      ))}
    </div>
  )
}

function NowMark({ begin, end, place }: { begin: number; end: number; place: (at: number) => number }) {
  const now = useNow()
  if (now < begin || now > end) return null
  return <li className={styles.now} aria-hidden="true" style={{ left: `${place(now)}%` }} />
}

function Days({ timeZone, from, to, place }: { timeZone: string; from: string; to: string; place: (at: number) => number }) {
  const language = useLanguage()
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { timeZone, weekday: 'short', day: 'numeric' })
  const today = wallIn(Date.now(), timeZone).slice(0, 10)
  return (
    <div className={styles.days} aria-hidden="true">
      {daysOf(timeZone, from, to).map(({ day, at, end }) => (
        <span
          key={day}
          className={styles.day}
          data-today={day === today || undefined}
          style={{ left: `${place(at)}%`, width: `${place(end) - place(at)}%` }}
        >
          {format.format(new Date(at))}
        </span>
      ))}
    </div>
  )
}

/** Days as they begin in that zone: 23, 24 or 25 hours long. */
export function daysOf(timeZone: string, from: string, to: string): { day: string; at: number; end: number }[] {
  const found: { day: string; at: number; end: number }[] = []
  let day = wallIn(from, timeZone).slice(0, 10)
  for (let at = midnight(day, timeZone); at < Date.parse(to) && found.length < 100; ) {
    const next = new Date(Date.parse(`${day}T12:00Z`) + dayLength).toISOString().slice(0, 10)
    const end = midnight(next, timeZone)
    found.push({ day, at, end })
    day = next
    at = end
  }
  return found
}
export const midnight = (day: string, timeZone: string): number => Date.parse(instantIn(`${day}T00:00`, timeZone) ?? `${day}T00:00Z`)

function Piece({ shift, timeZone, onOpen }: { shift: OnCallShift; timeZone: string; onOpen?: ((shift: OnCallShift) => void) | undefined }) {
  const t = useTexts(oncallTexts)
  const r = useTexts(rotaTexts)
  const me = useMe()
  const when = useWhen(timeZone)
  const name = shift.person?.name ?? t('nobody')
  const words = r('shift', { name, from: when(shift.from), to: when(shift.to) })
  const marks = {
    title: words,
    'data-mine': shift.person?.id === me.id || undefined,
    'data-empty': shift.person === null || undefined,
    'data-swapped': shift.why === 'override' || shift.why === 'cover' || undefined,
  }
  if (!onOpen)
    return (
      <span className={`${styles.piece} ${styles.still}`} {...marks} style={{ lineHeight: '30px' }}>
        {name}
        <span className="unseen">{words}</span>
      </span>
    )
  return (
    <button type="button" className={styles.piece} aria-label={words} {...marks} onClick={() => onOpen(shift)}>
      {name}
    </button>
  )
}

function ShiftList({
  timeZone,
  items,
  onOpen,
}: {
  timeZone: string
  items: readonly OnCallShift[]
  onOpen?: ((shift: OnCallShift) => void) | undefined
}) {
  const t = useTexts(oncallTexts)
  const me = useMe()
  const when = useWhen(timeZone)
  return (
    <ul className={styles.list}>
      {items.map((shift) => (
        <li key={shift.from}>
          <button
            type="button"
            className={styles.piece}
            data-mine={shift.person?.id === me.id || undefined}
            data-empty={shift.person === null || undefined}
            disabled={!onOpen}
            onClick={() => onOpen?.(shift)}
          >
            <span>{shift.person?.name ?? t('nobody')}</span>
            <span className={styles.when}>{t('span', { from: when(shift.from), to: when(shift.to) })}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
