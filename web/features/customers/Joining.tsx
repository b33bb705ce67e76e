import type { Joining as JoiningAnswer } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import styles from './Customers.module.css'
import { pathTexts } from './path-texts.ts'

export function useJoining(domains: readonly string[], organisationId?: string): JoiningAnswer | undefined {
  const query = { domains: domains.join(','), ...(organisationId ? { organisationId } : {}) }
  return useCall('GET /api/organisations/joining', { query }, { enabled: domains.length > 0, keep: true }).data
}

/** Who would join, who belongs elsewhere and stays there, and which domains are taken: before anything is done. */
export function Joining({ joining }: { joining: JoiningAnswer }) {
  const t = useTexts(pathTexts)
  return (
    <div className={styles.known}>
      {joining.taken.map((one) => (
        <p key={one.domain} className={styles.bad}>
          {t('taken', { domain: one.domain, name: one.organisation.name })}
        </p>
      ))}
      <strong>{joining.joins.length === 0 ? t('nobodyJoins') : t('joins', { count: joining.joins.length })}</strong>
      {joining.more && <p className="dim">{t('joinsMore')}</p>}
      {joining.joins.length > 0 && (
        <ul className={styles.history}>
          {joining.joins.slice(0, 8).map((person) => (
            <li key={person.id}>
              {person.name} <span className="dim small">{person.email}</span>
            </li>
          ))}
          {joining.joins.length > 8 && <li>…</li>}
        </ul>
      )}
      {joining.elsewhere.map((one) => (
        <p key={one.organisation.id} className="dim">
          {t('elsewhere', { count: one.people, name: one.organisation.name })}
        </p>
      ))}
    </div>
  )
}
