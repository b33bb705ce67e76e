import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CheckField, FieldSet, TextField } from '../../ui/Fields.tsx'
import styles from './Calendars.module.css'
import type { OwnDay } from './draft.ts'
import { HoursFields } from './HoursFields.tsx'
import { calendarTexts } from './texts.ts'

type Props = { days: readonly OwnDay[]; issues: Record<string, string>; onChange: (days: OwnDay[]) => void }

/** Half days, company holidays, openings for once. */
export function OwnDays({ days, issues, onChange }: Props) {
  const t = useTexts(calendarTexts)
  const set = (at: number, change: Partial<OwnDay>) => onChange(days.map((one, n) => (n === at ? { ...one, ...change } : one)))
  const today = new Date().toISOString().slice(0, 10)
  return (
    <FieldSet title={t('days')} hint={t('daysHint')}>
      {days.map((own, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day may change in place
        <div key={n} className={styles.own}>
          <div className={styles.ownFields}>
            <TextField
              type="date"
              label={t('day')}
              value={own.day}
              error={issues[`days.${n}.day`]}
              onChange={(event) => set(n, { day: event.currentTarget.value })}
            />
            <TextField
              label={t('dayName')}
              value={own.name}
              error={issues[`days.${n}.name`]}
              onChange={(event) => set(n, { name: event.currentTarget.value })}
            />
            <IconButton
              label={t('removeDay', { name: own.name || own.day })}
              icon={<IconTrash size={16} />}
              onClick={() => onChange(days.filter((_, at) => at !== n))}
            />
          </div>
          <div className={styles.ownHours}>
            <HoursFields
              about={own.name || own.day}
              hours={own.hours}
              path={`days.${n}.hours`}
              issues={issues}
              onChange={(hours) => set(n, { hours })}
            />
            <CheckField
              label={t('yearly')}
              checked={own.repeats === 'yearly'}
              onChange={(event) => set(n, { repeats: event.currentTarget.checked ? 'yearly' : 'once' })}
            />
          </div>
        </div>
      ))}
      <div>
        <Button icon={<IconPlus size={16} />} onClick={() => onChange([...days, { day: today, name: '', repeats: 'once', hours: [] }])}>
          {t('addDay')}
        </Button>
      </div>
    </FieldSet>
  )
}
