import type { TimeSettings } from '../../../contract/time.ts'

/** How measured minutes are counted. Pure. */
export const usual: TimeSettings = { unit: 5, rounding: 'up', show: 'minutes', billable: false }

/** Nobody works for nothing: what rounds to nothing counts one unit. */
export function counted(minutes: number, { unit, rounding }: Pick<TimeSettings, 'unit' | 'rounding'>): number {
  if (rounding === 'none') return minutes
  const units = rounding === 'up' ? Math.ceil(minutes / unit) : Math.max(1, Math.round(minutes / unit))
  return units * unit
}

/** What a clock shows, as an entry takes it: begun minutes count, from one minute to one day. */
export const measured = (seconds: number): number => Math.min(1440, Math.max(1, Math.ceil(seconds / 60)))

/** One line of CSV (RFC 4180). A cell that begins like a formula would be run by a spreadsheet: an apostrophe keeps it text. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell) =>
      typeof cell === 'number' ? String(cell) : `"${(/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`,
    )
    .join(',')
