import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { CalendarDay } from '../../../contract/calendars.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { FieldSet } from '../../ui/Fields.tsx'
import styles from './Calendars.module.css'
import type { whenOf } from './draft.ts'
import { calendarTexts } from './texts.ts'
import { dateIn, dayName, hoursText, isAlways, weekdays } from './words.ts'

export type When = ReturnType<typeof whenOf>

/** The calendar as it would be; null while it cannot be read. */
export function useLook(when: When) {
  const [asked] = useDebouncedValue(JSON.stringify(when), 300)
  return useQuery({
    queryKey: ['POST /api/calendars/look', asked],
    queryFn: () => call('POST /api/calendars/look', { body: JSON.parse(asked) as When }),
    placeholderData: (before) => before,
    retry: false,
  })
}

/** Eight rows of seven days, with what is special by name. */
export function Ahead({ when }: { when: When }) {
  const t = useTexts(calendarTexts)
  const language = useLanguage()
  const { data } = useLook(when)
  const days = data?.items ?? []
  const today = new Date().toISOString().slice(0, 10)
  const rows = Array.from({ length: Math.ceil(days.length / 7) }, (_, n) => days.slice(n * 7, n * 7 + 7))
  return (
    <FieldSet title={t('ahead')} hint={t('aheadHint')}>
      <table className={styles.ahead} aria-label={t('ahead')}>
        <thead>
          <tr>
            {weekdays.map((day) => (
              <th key={day} scope="col" abbr={dayName(day, language)}>
                {dayName(day, language, 'short')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]?.day}>
              {row.map((one) => (
                <td
                  key={one.day}
                  data-closed={one.hours.length === 0 || undefined}
                  data-why={one.why}
                  data-past={one.day < today || undefined}
                >
                  <Day one={one} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </FieldSet>
  )
}

function Day({ one }: { one: CalendarDay }) {
  const language = useLanguage()
  return (
    <>
      <span className={styles.date}>{dateIn(one.day, language, { day: 'numeric', month: 'short' })}</span>
      {one.hours.length === 0 && !one.name ? (
        <span className={styles.said}>{'–'}</span>
      ) : (
        <span className={styles.said}>{one.name && one.hours.length === 0 ? one.name[language] : <Hours hours={one.hours} />}</span>
      )}
      {one.name && one.hours.length > 0 && <span className={styles.said}>{one.name[language]}</span>}
    </>
  )
}

/** One interval a line. */
function Hours({ hours }: { hours: CalendarDay['hours'] }) {
  const t = useTexts(calendarTexts)
  if (isAlways(hours)) return t('always')
  return hours.map((interval) => (
    <span key={interval.join()} className={styles.oneInterval}>
      {hoursText([interval], t)}
    </span>
  ))
}
