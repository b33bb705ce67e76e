import type { OnCallShift, RotaProblem } from '../../../contract/oncall.ts'
import type { Say } from '../../kernel/i18n.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { oncallTexts } from './texts.ts'

/** Times of a rota are said on the clock of its zone, with the weekday: a shift is never just "at 9". */
export function useWhen(timeZone?: string): (instant: string) => string {
  const language = useLanguage()
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  })
  return (instant) => format.format(new Date(instant))
}

type Words = Say<(typeof oncallTexts)['en']>

export function whyOf(t: Words, shift: OnCallShift, layer: string): string {
  const name = shift.insteadOf?.name ?? ''
  if (shift.why === 'layer') return t('why.layer', { layer })
  if (shift.why === 'cover') return t('why.cover', { name })
  if (shift.why === 'absent') return t('why.absent', { name })
  if (shift.why === 'left') return t('why.left', { name })
  return t(shift.why === 'override' ? 'why.override' : shift.why === 'nobody' ? 'why.nobody' : 'why.gap')
}

export function useProblemWords(): (problem: RotaProblem) => string {
  const t = useTexts(oncallTexts)
  return ({ kind, person, otherRota }) => {
    const name = person?.name ?? ''
    if (kind === 'double') return t('kind.double', { name, rota: otherRota?.name ?? '' })
    if (kind === 'gap' || kind === 'nobody') return t(kind === 'gap' ? 'kind.gap' : 'kind.nobody')
    return t(kind === 'absent' ? 'kind.absent' : kind === 'left' ? 'kind.left' : 'kind.blind', { name })
  }
}
