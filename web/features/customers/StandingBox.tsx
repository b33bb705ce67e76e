import type { Overview } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './Customers.module.css'
import { StateReasons, StateWord } from './StateWords.tsx'
import { customerTexts } from './texts.ts'

/** How it stands, in a word, in numbers, and why. */
export function StandingBox({ overview: { state, counts } }: { overview: Pick<Overview, 'state' | 'counts'> }) {
  const t = useTexts(customerTexts)
  const shown = [
    ['countOpen', counts.open],
    ['countUnassigned', counts.unassigned],
    ['countWaiting', counts.waitingForUs],
    ['countCreated', counts.created30],
    ['countResolved', counts.resolved30],
  ] as const
  return (
    <section className={styles.standing} aria-label={t('standing')}>
      <div className={styles.standingTop}>
        <StateWord level={state.level} />
        <dl className={styles.counts}>
          {shown.map(([key, value]) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {state.reasons.length === 0 ? <p className="dim">{t('calm')}</p> : <StateReasons reasons={state.reasons} />}
    </section>
  )
}
