import type { Calendar } from '../../../contract/scheduled.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, FieldRow, NumberField, SelectField, TextField } from '../../ui/Fields.tsx'
import styles from './Readymade.module.css'
import { recurringTexts } from './recurring-texts.ts'
import { monthName, weekdayName } from './words.ts'

type On = Extract<Calendar, { every: 'month' }>['on']
const days = [1, 2, 3, 4, 5, 6, 7]
const firstDay: On = { by: 'day', day: 1 }

export function CalendarFields({
  calendar,
  issues,
  onChange,
}: {
  calendar: Calendar
  issues: Record<string, string>
  onChange: (calendar: Calendar) => void
}) {
  const t = useTexts(recurringTexts)
  const language = useLanguage()
  const { at, weekends } = calendar
  const on = calendar.every === 'month' || calendar.every === 'year' ? calendar.on : firstDay
  const begin = (every: Calendar['every']): Calendar => {
    if (every === 'day') return { every, at, weekends }
    if (every === 'week') return { every, days: [1], at, weekends }
    return every === 'month' ? { every, on, at, weekends } : { every, month: 1, on, at, weekends }
  }
  return (
    <>
      <ChoiceField
        label={t('every')}
        value={calendar.every}
        onChange={(every) => onChange(begin(every))}
        options={(['day', 'week', 'month', 'year'] as const).map((value) => ({ value, label: t(`every-${value}`) }))}
      />
      {calendar.every === 'week' && <WeekDays calendar={calendar} error={issues['calendar.days']} onChange={onChange} />}
      {calendar.every === 'year' && (
        <SelectField
          label={t('month')}
          options={Array.from({ length: 12 }, (_, i) => ({ value: String(i + 1), label: monthName(i + 1, language) }))}
          value={String(calendar.month)}
          onChange={(month) => onChange({ ...calendar, month: Number(month) })}
        />
      )}
      {(calendar.every === 'month' || calendar.every === 'year') && (
        <DayFields on={calendar.on} onChange={(next) => onChange({ ...calendar, on: next })} />
      )}
      <FieldRow>
        <TextField
          type="time"
          label={t('at')}
          error={issues['calendar.at']}
          value={at}
          onChange={(e) => onChange({ ...calendar, at: e.currentTarget.value })}
        />
        <SelectField
          label={t('weekends')}
          error={issues.calendar}
          options={(['keep', 'skip', 'before', 'after'] as const).map((value) => ({ value, label: t(`weekends-${value}`) }))}
          value={weekends}
          onChange={(next) => onChange({ ...calendar, weekends: next })}
        />
      </FieldRow>
    </>
  )
}

function WeekDays({
  calendar,
  error,
  onChange,
}: {
  calendar: Extract<Calendar, { every: 'week' }>
  error: string | undefined
  onChange: (calendar: Calendar) => void
}) {
  const t = useTexts(recurringTexts)
  const language = useLanguage()
  const turn = (day: number) =>
    onChange({ ...calendar, days: calendar.days.includes(day) ? calendar.days.filter((d) => d !== day) : [...calendar.days, day].sort() })
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="small">{t('onDays')}</legend>
      <div className={styles.dayPicks}>
        {days.map((day) => (
          <Button key={day} aria-pressed={calendar.days.includes(day)} aria-label={weekdayName(day, language)} onClick={() => turn(day)}>
            {weekdayName(day, language, 'short')}
          </Button>
        ))}
      </div>
      {error && (
        <p role="alert" className="small" style={{ color: 'var(--bad)' }}>
          {error}
        </p>
      )}
    </fieldset>
  )
}

function DayFields({ on, onChange }: { on: On; onChange: (on: On) => void }) {
  const t = useTexts(recurringTexts)
  const language = useLanguage()
  const begin = (by: On['by']): On => (by === 'day' ? firstDay : by === 'weekday' ? { by, nth: 1, weekday: 1 } : { by: 'last-working-day' })
  return (
    <>
      <SelectField
        label={t('by')}
        options={(['day', 'weekday', 'last-working-day'] as const).map((value) => ({ value, label: t(`by-${value}`) }))}
        value={on.by}
        onChange={(by) => onChange(begin(by))}
      />
      {on.by === 'day' && (
        <NumberField label={t('day')} min={1} max={31} value={on.day} onChange={(day) => onChange({ ...on, day: day ?? 1 })} />
      )}
      {on.by === 'weekday' && (
        <FieldRow>
          <SelectField
            label={t('nth')}
            options={([1, 2, 3, 4, -1] as const).map((nth) => ({ value: String(nth), label: t(`nth-${nth}`) }))}
            value={String(on.nth)}
            onChange={(nth) => onChange({ ...on, nth: Number(nth) })}
          />
          <SelectField
            label={t('weekday')}
            options={days.map((day) => ({ value: String(day), label: weekdayName(day, language) }))}
            value={String(on.weekday)}
            onChange={(weekday) => onChange({ ...on, weekday: Number(weekday) })}
          />
        </FieldRow>
      )}
    </>
  )
}
