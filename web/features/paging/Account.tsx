import type { FullPage } from '../../../contract/paging.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './Paging.module.css'
import { pageTexts } from './texts.ts'

type Ring = FullPage['rings'][number]

/** Line by line: who was rung when, by which ways, and what came of each. */
export function Account({ page }: { page: FullPage }) {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  const { acknowledgedBy, acknowledgedAt, acknowledgedVia, endedAt, endedWhy, nextAt, unreachedAt } = page
  return (
    <ol className={styles.lines} aria-label={t('account')}>
      {page.rings.map((ring) => (
        <RingLine key={ring.id} ring={ring} />
      ))}
      {unreachedAt && (
        <Line at={formats.time(unreachedAt)}>
          <span className={styles.bad}>{t('unreached')}</span>
        </Line>
      )}
      {acknowledgedBy && acknowledgedAt && acknowledgedVia && (
        <Line at={formats.time(acknowledgedAt)}>
          <strong>{t('acknowledgedBy', { name: acknowledgedBy.name, via: t(`via-${acknowledgedVia}`) })}</strong>
        </Line>
      )}
      {endedAt && (
        <Line at={formats.time(endedAt)}>
          {t('state-ended')}
          {endedWhy ? `: ${t(`ended-${endedWhy}` as 'ended-done')}` : ''}
        </Line>
      )}
      {nextAt && page.state === 'ringing' && <Line at="">{t('nextAt', { at: formats.time(nextAt) })}</Line>}
    </ol>
  )
}

const Line = ({ at, children }: { at: string; children: React.ReactNode }) => (
  <li className={styles.ring}>
    <span className={styles.when}>{at}</span>
    <span>{children}</span>
  </li>
)

function RingLine({ ring }: { ring: Ring }) {
  const t = useTexts(pageTexts)
  const formats = useFormats()
  const name = ring.person?.name ?? ''
  const place = ring.target === 'catch-all' ? t('catchAll') : t('stepNo', { step: ring.step + 1 })
  return (
    <li className={styles.ring}>
      <span className={styles.when}>{formats.time(ring.at)}</span>
      <div>
        <span className={ring.nobodyWhy ? styles.bad : undefined}>
          {ring.nobodyWhy ? t(`nobody-${ring.nobodyWhy}`, { name }) : t('rang', { name })}
        </span>{' '}
        <span className="dim small">{place}</span>
        <ul className={styles.tries}>
          {ring.attempts.map((one) => (
            <li key={one.id} className={styles.try} data-state={one.state} data-acknowledged={one.acknowledgedAt ? true : undefined}>
              {t(`way-${one.kind}`)}:{' '}
              {t(`try-${one.state}`, { at: formats.time(one.deliveredAt ?? one.triedAt ?? one.dueAt), cause: one.cause })}
              {one.acknowledgedAt && `, ${t('try-acknowledged', { at: formats.time(one.acknowledgedAt) })}`}
            </li>
          ))}
        </ul>
      </div>
    </li>
  )
}
