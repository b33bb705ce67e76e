import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './AnswerHours.module.css'
import { calendarTexts } from './texts.ts'
import { dateIn, momentIn } from './words.ts'

/** When the desk answers, for whoever waits. Nothing stands there where no hours are known. */
export function AnswerHours({ className, short = false }: { className?: string | undefined; short?: boolean }) {
  const t = useTexts(calendarTexts)
  const language = useLanguage()
  const { data } = useCall('GET /api/open-hours', { query: { language } })
  if (!data || data.lines.length === 0) return null
  const { open, until, opens, timeZone, lines, closed } = data
  const at = (moment: string) => momentIn(moment, timeZone, language)
  const now = open ? (until ? t('openNow', { time: at(until) }) : t('openNowAlways')) : opens ? t('closedNow', { time: at(opens) }) : ''
  const place = timeZone.split('/').at(-1)!.replaceAll('_', ' ')
  return (
    <section className={className} aria-labelledby="answer-hours">
      <h2 id="answer-hours">{t('answerTitle')}</h2>
      <p className={styles.now} data-open={open || undefined}>
        {now}
      </p>
      <dl className={styles.lines}>
        {lines.map(({ days, hours }) => (
          <div key={days}>
            <dt>{days}</dt>
            <dd>{hours}</dd>
          </div>
        ))}
      </dl>
      {!short && closed.length > 0 && (
        <p className={styles.coming}>
          {t('closedDays')}:{' '}
          {closed
            .slice(0, 3)
            .map(({ day, name, hours }) => `${dateIn(day, language, { day: 'numeric', month: 'long' })} ${name} (${hours})`)
            .join(', ')}
        </p>
      )}
      {place !== 'UTC' && Intl.DateTimeFormat().resolvedOptions().timeZone !== timeZone && (
        <p className={styles.coming}>{t('placeTime', { place })}</p>
      )}
    </section>
  )
}
