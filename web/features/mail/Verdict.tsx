import { IconAlertTriangle, IconArrowBackUp, IconBell, IconCornerDownRight, IconLoader, IconMinus, IconPlus } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { Badge } from '../../ui/Marks.tsx'
import { mailTexts } from './texts.ts'

export const verdicts = ['pending', 'created', 'followed-up', 'ignored', 'bounced', 'quarantined', 'alert'] as const
export type Verdict = (typeof verdicts)[number]

const looks = {
  pending: { tone: 'plain', icon: IconLoader },
  created: { tone: 'good', icon: IconPlus },
  'followed-up': { tone: 'info', icon: IconCornerDownRight },
  ignored: { tone: 'plain', icon: IconMinus },
  bounced: { tone: 'warn', icon: IconArrowBackUp },
  quarantined: { tone: 'bad', icon: IconAlertTriangle },
  alert: { tone: 'info', icon: IconBell },
} as const

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const t = useTexts(mailTexts)
  const look = looks[verdict]
  return (
    <Badge tone={look.tone}>
      <look.icon size={12} aria-hidden="true" />
      {t(verdict)}
    </Badge>
  )
}
