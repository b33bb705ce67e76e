/** `datetime-local` speaks of the wall clock here; the server of instants. */
const two = (n: number) => String(n).padStart(2, '0')
export const asField = (at: Date) =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
export const inDays = (days: number, hour = 9) => {
  const at = new Date()
  at.setDate(at.getDate() + days)
  at.setHours(hour, 0, 0, 0)
  return asField(at)
}
export const inHours = (hours: number) => asField(new Date(Date.now() + hours * 3_600_000))
export const untilMonday = () => ((8 - new Date().getDay()) % 7 || 7) as number
