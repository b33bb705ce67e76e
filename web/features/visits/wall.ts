/** A visit's times are those of the place: who drives there looks at the clock on that wall. */
export function wallIn(instant: string | number, timeZone: string): string {
  // Swedish writes a date as `datetime-local` wants it.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(new Date(instant)).replace(' ', 'T')
}

/** The instant at which the clock there shows this; in the hour that summer time leaves out, the one after. */
export function instantIn(wall: string, timeZone: string): string | null {
  const read = Date.parse(`${wall}Z`)
  if (wall === '' || Number.isNaN(read)) return null
  const away = (at: number) => Date.parse(`${wallIn(at, timeZone)}Z`) - at
  const first = read - away(read)
  return new Date(read - away(first)).toISOString()
}
