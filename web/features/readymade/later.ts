/** Wall-clock times of a zone, without a library: the offset is asked of the browser, twice, because it may differ after the first step. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000
}

/** A `datetime-local` value ("2026-03-05T08:00") on the clock of a zone. */
export function instantIn(wall: string, timeZone: string): Date {
  const as = Date.parse(`${wall}:00Z`)
  const guess = as - offsetAt(as, timeZone)
  return new Date(as - offsetAt(guess, timeZone))
}

export const wallIn = (at: Date, timeZone: string): string =>
  new Date(at.getTime() + offsetAt(at.getTime(), timeZone)).toISOString().slice(0, 16)

/** Eight in the morning, so many days from now as they are counted there; or on the next Monday. */
export function morningIn(timeZone: string, which: 'tomorrow' | 'monday', now = new Date()): string {
  const today = new Date(`${wallIn(now, timeZone).slice(0, 10)}T00:00:00Z`)
  const days = which === 'tomorrow' ? 1 : (8 - today.getUTCDay()) % 7 || 7
  return `${new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10)}T08:00`
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
