import type { FigureAmount, FigureDefinition } from '../../../contract/figures.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { figureTexts } from './texts.ts'

type Unit = FigureDefinition['unit']

/** Numbers of figures in words: tickets, shares, and durations as one says them. */
export function useAmounts() {
  const t = useTexts(figureTexts)
  const locale = useLanguage() === 'de' ? 'de-DE' : 'en-GB'
  const plain = new Intl.NumberFormat(locale)
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const hundredths = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const duration = (seconds: number): string => {
    const minutes = Math.round(seconds / 60)
    if (minutes < 60) return t('minutes', { m: minutes })
    if (minutes < 48 * 60) return t('hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
    const hours = Math.round(minutes / 60)
    return t('days', { d: Math.floor(hours / 24), h: hours % 24 })
  }
  /** Working time has no days: a day of it is eight hours here and nine there. */
  const working = (seconds: number): string => {
    const minutes = Math.round(seconds / 60)
    return minutes < 60 ? t('minutes', { m: minutes }) : t('hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
  }
  const write = (unit: Unit, value: number | null): string => {
    if (value === null) return '–'
    if (unit === 'working') return working(value)
    if (unit === 'number') return hundredths.format(value)
    return unit === 'tickets' ? plain.format(value) : unit === 'share' ? share.format(value) : duration(value)
  }
  /** How it differs from before, in words and never by colour alone. */
  const change = (unit: Unit, now: FigureAmount, before: FigureAmount): string | null => {
    if (now.value === null || before.value === null) return null
    const by = Math.abs(now.value - before.value)
    const same =
      unit === 'share' ? by < 0.0005 : unit === 'duration' || unit === 'working' ? by < 30 : unit === 'number' ? by < 0.005 : by === 0
    if (same) return t('same')
    return t(now.value > before.value ? 'more' : 'less', {
      value: unit === 'share' ? t('points', { value: points.format(by * 100) }) : write(unit, by),
    })
  }
  return { write, change }
}

export const toneOf = (better: FigureDefinition['better'], now: number | null, before: number | null): 'good' | 'bad' | undefined => {
  if (better === 'neither' || now === null || before === null || now === before) return undefined
  return now > before === (better === 'more') ? 'good' : 'bad'
}

const text = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
const back = (days: number) => {
  const now = new Date()
  return text(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days))
}
export const spans = ['7', '28', 'month', 'last-month'] as const
export type SpanName = (typeof spans)[number]

export function spanNamed(name: SpanName): { from: string; to: string } {
  const now = new Date()
  if (name === '7') return { from: back(6), to: back(0) }
  if (name === '28') return { from: back(27), to: back(0) }
  if (name === 'month') return { from: text(new Date(now.getFullYear(), now.getMonth(), 1)), to: back(0) }
  return { from: text(new Date(now.getFullYear(), now.getMonth() - 1, 1)), to: text(new Date(now.getFullYear(), now.getMonth(), 0)) }
}

/** Monday to Sunday, the last whole week. */
export function lastWeek(): { from: string; to: string } {
  const sunday = ((new Date().getDay() + 6) % 7) + 1
  return { from: back(sunday + 6), to: back(sunday) }
}
