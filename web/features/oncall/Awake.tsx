import { IconMoon } from '@tabler/icons-react'
import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { SelectField } from '../../ui/Fields.tsx'
import { Avatar, Badge, StateMark } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'
import { useWhen } from './words.ts'

/** Who can be asked now: on call first, then who is at work, by how much of their day is left. */
export function Awake() {
  const t = useTexts(oncallTexts)
  const teams = useCall('GET /api/teams')
  const [teamId, setTeamId] = useState('')
  const awake = useCall('GET /api/on-call/awake', { query: teamId === '' ? {} : { teamId } }, { keep: true, refetchInterval: 60_000 })
  const options = [{ value: '', label: t('everybody') }, ...(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))]
  return (
    <>
      <div style={{ maxWidth: 280, marginBottom: 12 }}>
        <SelectField label={t('team')} options={options} value={teamId} onChange={setTeamId} />
      </div>
      <Loaded from={awake}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconMoon size={24} />} title={t('tabAwake')} text={t('awakeNone')} />
          ) : (
            <ul className={styles.lines}>
              {items.map((one) => (
                <AwakeLine key={one.person.id} {...{ one }} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}

type One = NonNullable<ReturnType<typeof useCall<'GET /api/on-call/awake'>>['data']>['items'][number]

function AwakeLine({ one }: { one: One }) {
  const t = useTexts(oncallTexts)
  const formats = useFormats()
  const there = useWhen(one.timeZone)
  const when = one.until === null ? null : there(one.until)
  const work = when === null ? t('offWorkAlways') : t(one.working ? 'working' : 'offWork', { when })
  return (
    <li className={styles.line}>
      <span className={`${styles.who} ${styles.lineWho}`}>
        <Avatar id={one.person.id} name={one.person.name} />
        <span className="truncate">{one.person.name}</span>
      </span>
      {one.absent ? <Badge tone="warn">{t('absent')}</Badge> : <StateMark state={one.state} />}
      {one.onCall.length > 0 && <Badge tone="info">{t('onShift', { rotas: one.onCall.map((rota) => rota.name).join(', ') })}</Badge>}
      <span className={`${styles.grow} ${styles.dim}`}>
        {t('localTime', { time: formats.clockIn(one.timeZone) })} · {work} · {t('open', { count: one.openTickets })}
        {one.skills.length > 0 && ` · ${one.skills.join(', ')}`}
      </span>
    </li>
  )
}
