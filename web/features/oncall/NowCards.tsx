import { IconArchive } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { OnCallShift } from '../../../contract/oncall.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Avatar } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'
import { useWhen } from './words.ts'

/** Rota by rota: who has it now, and who comes. */
export function NowCards({ archived = false }: { archived?: boolean }) {
  return archived ? <ArchivedCards /> : <LivingCards />
}

function LivingCards() {
  const onCall = useCall('GET /api/on-call')
  return (
    <Loaded from={onCall}>
      {({ items }) => (
        <div className={styles.cards}>
          {items.map((one) => (
            <Link key={one.rota.id} to={'/on-call/$rotaId' as never} params={{ rotaId: one.rota.id } as never} className={styles.card}>
              <span className={styles.cardHead}>
                <span className="truncate">{one.rota.name}</span>
                <span className={styles.dim}>{one.team.name}</span>
              </span>
              <Who shift={one.now} />
              <Then now={one.now} next={one.next} />
            </Link>
          ))}
        </div>
      )}
    </Loaded>
  )
}

function Who({ shift }: { shift: OnCallShift }) {
  const t = useTexts(oncallTexts)
  const me = useMe()
  if (shift.person === null) return <span className={styles.empty}>{t('nobody')}</span>
  const { id, name } = shift.person
  return (
    <span className={styles.who}>
      <Avatar id={id} name={name} size={28} />
      <span className="truncate">{id === me.id ? t('me', { name }) : name}</span>
    </span>
  )
}

function Then({ now, next }: { now: OnCallShift; next: OnCallShift | null }) {
  const t = useTexts(oncallTexts)
  const when = useWhen()
  return (
    <span className={styles.dim}>
      {next === null ? t('long') : t('until', { when: when(now.to) })}
      <br />
      {next && (next.person ? t('next', { name: next.person.name, when: when(next.from) }) : t('nextNobody', { when: when(next.from) }))}
    </span>
  )
}

function ArchivedCards() {
  const t = useTexts(oncallTexts)
  const rotas = useCall('GET /api/rotas', { query: { archived: 'true' } })
  return (
    <Loaded from={rotas}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon={<IconArchive size={24} />} title={t('tabArchived')} text="" />
        ) : (
          <div className={styles.cards}>
            {items.map((rota) => (
              <Link key={rota.id} to={'/on-call/$rotaId' as never} params={{ rotaId: rota.id } as never} className={styles.card}>
                <span className={styles.cardHead}>{rota.name}</span>
                <span className={styles.dim}>{rota.team.name}</span>
              </Link>
            ))}
          </div>
        )
      }
    </Loaded>
  )
}
