import { IconAlertTriangle } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Badge } from '../../ui/Marks.tsx'
import styles from './Mail.module.css'
import { mailTexts } from './texts.ts'

export const states = ['waiting', 'ready', 'sending', 'sent', 'partly', 'failed', 'uncertain', 'withdrawn', 'held'] as const
type State = (typeof states)[number]
const tones = {
  waiting: 'plain',
  ready: 'plain',
  sending: 'info',
  sent: 'good',
  partly: 'warn',
  failed: 'bad',
  uncertain: 'warn',
  withdrawn: 'plain',
  held: 'warn',
} as const

export function OutboxState({ state }: { state: State }) {
  const t = useTexts(mailTexts)
  return <Badge tone={tones[state]}>{t(state)}</Badge>
}

export function HeldNotice() {
  const t = useTexts(mailTexts)
  return (
    <div className={styles.notice}>
      <IconAlertTriangle size={18} />
      <span className="grow">
        <strong>{t('heldTitle')}</strong>
        <br />
        {t('heldText')}
      </span>
    </div>
  )
}
