import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldSet } from '../../ui/Fields.tsx'
import styles from './Calendars.module.css'
import { HoursFields } from './HoursFields.tsx'
import { calendarTexts } from './texts.ts'
import { dayName, type Interval, type Week, type Weekday, weekdays } from './words.ts'

type Props = { week: Week; issues: Record<string, string>; onChange: (week: Week) => void }
const always: Interval[] = [['00:00', '24:00']]
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const lengthOf = ([from, to]: Interval) => (minutes(to) - minutes(from) + 1440) % 1440 || 1440

/** Seven rows of intervals; a bar under each shows the day at a glance. */
export function WeekGrid({ week, issues, onChange }: Props) {
  const t = useTexts(calendarTexts)
  const language = useLanguage()
  const total = weekdays.flatMap((day) => week[day] ?? []).reduce((sum, interval) => sum + lengthOf(interval), 0)
  const copy = () => onChange({ ...week, ...Object.fromEntries(['tue', 'wed', 'thu', 'fri'].map((day) => [day, week.mon ?? []])) })
  const set = (day: Weekday, hours: Interval[]) => onChange({ ...week, [day]: hours })
  return (
    <FieldSet title={t('week')} hint={t('weekHint')}>
      <div className={styles.tools}>
        <Button onClick={copy}>{t('copyWeek')}</Button>
        <Button onClick={() => onChange(Object.fromEntries(weekdays.map((day) => [day, always])))}>{t('roundTheClock')}</Button>
        <span className="dim small">{t('perWeek', { hours: Math.round(total / 6) / 10 })}</span>
      </div>
      <div className={styles.week}>
        {weekdays.map((day) => (
          <fieldset key={day} className={styles.weekday} aria-label={t('hoursOf', { day: dayName(day, language) })}>
            <span className={styles.dayName} aria-hidden="true">
              {dayName(day, language)}
            </span>
            <div className={styles.dayHours}>
              <HoursFields
                about={dayName(day, language)}
                hours={week[day] ?? []}
                path={`hours.${day}`}
                issues={issues}
                onChange={(hours) => set(day, hours)}
              />
              <Bar hours={week[day] ?? []} />
            </div>
          </fieldset>
        ))}
      </div>
    </FieldSet>
  )
}

function Bar({ hours }: { hours: readonly Interval[] }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {hours.map((interval, n) => {
        const left = minutes(interval[0]) / 14.4
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
        return <span key={n} style={{ left: `${left}%`, width: `${Math.min(lengthOf(interval) / 14.4, 100 - left)}%` }} />
      })}
    </div>
  )
}
