import { IconArchiveOff } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { StatusBadge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { useRestoreStatus } from './restore-status.ts'
import { statusTexts } from './status-texts.ts'
import styles from './Teams.module.css'

/** Stands there only when there are any. */
export function ArchivedStatuses() {
  const s = useTexts(statusTexts)
  const language = useLanguage()
  const restore = useRestoreStatus()
  const items = useCall('GET /api/statuses', { query: { archived: true } }).data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={s('outOfUse')}>
      {items.map((one) => (
        <div key={one.id} className={styles.member}>
          <span className="grow">
            <StatusBadge meaning={one.meaning} name={one.name[language]} />
          </span>
          <Button icon={<IconArchiveOff size={16} />} aria-label={`${s('restore')}: ${one.name[language]}`} onClick={() => restore(one.id)}>
            {s('restore')}
          </Button>
        </div>
      ))}
    </Section>
  )
}
