import { IconSettings, IconUserShare } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type DragEvent, lazy, Suspense, useState } from 'react'
import type { Queue } from '../../../contract/distribution.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Badge, PersonName, PriorityMark, StateMark } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Routing.module.css'
import { routingTexts } from './texts.ts'

const DistributionSheet = lazy(async () => ({ default: (await import('./DistributionSheet.tsx')).DistributionSheet }))
const shown = 8
const dragged = 'application/x-firstline-ticket'

/** A team: what lies there on one side, its people on the other; a ticket is dropped on a person or given by its button. */
export function QueueCard({ queue }: { queue: Queue }) {
  const t = useTexts(routingTexts)
  const formats = useFormats()
  const [settings, setSettings] = useState(false)
  const { team, unassigned } = queue
  const tickets = useCall(
    'GET /api/tickets',
    { query: { view: 'unassigned', teamId: team.id, sort: 'waiting', limit: shown } },
    { enabled: unassigned > 0 },
  )
  const give = useGive()
  const rows = unassigned > 0 ? (tickets.data?.items ?? []) : []
  return (
    <section className={styles.queue} aria-label={team.name}>
      <header className={styles.head}>
        <div className="grow">
          <h2>{team.name}</h2>
          <p className={styles.facts}>
            <span>{t('open', { count: queue.open })}</span>
            {unassigned > 0 ? (
              <span className={styles.warn}>
                {t('unassigned', { count: unassigned })}
                {queue.oldestAt && `, ${t('oldest', { time: formats.since(queue.oldestAt) })}`}
              </span>
            ) : (
              <span>{t('allTaken')}</span>
            )}
            <span>
              {t(`way-${queue.way}`)}
              {queue.cap !== null && `, ${t('capped', { cap: queue.cap })}`}
            </span>
          </p>
        </div>
        {queue.can.edit && (
          <IconButton label={t('settingsOf', { team: team.name })} icon={<IconSettings size={16} />} onClick={() => setSettings(true)} />
        )}
      </header>
      <div className={styles.sides} data-one={rows.length === 0 || undefined}>
        {rows.length > 0 && (
          <div>
            <ul className={styles.rows} aria-label={t('waitingTickets', { team: team.name })}>
              {rows.map((row) => (
                <Lying key={row.id} row={row} people={queue.people} onGive={give} />
              ))}
            </ul>
            {unassigned > rows.length && (
              <Link to="/tickets" search={{ team: team.id, view: 'unassigned' } as never} className={styles.more}>
                {t('more')}
              </Link>
            )}
          </div>
        )}
        <People queue={queue} hint={rows.length > 0} onGive={give} rows={rows} />
      </div>
      {settings && (
        <Suspense fallback={null}>
          <DistributionSheet team={team} onClose={() => setSettings(false)} />
        </Suspense>
      )}
    </section>
  )
}

type Give = (row: TicketRow, person: { id: string; name: string }) => void

function useGive(): Give {
  const t = useTexts(routingTexts)
  const edit = useSend('PATCH /api/tickets/:id', { renews: ['GET /api/queues', 'GET /api/tickets'], onProblem: toastProblem })
  return (row, person) =>
    edit.mutate(
      { params: { id: row.id }, ifMatch: row.version, body: { assigneeId: person.id } },
      { onSuccess: () => toast(t('given', { name: person.name })) },
    )
}

function Lying({ row, people, onGive }: { row: TicketRow; people: Queue['people']; onGive: Give }) {
  const t = useTexts(routingTexts)
  const formats = useFormats()
  const start = (event: DragEvent) => {
    event.dataTransfer.setData(dragged, row.id)
    event.dataTransfer.effectAllowed = 'move'
  }
  return (
    <li className={styles.row} draggable onDragStart={start}>
      <PriorityMark priority={row.priority} />
      <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} search={{} as never} draggable={false} className={styles.subject}>
        #{row.number} {row.subject}
      </Link>
      <span className={styles.dim}>{t('since', { time: formats.since(row.createdAt) })}</span>
      <Menu
        end
        target={<IconButton label={t('giveOf', { subject: row.subject })} icon={<IconUserShare size={16} />} />}
        entries={[
          { key: 'title', heading: t('giveTo') },
          ...people.map(({ person, load, absentUntil }) => ({
            key: person.id,
            label: `${person.name} (${formats.number(load)})`,
            disabled: absentUntil !== null,
            run: () => onGive(row, person),
          })),
        ]}
      />
    </li>
  )
}

function People({ queue, hint, onGive, rows }: { queue: Queue; hint: boolean; onGive: Give; rows: readonly TicketRow[] }) {
  const t = useTexts(routingTexts)
  const [over, setOver] = useState<string>()
  if (queue.people.length === 0) return <p className={styles.dim}>{t('noPeople')}</p>
  const drop = (event: DragEvent, person: { id: string; name: string }) => {
    event.preventDefault()
    setOver(undefined)
    const row = rows.find(({ id }) => id === event.dataTransfer.getData(dragged))
    if (row) onGive(row, person)
  }
  return (
    <div>
      <ul className={styles.people} aria-label={t('people', { team: queue.team.name })}>
        {queue.people.map((one) => (
          <li
            key={one.person.id}
            className={styles.person}
            data-over={over === one.person.id || undefined}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(one.person.id)
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => drop(event, one.person)}
          >
            <PersonRow one={one} cap={queue.cap} />
          </li>
        ))}
      </ul>
      {hint && <p className={styles.hint}>{t('dropHint')}</p>}
    </div>
  )
}

function PersonRow({ one, cap }: { one: Queue['people'][number]; cap: number | null }) {
  const t = useTexts(routingTexts)
  const formats = useFormats()
  return (
    <>
      <span className={styles.name}>
        <PersonName person={one.person} small />
        {one.lead && <Badge>{t('isLead')}</Badge>}
      </span>
      <span className={styles.state}>
        {one.absentUntil === null ? <StateMark state={one.state} /> : t('absentUntil', { day: formats.day(one.absentUntil) })}
      </span>
      <span className={styles.load} title={t('ofWhich', { open: one.open, waiting: one.waiting })}>
        <span className={styles.bar} aria-hidden="true">
          <span style={{ width: `${Math.min(100, (one.load / (cap ?? 15)) * 100)}%` }} data-full={one.full || undefined} />
        </span>
        {t('inHand', { load: formats.number(one.load) })}
        {one.full && <span className={styles.warn}> · {t('full')}</span>}
      </span>
      {one.skills.length > 0 && <span className={styles.skills}>{one.skills.join(', ')}</span>}
    </>
  )
}
