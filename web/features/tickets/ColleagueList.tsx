import { useMemo, useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Avatar, StateMark } from '../../ui/Marks.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { useAway } from '../absences/absences.ts'
import styles from './ColleagueList.module.css'
import { talkTexts } from './conversation-texts.ts'

type Colleague = { id: string; name: string; state: 'available' | 'busy' | 'away'; teams: string }

/** Everybody of the teams, once, by name, with their state. */
export function useColleagues(teamId?: string): Colleague[] {
  const { data } = useCall('GET /api/teams', {}, { staleTime: 60_000 })
  return useMemo(() => {
    const found = new Map<string, Colleague>()
    for (const team of data?.items ?? [])
      if (!teamId || team.id === teamId)
        for (const { id, name, state } of team.members) {
          const before = found.get(id)
          found.set(id, { id, name, state, teams: before ? `${before.teams}, ${team.name}` : team.name })
        }
    return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
  }, [data, teamId])
}

type Props = {
  onPick: (person: { id: string; name: string }) => void
  first?: readonly { key: string; label: string; run: () => void }[]
  current?: string | undefined
  /** Only these; everybody of the teams unless told. */
  among?: ReadonlySet<string> | undefined
}
/** A short list to choose a colleague from: typing narrows it, Enter takes the first. */
export function ColleagueList({ onPick, first = [], current, among }: Props) {
  const t = useTexts(talkTexts)
  const u = useTexts(uiTexts)
  const me = useMe().id
  const [typed, setTyped] = useState('')
  const words = typed.toLowerCase()
  const formats = useFormats()
  const away = useAway()
  const shown = useColleagues().filter(
    (c) => c.id !== me && (!among || among.has(c.id)) && `${c.name} ${c.teams}`.toLowerCase().includes(words),
  )
  const fixed = typed === '' ? first : []
  return (
    <div className={styles.list}>
      <input
        className={styles.find}
        placeholder={t('findColleague')}
        aria-label={t('findColleague')}
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && shown[0] && typed) onPick(shown[0])
        }}
      />
      <div className={styles.scroll}>
        {fixed.map((f) => (
          <button key={f.key} type="button" onClick={f.run}>
            {f.label}
          </button>
        ))}
        {shown.map((c) => (
          <button key={c.id} type="button" aria-current={c.id === current || undefined} onClick={() => onPick(c)}>
            <Avatar id={c.id} name={c.name} size={22} />
            <span className="grow">
              <span className="truncate">{c.name}</span>
              <span className={styles.teams} data-away={away.has(c.id) || undefined}>
                {away.has(c.id) ? t('awayUntil', { when: formats.date(`${away.get(c.id)}T12:00:00`) }) : c.teams}
              </span>
            </span>
            <StateMark state={away.has(c.id) ? 'away' : c.state} words={false} />
          </button>
        ))}
        {shown.length === 0 && <p className="dim small">{u('nothingFound')}</p>}
      </div>
    </div>
  )
}
