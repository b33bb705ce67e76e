import { IconUrgent } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import styles from './OnCallChip.module.css'
import { chipTexts } from './texts-chip.ts'

/** Who is on call now, in the top bar: the rota of my team, else the first; all of them behind it. */
export function OnCallChip() {
  const t = useTexts(chipTexts)
  const me = useMe()
  const { data } = useCall('GET /api/on-call', {}, { refetchInterval: 60_000 })
  const first =
    data?.items.find((one) => one.now.person?.id === me.id) ?? data?.items.find((one) => one.now.person === null) ?? data?.items[0]
  if (!data || !first) return null
  const waits = data.handovers.length + data.swaps > 0
  const name = first.now.person?.name ?? t('nobody')
  return (
    <Link
      to={'/on-call' as never}
      className={styles.chip}
      data-tone={first.now.person === null ? 'bad' : waits ? 'wait' : undefined}
      title={data.items.map((one) => `${one.rota.name}: ${one.now.person?.name ?? t('nobody')}`).join('\n')}
    >
      <IconUrgent size={16} aria-hidden="true" />
      <span className="unseen">{t('onCallNow')}: </span>
      <span className="truncate">{name}</span>
    </Link>
  )
}
