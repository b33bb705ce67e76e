import { Link, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { SavedViews } from '../views/SavedViews.tsx'
import { savedOf, type ViewKey, viewKeys, viewOf } from './list.ts'
import styles from './TicketsScreen.module.css'
import { ticketTexts } from './texts.ts'
import { viewIcons } from './views.ts'

/** The views with their counts, bounded at 1,000. */
export function useViews(): { key: ViewKey; label: string; count: string }[] {
  const t = useTexts(ticketTexts)
  const mayDelete = useMay('ticket.delete')
  const { data } = useCall('GET /api/tickets/views', {}, { keep: true })
  return viewKeys
    .filter((key) => key !== 'deleted' || mayDelete)
    .map((key) => {
      const found = data?.items.find((v) => v.key === key)
      return {
        key,
        label: t(key),
        count: !found || found.count === 0 ? '' : found.more ? t('moreThan', { count: found.count }) : String(found.count),
      }
    })
}

export function ViewPane() {
  const t = useTexts(ticketTexts)
  const search = useSearch({ from: '/staff/tickets' })
  const saved = savedOf(search)
  const current = saved ?? viewOf(search)
  return (
    <nav className={styles.views} aria-label={t('views')}>
      <h2>{t('views')}</h2>
      {useViews().map(({ key, label, count }) => {
        const Icon = viewIcons[key]
        return (
          <Link
            key={key}
            to="/tickets"
            search={{ view: key }}
            className={styles.view}
            aria-current={key === current ? 'page' : undefined}
            activeOptions={{ exact: true }}
            title={label}
          >
            <Icon size={16} stroke={1.7} />
            <span className="truncate">{label}</span>
            <span>{count}</span>
          </Link>
        )
      })}
      <SavedViews current={saved} />
    </nav>
  )
}
