import { IconArrowsShuffle, IconPencil, IconPlus, IconStairsUp, IconUsersGroup } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Team } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Badge, PersonName, StateMark } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { DistributionSheet } from '../routing/DistributionSheet.tsx'
import { routingTexts } from '../routing/texts.ts'
import { DutySheet } from '../tiers/DutySheet.tsx'
import { tierTexts } from '../tiers/texts.ts'
import { ArchivedTeams } from './ArchivedTeams.tsx'
import { SkillList } from './SkillList.tsx'
import { TeamSheet } from './TeamSheet.tsx'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

export function TeamList() {
  const t = useTexts(teamTexts)
  const mayEdit = useMay('team.edit')
  const teams = useCall('GET /api/teams')
  const mayRoute = useMay('routing.edit')
  const [open, setOpen] = useState<Team | 'new'>()
  const [given, setGiven] = useState<Team>()
  const [dutiesOf, setDutiesOf] = useState<Team>()
  useShortcut('n', t('newTeam'), t('title'), () => setOpen('new'), { on: mayEdit })
  const add = mayEdit && (
    <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
      {t('newTeam')}
    </Button>
  )
  return (
    <div className={styles.stack}>
      <Loaded from={teams}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconUsersGroup size={24} />} title={t('noTeams')} text={t('noTeamsText')} action={add} />
          ) : (
            <>
              <div className={styles.bar}>
                <p>{t('teamsLead')}</p>
                {add}
              </div>
              {byTier(items).map(([tier, inTier]) => (
                <section key={tier ?? 'none'} className={styles.stack}>
                  <h2>{tier === null ? t('noTier') : t('tier', { tier })}</h2>
                  <div className={styles.grid}>
                    {inTier.map((team) => (
                      <TeamCard
                        key={team.id}
                        team={team}
                        {...(mayEdit ? { onEdit: () => setOpen(team), onDuties: () => setDutiesOf(team) } : {})}
                        {...(mayRoute ? { onGive: () => setGiven(team) } : {})}
                      />
                    ))}
                  </div>
                </section>
              ))}
            </>
          )
        }
      </Loaded>
      {mayEdit && <ArchivedTeams />}
      <SkillList />
      {dutiesOf && <DutySheet team={dutiesOf} onClose={() => setDutiesOf(undefined)} />}
      {given && <DistributionSheet team={given} onClose={() => setGiven(undefined)} />}
      {open && <TeamSheet {...(open === 'new' ? {} : { team: open })} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function byTier(teams: readonly Team[]): [number | null, Team[]][] {
  const tiers = [...new Set(teams.map((team) => team.tier))].sort((a, b) => (a ?? 99) - (b ?? 99))
  return tiers.map((tier) => [tier, teams.filter((team) => team.tier === tier)])
}

type CardActs = { onEdit?: () => void; onGive?: () => void; onDuties?: () => void }
function TeamCard({ team, onEdit, onGive, onDuties }: { team: Team } & CardActs) {
  const t = useTexts(teamTexts)
  const d = useTexts(tierTexts)
  const r = useTexts(routingTexts)
  const ready = team.members.filter((m) => m.state === 'available').length
  return (
    <article className={styles.team}>
      <header className={styles.head}>
        <div className="grow">
          <h3>{team.name}</h3>
          {team.speciality && <p className="dim small">{team.speciality}</p>}
        </div>
        {onDuties && <IconButton label={d('dutiesOf', { team: team.name })} icon={<IconStairsUp size={16} />} onClick={onDuties} />}
        {onGive && <IconButton label={r('settingsOf', { team: team.name })} icon={<IconArrowsShuffle size={16} />} onClick={onGive} />}
        {onEdit && <IconButton label={t('editTeam', { name: team.name })} icon={<IconPencil size={16} />} onClick={onEdit} />}
      </header>
      <p className={styles.load}>
        <Link to="/tickets" search={{ team: team.id, view: 'all-open' }}>
          {t('openTickets', { count: team.openTickets })}
        </Link>
        <span>{t('memberCount', { count: team.members.length })}</span>
        {team.members.length > 0 &&
          (ready > 0 ? <span>{t('available', { count: ready })}</span> : <span className={styles.warn}>{t('nobodyAvailable')}</span>)}
      </p>
      {team.members.length === 0 && <p className={`small ${styles.warn}`}>{t('noMembers')}</p>}
      <ul className={styles.members}>
        {team.members.map((m) => (
          <li key={m.id}>
            <Link to="/people/$personId" params={{ personId: m.id }} className="grow">
              <PersonName person={m} small />
            </Link>
            {m.lead && <Badge>{t('lead_')}</Badge>}
            <span className="small dim">
              <StateMark state={m.state} />
            </span>
          </li>
        ))}
      </ul>
    </article>
  )
}
