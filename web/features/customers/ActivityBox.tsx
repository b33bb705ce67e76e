import type { Overview } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { Chart } from '../../ui/Chart.tsx'
import { Section } from '../../ui/Page.tsx'
import styles from './Customers.module.css'
import { customerTexts } from './texts.ts'

/** What came in a year: month by month, what most, and what again and again. */
export function ActivityBox({ activity }: { activity: Overview['activity'] }) {
  const t = useTexts(customerTexts)
  const language = useLanguage()
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' })
  const whole = new Intl.NumberFormat(language)
  const points = activity.months.map((one) => ({ name: month.format(new Date(`${one.month}-01T00:00:00Z`)), value: one.created }))
  return (
    <Section title={t('activity')} {...(activity.cut ? { lead: t('cut') } : {})}>
      <Chart label={t('months')} points={points} look="bars" write={(value) => whole.format(value)} />
      <div className={styles.halves}>
        <div>
          <h3>{t('categories')}</h3>
          <ul className={styles.topics}>
            {activity.categories.map((topic) => (
              <li key={topic.category?.id ?? ''}>
                <span>{topic.category?.name ?? t('noCategory')}</span>
                <span>{whole.format(topic.count)}</span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>{t('repeats')}</h3>
          <p className="dim small">{t(activity.repeats.length === 0 ? 'noRepeats' : 'repeatsHint')}</p>
          <ul className={styles.topics}>
            {activity.repeats.map((topic) => (
              <li key={topic.category?.id ?? ''}>
                <span>{topic.category?.name ?? t('noCategory')}</span>
                <span className="dim">
                  {t('times', { count: topic.count })} · {t('people', { count: topic.people })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Section>
  )
}
