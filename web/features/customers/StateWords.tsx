import { IconAlertTriangle, IconCircleCheck, IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { CustomerReason, CustomerState } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import styles from './Customers.module.css'
import { customerTexts } from './texts.ts'

const icons = { green: IconCircleCheck, amber: IconAlertTriangle, red: IconFlame }

/** A shape, a word and a colour. */
export function StateWord({ level }: { level: CustomerState['level'] }) {
  const t = useTexts(customerTexts)
  const Icon = icons[level]
  return (
    <span className={styles.state} data-level={level}>
      <Icon size={16} />
      {t(level)}
    </span>
  )
}

/** Why it is so; each reason leads to the worst of its tickets. */
export function StateReasons({ reasons }: { reasons: readonly CustomerReason[] }) {
  const words = useReasonWords()
  if (reasons.length === 0) return null
  return (
    <ul className={styles.reasons}>
      {reasons.map((reason) => (
        <li key={reason.code}>
          {words(reason)}
          {reason.ticket && (
            <>
              {': '}
              <Link to="/tickets/$ticketId" params={{ ticketId: reason.ticket.id }}>
                #{reason.ticket.number} {reason.ticket.subject}
              </Link>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function useReasonWords() {
  const t = useTexts(customerTexts)
  return ({ code, count, hours }: CustomerReason): string => {
    if (code === 'reopened') return t('reopened', { count })
    const long = hours ?? 0
    return t('unanswered', { count, time: long < 48 ? t('hours', { count: long }) : t('days', { count: Math.floor(long / 24) }) })
  }
}
