import type { Alert } from '../../../contract/alerts.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Badge } from '../../ui/Marks.tsx'
import styles from './Alerts.module.css'
import { alertTexts } from './texts.ts'

const severityTones = { critical: 'bad', error: 'bad', warning: 'warn', info: 'plain' } as const
const stateTones = { open: 'bad', acknowledged: 'warn', waiting: 'info', suppressed: 'plain', cleared: 'good' } as const

export function SeverityBadge({ severity }: { severity: Alert['severity'] }) {
  const t = useTexts(alertTexts)
  return <Badge tone={severityTones[severity]}>{t(`severity-${severity}`)}</Badge>
}

export function AlertMarks({ alert }: { alert: Pick<Alert, 'state' | 'flapping'> }) {
  const t = useTexts(alertTexts)
  return (
    <span className={styles.marks}>
      <Badge tone={stateTones[alert.state]}>{t(`state-${alert.state}`)}</Badge>
      {alert.flapping && <Badge tone="warn">{t('flapping')}</Badge>}
    </span>
  )
}
