import type { TimeSettings } from '../../../contract/time.ts'

/** How a length of time is read from what a person typed, and how it is shown. */
export type Spent = { minutes: number; note: string }
type Unit = Pick<TimeSettings, 'unit' | 'show'>

const clock = /^(\d{1,2}):([0-5]\d)(?:\s+|$)/
const hours =
  /^(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:hours?|hrs?|h|stunden?|std\.?)(?:\s*(\d{1,2})\s*(?:minuten|minutes|min\.?|m)(?![a-zäöü])|(\d{1,2})(?=\s|$))?(?:\s+|$)/i
const minutes = /^(\d{1,4})\s*(?:minuten|minutes|min\.?|m)(?:\s+|$)/i
const units = /^(\d{1,3})\s*(?:units?|einheiten?|u|e)(?:\s+|$)/i
const bare = /^(\d{1,4})(?:\s+|$)/

/** "30 toner", "1h 20m", "1,5 h", "1:30", "2u". A bare number is minutes, or units where the company counts in units. */
export function spentIn(text: string, { unit, show }: Unit): Spent | undefined {
  const line = text.trim()
  const take = (found: RegExpExecArray | null, length: (m: RegExpExecArray) => number): Spent | undefined => {
    if (!found) return undefined
    const spent = Math.round(length(found))
    return spent >= 1 && spent <= 1440 ? { minutes: spent, note: line.slice(found[0].length).trim() } : undefined
  }
  return (
    take(clock.exec(line), (m) => Number(m[1]) * 60 + Number(m[2])) ??
    take(hours.exec(line), (m) => Number(m[1]?.replace(',', '.')) * 60 + Number(m[2] ?? m[3] ?? 0)) ??
    take(minutes.exec(line), (m) => Number(m[1])) ??
    take(units.exec(line), (m) => Number(m[1]) * unit) ??
    take(bare.exec(line), (m) => Number(m[1]) * (show === 'units' ? unit : 1))
  )
}

/** "1 h 20 min": the two units are written alike in both languages. */
export function hoursAndMinutes(total: number): string {
  const [h, m] = [Math.floor(total / 60), total % 60]
  return [h > 0 && `${h} h`, (m > 0 || h === 0) && `${m} min`].filter(Boolean).join(' ')
}

/** As a clock shows it: hours and minutes. */
export const onClock = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`

/** As the server counts it (its rules.ts), to be told before it is sent. */
export function countedOf(total: number, { unit, rounding }: Pick<TimeSettings, 'unit' | 'rounding'>): number {
  if (rounding === 'none') return total
  return (rounding === 'up' ? Math.ceil(total / unit) : Math.max(1, Math.round(total / unit))) * unit
}

export const today = (now = new Date()): string =>
  `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
