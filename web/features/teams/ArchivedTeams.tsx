import { IconArchiveOff } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

/** Stands there only when there are any. */
export function ArchivedTeams() {
  const t = useTexts(teamTexts)
  const teams = useCall('GET /api/teams', { query: { archived: 'true' as never } })
  const restore = useSend('POST /api/teams/:id/restore', {
    renews: ['GET /api/teams'],
    onDone: ({ name }) => void toast(t('teamRestored', { name })),
    onProblem: toastProblem,
  })
  const items = teams.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={t('archivedTeams')}>
      {items.map((team) => (
        <div key={team.id} className={styles.member}>
          <span className="grow">{team.name}</span>
          <Button
            icon={<IconArchiveOff size={16} />}
            aria-label={`${t('restoreTeam')}: ${team.name}`}
            onClick={() => restore.mutate({ params: { id: team.id } })}
          >
            {t('restoreTeam')}
          </Button>
        </div>
      ))}
    </Section>
  )
}
