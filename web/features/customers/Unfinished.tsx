import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Section } from '../../ui/Page.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './Customers.module.css'
import { pathTexts } from './path-texts.ts'

/** Above the list: what somebody began to add, to be taken up where it was left. */
export function Unfinished() {
  const t = useTexts(pathTexts)
  const { data } = useCall('GET /api/customer-paths')
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('unfinished')}>
      <ul className={styles.rows}>
        {data.items.map((one) => (
          <li key={one.organisation.id}>
            <Link to="/organisations/$organisationId/path" params={{ organisationId: one.organisation.id }} className="grow">
              {one.organisation.name}
            </Link>
            <span className="dim small">
              {t('left', { count: one.left })}
              {one.begunBy && ` · ${one.begunBy.name}`} · <TimeAgo at={one.begunAt} look="brief" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
