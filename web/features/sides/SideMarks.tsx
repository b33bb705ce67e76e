import type { Side } from '../../../contract/sides.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Badge } from '../../ui/Marks.tsx'
import { useNow } from '../../ui/TimeAgo.tsx'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

type Shown = Pick<Side, 'state' | 'answeredAt' | 'parties' | 'reference' | 'targetOn' | 'chaseAt'>

export function SideMark({ side }: { side: Shown }) {
  const t = useTexts(sideTexts)
  const now = useNow()
  if (side.state === 'done') return <Badge>{t('done')}</Badge>
  if (side.answeredAt) return <Badge tone="good">{t('answered')}</Badge>
  if (side.chaseAt && Date.parse(side.chaseAt) <= now) return <Badge tone="warn">{t('chase')}</Badge>
  return <Badge tone="info">{t('waiting')}</Badge>
}

/** Who, their number, and by when: in words. */
export function SideFacts({ side }: { side: Shown }) {
  const t = useTexts(sideTexts)
  const formats = useFormats()
  const now = useNow()
  const late = side.state === 'open' && side.targetOn !== null && Date.parse(`${side.targetOn}T23:59:59`) < now
  return (
    <span className={styles.facts}>
      <span className="truncate">{side.parties.map((one) => one.name || one.email).join(', ')}</span>
      {side.reference && <span>{side.reference}</span>}
      {side.targetOn && side.state === 'open' && (
        <span data-bad={late || undefined}>{t(late ? 'targetPast' : 'target', { when: formats.date(`${side.targetOn}T12:00:00`) })}</span>
      )}
      {side.chaseAt && side.state === 'open' && Date.parse(side.chaseAt) > now && (
        <span>{t('chaseOn', { when: formats.date(side.chaseAt) })}</span>
      )}
    </span>
  )
}
