import type { Clock } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { SideSheet } from '../../ui/Dialog.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Loaded } from '../../ui/States.tsx'
import { CauseForm } from './CauseForm.tsx'
import { Account } from './ClockAccount.tsx'
import styles from './Sla.module.css'
import { slaTexts } from './texts.ts'
import { spent, toneOf, useMoments } from './words.ts'

/** Why a ticket is due when it is due: each of its clocks with a line for each stretch of time. */
export function ClockSheet({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const t = useTexts(slaTexts)
  const clocks = useCall('GET /api/tickets/:id/clocks', { params: { id: ticketId } })
  return (
    <SideSheet title={t('title')} open onClose={onClose} size="lg">
      <p className="dim">{t('lead')}</p>
      <Loaded from={clocks}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t('none')}</p>
          ) : (
            items.map((clock, n) => <OneClock key={clock.id} clock={clock} ticketId={ticketId} first={n === 0} />)
          )
        }
      </Loaded>
    </SideSheet>
  )
}

function useGoal() {
  const t = useTexts(slaTexts)
  return ({ goal }: Clock): string =>
    'minutes' in goal ? t('minutes', { time: spent(goal.minutes * 60_000) }) : t('byDay', { by: goal.by, count: goal.days })
}

function OneClock({ clock, ticketId, first }: { clock: Clock; ticketId: string; first: boolean }) {
  const t = useTexts(slaTexts)
  const goal = useGoal()
  const { at } = useMoments()
  const counts = clock.runsBy === 'calendar' ? t('byClock') : t('byOffice', { calendar: clock.calendar?.name ?? '' })
  const used = clock.runsBy === 'calendar' ? clock.usedCalendarMs : clock.usedBusinessMs
  return (
    <details className={styles.clock} open={first}>
      <summary>
        <span className={styles.target}>{t(clock.target)}</span>
        <Badge tone={toneOf(clock.state)}>{t(`state-${clock.state}`)}</Badge>
        <span className="grow" />
        <span className="dim">{clock.dueAt && t(clock.endedAt ? 'wasDue' : 'dueAt', { when: at(clock.dueAt) })}</span>
      </summary>
      <p className={styles.terms}>
        {t(clock.agreement.kind)} ·{' '}
        {t('rule', { agreement: clock.agreement.name, version: clock.agreement.version, rule: clock.rule.name, goal: goal(clock), counts })}
      </p>
      <p>{t('used', { used: spent(used), whole: spent(used + clock.leftMs), percent: Math.round(clock.percent) })}</p>
      <div className={styles.meter} data-tone={clock.percent > 100 ? 'bad' : 'plain'} aria-hidden="true">
        <div style={{ width: `${Math.min(100, clock.percent)}%` }} />
      </div>
      {clock.lateFromTheStart && <p className="dim">{t('late100')}</p>}
      {clock.causeAsked && <CauseForm clock={clock} ticketId={ticketId} />}
      {clock.cause && (
        <p>
          {t('causeSaid', { cause: clock.cause.name })} {clock.causeNote && <span className="dim">{clock.causeNote}</span>}
        </p>
      )}
      <Account clock={clock} />
      <Warnings clock={clock} />
    </details>
  )
}

function Warnings({ clock }: { clock: Clock }) {
  const t = useTexts(slaTexts)
  const { at } = useMoments()
  if (clock.thresholds.length === 0 || clock.endedAt) return null
  return (
    <>
      <h3 className={styles.small}>{t('warnings')}</h3>
      <ul className={styles.plainList}>
        {clock.thresholds.map((one) => {
          const when = one.firedAt ? t('fired') : one.at ? at(one.at) : t('ahead')
          const key = one.percent === null ? `b${one.minutesBefore}` : `p${one.percent}`
          return (
            <li key={key}>
              {one.percent === null
                ? t('warn-before', { minutes: one.minutesBefore ?? 0, when })
                : t('warn-percent', { percent: one.percent, when })}
            </li>
          )
        })}
      </ul>
    </>
  )
}
