import { Link } from '@tanstack/react-router'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { lastWeek, useAmounts } from './amounts.ts'
import styles from './Home.module.css'
import { homeTexts } from './home-texts.ts'

const shown = [
  'created',
  'resolved',
  'open',
  'first-answer',
  'resolution',
  'target-first-response',
  'target-resolution',
  'target-fulfilment',
  'satisfaction',
] as const

/** Monday to Sunday beside the week before: what one wants to know on Monday morning. */
export function LastWeek() {
  const t = useTexts(homeTexts)
  const formats = useFormats()
  const { write } = useAmounts()
  const week = lastWeek()
  const figures = useCall('GET /api/figures', { query: { ...week, keys: shown.join(',') } }, { staleTime: 300_000 })
  const definitions = useCall('GET /api/figures/definitions', {}, { staleTime: 3_600_000 })
  const data = figures.data && definitions.data ? { items: figures.data.items, known: definitions.data.items } : undefined
  const day = (text: string) => formats.day(`${text}T12:00:00`)
  return (
    <Section title={t('lastWeek')} lead={t('lastWeekLead', { from: day(week.from), to: day(week.to) })}>
      <Loaded
        from={{ data, error: figures.error ?? definitions.error, refetch: () => Promise.all([figures.refetch(), definitions.refetch()]) }}
        rows={4}
      >
        {({ items, known }) => (
          <ul className={styles.exceptions}>
            {shown.map((key) => {
              const figure = items.find((one) => one.key === key)
              const about = known.find((one) => one.key === key)
              if (!figure || !about || (figure.now.value === null && figure.before.value === null)) return null
              return (
                <li key={key}>
                  <Link to={'/figures' as never} search={{ ...week, figure: key } as never} className={styles.exception}>
                    <span className="grow">
                      {about.name}
                      <span className={styles.before}>
                        {t('weekBefore', { value: write(about.unit, figure.before.value) })}
                        {figure.now.late ? ` · ${t('lateOpen', { count: figure.now.late })}` : ''}
                      </span>
                    </span>
                    <strong>{write(about.unit, figure.now.value)}</strong>
                  </Link>
                </li>
              )
            })}
          </ul>
        )}
      </Loaded>
      <Link to={'/figures' as never} className={styles.on}>
        {t('allFigures')}
      </Link>
    </Section>
  )
}
