import { Link } from '@tanstack/react-router'
import type { Figure, FigureDefinition } from '../../../contract/figures.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Chart } from '../../ui/Chart.tsx'
import { toneOf, useAmounts } from './amounts.ts'
import styles from './Figures.module.css'
import { figureTexts } from './texts.ts'

type Props = { figure: Figure; definition: FigureDefinition }

/** One figure: its number, how it differs from before, its days, and the way to its formula and its tickets. */
export function FigureTile({ figure, definition }: Props) {
  const t = useTexts(figureTexts)
  return (
    <section className={styles.tile} aria-label={definition.name}>
      <h3>{definition.name}</h3>
      <Amount figure={figure} definition={definition} />
      <FigureChart figure={figure} definition={definition} />
      <LeftOut figure={figure} />
      <Link to={'/figures' as never} search={((old: object) => ({ ...old, figure: figure.key })) as never} className={styles.show}>
        {t('show')}
      </Link>
    </section>
  )
}

export function Amount({ figure: { now, before }, definition: { key, unit, better } }: Props) {
  const t = useTexts(figureTexts)
  const { write, change } = useAmounts()
  const differs = change(unit, now, before)
  return (
    <>
      <p className={styles.number}>
        <strong>{write(unit, now.value)}</strong>
        {differs && <span data-tone={toneOf(better, now.value, before.value)}>{differs}</span>}
      </p>
      <p className="dim small">{useBeside({ now, before }, unit, key)}</p>
      {now.late !== null && (
        <p className={styles.late} data-some={now.late > 0 || undefined}>
          {t('lateOpen', { count: now.late })}
        </p>
      )}
    </>
  )
}

/** What the number is made of, in one line. */
function useBeside({ now, before }: Pick<Figure, 'now' | 'before'>, unit: FigureDefinition['unit'], key: Figure['key']): string {
  const t = useTexts(figureTexts)
  const { write } = useAmounts()
  if (now.value === null) return t('none')
  const tickets = t(key === 'held-by-team' ? 'hands' : 'tickets', { count: now.count })
  if (unit === 'number') return tickets
  if (unit === 'duration' || unit === 'working')
    return `${t('p90', { value: write(unit, now.p90) })} · ${t('mean', { value: write(unit, now.mean) })} · ${tickets}`
  if (unit === 'share') {
    const of = { part: now.part ?? 0, count: now.count }
    return now.asked === null ? t('ofHow', of) : t('asked', { ...of, asked: now.asked })
  }
  return now.held === null ? t('before', { value: write(unit, before.value) }) : t('held', { count: now.held })
}

export function FigureChart({ figure, definition, height }: Props & { height?: number }) {
  const t = useTexts(figureTexts)
  const formats = useFormats()
  const { write } = useAmounts()
  const name = (day: string) => formats.day(`${day}T12:00:00`)
  const points = figure.days.map(({ day, value, held }) => ({ name: name(day), value, ...(held === null ? {} : { below: held }) }))
  return (
    <Chart
      label={t('chart', { name: definition.name, from: points[0]?.name ?? '', to: points.at(-1)?.name ?? '' })}
      points={points}
      look={bars.has(figure.key) ? 'bars' : 'line'}
      write={(value) => write(definition.unit, value)}
      {...(height === undefined ? {} : { height })}
    />
  )
}

const bars = new Set<Figure['key']>(['created', 'resolved', 'missed'])

const reasons = ['merged', 'spam', 'cancelled', 'automatic'] as const

export function LeftOut({ figure: { excluded } }: { figure: Figure }) {
  const t = useTexts(figureTexts)
  const told = reasons.filter((why) => excluded[why] > 0).map((why) => t(why, { count: excluded[why] }))
  return told.length > 0 ? <p className="dim small">{t('leftOut', { what: told.join(', ') })}</p> : null
}
