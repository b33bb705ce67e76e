import { IconArrowLeft, IconArrowRight, IconCalendarTime, IconPencil } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { OnCallShift, Rota } from '../../../contract/oncall.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { wallIn } from '../visits/wall.ts'
import { Handovers } from './Handovers.tsx'
import { LinkDialog } from './LinkDialog.tsx'
import styles from './OnCall.module.css'
import { Problems } from './Problems.tsx'
import { RotaSheet } from './RotaSheet.tsx'
import { ShiftSheet } from './ShiftSheet.tsx'
import { Swaps } from './Swaps.tsx'
import { daysOf, midnight, Timeline } from './Timeline.tsx'
import { oncallTexts } from './texts.ts'
import { rotaTexts } from './texts-rota.ts'

export function RotaPage() {
  const { rotaId } = useParams({ strict: false }) as { rotaId: string }
  const rota = useCall('GET /api/rotas/:id', { params: { id: rotaId } })
  return <Loaded from={rota}>{(found) => <Known rota={found} />}</Loaded>
}

function Known({ rota }: { rota: Rota }) {
  const t = useTexts(oncallTexts)
  const r = useTexts(rotaTexts)
  const [opened, setOpened] = useState<'edit' | 'link'>()
  return (
    <Page
      title={rota.name}
      lead={`${rota.team.name} · ${r('timesIn', { zone: rota.timeZone })}`}
      back={
        <Link to={'/on-call' as never} className="row dim">
          <IconArrowLeft size={16} /> {r('back')}
        </Link>
      }
      actions={
        <>
          <Button icon={<IconCalendarTime size={16} />} onClick={() => setOpened('link')}>
            {t('calendar')}
          </Button>
          {rota.can.edit && <Archiving rota={rota} />}
          {rota.can.edit && !rota.archived && (
            <Button icon={<IconPencil size={16} />} onClick={() => setOpened('edit')}>
              {r('edit')}
            </Button>
          )}
        </>
      }
    >
      {rota.archived && <p className={styles.dim}>{r('archived')}</p>}
      <Schedule rota={rota} />
      <Section title={t('tabSwaps')}>
        <Swaps rotaId={rota.id} />
      </Section>
      <Handovers rotaId={rota.id} archived={rota.archived} />
      {opened === 'edit' && <RotaSheet rota={rota} onClose={() => setOpened(undefined)} />}
      {opened === 'link' && <LinkDialog rotaId={rota.id} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function Archiving({ rota }: { rota: Rota }) {
  const r = useTexts(rotaTexts)
  const renews = ['GET /api/rotas', 'GET /api/rotas/:id', 'GET /api/on-call'] as const
  const restore = useSend('POST /api/rotas/:id/restore', { renews, onProblem: toastProblem })
  const again = () => restore.mutate({ params: { id: rota.id } })
  const archive = useSend('POST /api/rotas/:id/archive', {
    renews,
    onProblem: toastProblem,
    onDone: () => toast(r('archivedToast'), { undo: again }),
  })
  if (rota.archived)
    return (
      <Button busy={restore.isPending} onClick={again}>
        {r('restore')}
      </Button>
    )
  return (
    <Button look="plain" busy={archive.isPending} onClick={() => archive.mutate({ params: { id: rota.id } })}>
      {r('archive')}
    </Button>
  )
}

const dayLength = 86_400_000
/** The Monday of the week in which that moment lies, at midnight on the clock of the zone, and so many days on. */
function rangeFrom(timeZone: string, weeks: number, days: number) {
  const today = wallIn(Date.now(), timeZone).slice(0, 10)
  const monday = Date.parse(`${today}T12:00Z`) - ((new Date(`${today}T12:00Z`).getUTCDay() + 6) % 7) * dayLength + weeks * 7 * dayLength
  const day = (at: number) => new Date(midnight(new Date(at).toISOString().slice(0, 10), timeZone)).toISOString()
  return { from: day(monday), to: day(monday + days * dayLength) }
}

function Schedule({ rota }: { rota: Rota }) {
  const t = useTexts(oncallTexts)
  const r = useTexts(rotaTexts)
  const [days, setDays] = useState<'7' | '28'>('7')
  const [weeks, setWeeks] = useState(0)
  const [shift, setShift] = useState<OnCallShift>()
  const { from, to } = rangeFrom(rota.timeZone, weeks, Number(days))
  const schedule = useCall('GET /api/rotas/:id/schedule', { params: { id: rota.id }, query: { from, to } }, { keep: true })
  const step = days === '7' ? 1 : 4
  return (
    <>
      <Section
        title={r('schedule')}
        actions={
          <div className="row">
            <IconButton label={r('earlier')} icon={<IconArrowLeft size={18} />} onClick={() => setWeeks(weeks - step)} />
            <Button onClick={() => setWeeks(0)} disabled={weeks === 0}>
              {r('today')}
            </Button>
            <IconButton label={r('later')} icon={<IconArrowRight size={18} />} onClick={() => setWeeks(weeks + step)} />
            <ChoiceField
              label={r('span')}
              hideLabel
              options={[
                { value: '7', label: r('week') },
                { value: '28', label: r('fourWeeks') },
              ]}
              value={days}
              onChange={setDays}
            />
          </div>
        }
      >
        <Loaded from={schedule} rows={3}>
          {({ items, layers }) =>
            days === '28' ? (
              <Weeks rota={rota} from={from} to={to} items={items} onOpen={setShift} />
            ) : (
              <Timeline
                timeZone={rota.timeZone}
                from={from}
                to={to}
                rows={[
                  { key: 'final', label: r('final'), items },
                  ...layers.map((layer, n) => ({
                    key: layer.layerId,
                    label: rota.layers.find((one) => one.id === layer.layerId)?.name ?? r('layer', { count: n + 1 }),
                    items: layer.items,
                  })),
                ]}
                onOpen={setShift}
              />
            )
          }
        </Loaded>
      </Section>
      <Section title={t('problems')} lead={t('problemsLead')}>
        <Loaded from={schedule} rows={2}>
          {({ problems }) => <Problems items={problems} timeZone={rota.timeZone} />}
        </Loaded>
      </Section>
      {shift && <ShiftSheet key={shift.from} rota={rota} shift={shift} onClose={() => setShift(undefined)} />}
    </>
  )
}

type Span = { rota: Rota; from: string; to: string; items: readonly OnCallShift[]; onOpen: (shift: OnCallShift) => void }

/** Four weeks, one below the other as in a calendar: only who is on call. */
function Weeks({ rota, from, to, items, onOpen }: Span) {
  const r = useTexts(rotaTexts)
  const days = daysOf(rota.timeZone, from, to)
  const weeks = [0, 7, 14, 21].flatMap((n) => {
    const [first, last] = [days[n], days[n + 6]]
    return first && last ? [{ from: new Date(first.at).toISOString(), to: new Date(last.end).toISOString() }] : []
  })
  return (
    <div className="stack">
      {weeks.map((week) => (
        <Timeline
          key={week.from}
          timeZone={rota.timeZone}
          {...week}
          rows={[{ key: 'final', label: r('final'), items: items.filter((one) => one.from < week.to && one.to > week.from) }]}
          onOpen={onOpen}
        />
      ))}
    </div>
  )
}
