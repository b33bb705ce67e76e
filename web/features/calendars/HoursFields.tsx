import { IconPlus, IconX } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { IconButton } from '../../ui/Button.tsx'
import styles from './Calendars.module.css'
import { calendarTexts } from './texts.ts'
import type { Interval } from './words.ts'

type Props = {
  /** Which day, as its fields are read out. */
  about: string
  hours: readonly Interval[]
  path: string
  issues: Record<string, string>
  onChange: (hours: Interval[]) => void
}
/** A time field ends at 23:59: midnight at the end of a day is its 00:00. */
const shown = (time: string) => (time === '24:00' ? '00:00' : time.slice(0, 5))
const ending = (time: string) => (time === '00:00' ? '24:00' : time)

/** The next hours begin an hour after the last. */
function further(hours: readonly Interval[]): Interval {
  const last = hours.at(-1)
  if (!last) return ['08:00', '17:00']
  const begin = Math.min(22, (Number(last[1].slice(0, 2)) % 24) + 1)
  const text = (hour: number) => `${String(hour).padStart(2, '0')}:00`
  return [text(begin), text(begin + 1)]
}

/** The intervals of one day. */
export function HoursFields({ about, hours, path, issues, onChange }: Props) {
  const t = useTexts(calendarTexts)
  const set = (at: number, next: Interval) => onChange(hours.map((one, n) => (n === at ? next : one)))
  const wrong = (n: number) => issues[`${path}.${n}`] ?? issues[`${path}.${n}.0`] ?? issues[`${path}.${n}.1`]
  return (
    <div className={styles.hours}>
      {hours.map(([from, to], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
        <div key={n} className={styles.interval} data-wrong={wrong(n) ? true : undefined}>
          <input
            type="time"
            aria-label={t('from', { day: about })}
            aria-invalid={wrong(n) ? true : undefined}
            value={shown(from)}
            onChange={(event) => set(n, [event.currentTarget.value, to])}
          />
          <span aria-hidden="true">{t('until')}</span>
          <input
            type="time"
            aria-label={t('to', { day: about })}
            aria-invalid={wrong(n) ? true : undefined}
            value={shown(to)}
            onChange={(event) => set(n, [from, ending(event.currentTarget.value)])}
          />
          {to !== '24:00' && to < from && <span className="dim small">{t('nextDay')}</span>}
          <IconButton
            label={t('removeHours', { from: shown(from), to: shown(to), day: about })}
            icon={<IconX size={16} />}
            onClick={() => onChange(hours.filter((_, at) => at !== n))}
          />
          {wrong(n) && (
            <span role="alert" className={styles.wrong}>
              {wrong(n)}
            </span>
          )}
        </div>
      ))}
      {hours.length === 0 && <span className="dim small">{t('closed')}</span>}
      <IconButton
        label={t('addHoursOn', { day: about })}
        icon={<IconPlus size={16} />}
        onClick={() => onChange([...hours, further(hours)])}
      />
    </div>
  )
}
