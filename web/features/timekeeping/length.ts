import type { TimeSettings } from '../../../contract/time.ts'
import { sayIn } from '../../kernel/i18n.ts'
import { hoursAndMinutes } from './duration.ts'
import { timeTexts } from './texts.ts'

/** Units where the company counts in them and it comes out even, else hours and minutes. */
export function lengthOf(total: number, { unit, show }: Pick<TimeSettings, 'unit' | 'show'>): string {
  return show === 'units' && total % unit === 0 ? sayIn(timeTexts)('units', { count: total / unit }) : hoursAndMinutes(total)
}
