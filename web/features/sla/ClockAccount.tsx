import { useState } from 'react'
import type { Clock, SpanLine } from '../../../contract/sla.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './Sla.module.css'
import { slaTexts } from './texts.ts'
import { spent, useMoments } from './words.ts'

/** The account of one clock: what ran, what did not and why, and who had the ticket meanwhile. */
const shownFirst = 40

export function Account({ clock }: { clock: Clock }) {
  const t = useTexts(slaTexts)
  const [all, setAll] = useState(false)
  const hidden = all ? 0 : Math.max(0, clock.account.length - shownFirst)
  const lines = clock.account.slice(hidden)
  return (
    <>
      <h3 className={styles.small}>{t('account')}</h3>
      {hidden > 0 && <Button onClick={() => setAll(true)}>{t('more')}</Button>}
      <ol className={styles.account}>
        {lines.map((line) => (
          <Line key={`${line.from} ${line.what}`} line={line} clock={clock} />
        ))}
      </ol>
      <Holders clock={clock} />
    </>
  )
}

function Line({ line, clock }: { line: SpanLine; clock: Clock }) {
  const t = useTexts(slaTexts)
  const { at, stretch } = useMoments()
  const broke = clock.breachedAt !== null && line.from <= clock.breachedAt && (line.to === null || clock.breachedAt < line.to)
  const who = [line.assignee?.name, line.team?.name].filter(Boolean).join(' · ')
  return (
    <>
      <li data-what={line.what}>
        <span className={styles.when}>{line.to === null ? `${at(line.from)} – ${t('still')}` : stretch(line.from, line.to)}</span>
        <span className={styles.what}>
          <Words line={line} byCalendar={clock.runsBy === 'calendar'} />
          {line.retroactive && <span className="dim"> ({t('retroactive')})</span>}
        </span>
        <span className={styles.held}>{line.what === 'ran' && (who || t('nobody'))}</span>
      </li>
      {broke && (
        <li data-what="broke" className={styles.broke}>
          {t('brokeHere', { when: at(clock.breachedAt ?? line.from) })}
        </li>
      )}
    </>
  )
}

function Words({ line, byCalendar }: { line: SpanLine; byCalendar: boolean }) {
  const t = useTexts(slaTexts)
  const why = line.status ?? (line.why === 'condition' ? t('condition') : (line.why ?? ''))
  if (line.what === 'ran') return t('ran', { time: spent(byCalendar ? line.calendarMs : line.businessMs) })
  if (line.what === 'holiday') return t('holiday', { name: line.why ?? '' })
  if (line.what === 'outside') return t('outside')
  return t(line.what === 'paused' ? 'pausedLine' : 'stopped', { why })
}

function Holders({ clock }: { clock: Clock }) {
  const t = useTexts(slaTexts)
  if (clock.holders.length === 0) return null
  return (
    <>
      <h3 className={styles.small}>{t('who')}</h3>
      <ul className={styles.plainList}>
        {clock.holders.map((one) => (
          <li key={`${one.team?.id} ${one.assignee?.id}`}>
            {[one.assignee?.name, one.team?.name].filter(Boolean).join(' · ') || t('nobody')}:{' '}
            {t('share', { time: spent(clock.runsBy === 'calendar' ? one.calendarMs : one.businessMs), percent: Math.round(one.percent) })}
            {one.breached && <strong className={styles.brokeWith}> {t('brokeWith')}</strong>}
          </li>
        ))}
      </ul>
    </>
  )
}
