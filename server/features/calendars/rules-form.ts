import { Temporal } from '../../kernel/clock.ts'
import { type Hours, type Weekday, weekdays } from './rules-days.ts'

/** From what is kept of a calendar to what a clock counts by. */
export type Names = { en: string; de: string }
type OwnHours = [from: string, to: string][]
export type OwnDay = { day: string; name: string; repeats: 'once' | 'yearly'; hours: OwnHours }
export type Holiday = { day: string; name: Names }
export type KeptCalendar = {
  timeZone: string
  hours: { [day in Weekday]?: OwnHours | undefined }
  days: readonly OwnDay[]
  holidays: readonly Holiday[]
}

/** Clocks look back at old tickets and ten years ahead. */
const [firstYear, lastYear] = [2000, 2060]

/** A day of every year stands in each; one of 29 February only in leap years. */
function eachYear(day: string): string[] {
  const rest = day.slice(4)
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, n) => `${firstYear + n}${rest}`)
  return rest === '-02-29' ? years.filter((text) => Temporal.PlainDate.from(`${text.slice(0, 4)}-01-01`).inLeapYear) : years
}

const weekdayOf = (day: string) => weekdays[Temporal.PlainDate.from(day).dayOfWeek - 1]!

/**
 * What is written for one day alone counts before what is written for every year. A half day of every year opens no day
 * that is closed by its weekday: when 24 December is a Sunday it stays one.
 */
function ownDays({ days, hours }: Pick<KeptCalendar, 'days' | 'hours'>): Map<string, OwnDay> {
  const found = new Map<string, OwnDay>()
  for (const own of days)
    if (own.repeats === 'yearly')
      for (const day of eachYear(own.day)) if (own.hours.length === 0 || (hours[weekdayOf(day)] ?? []).length > 0) found.set(day, own)
  for (const own of days) if (own.repeats === 'once') found.set(own.day, own)
  return found
}

export function formOf(kept: KeptCalendar) {
  const { timeZone, hours, holidays } = kept
  const own = ownDays(kept)
  return {
    tz: timeZone,
    hours,
    holidays: holidays.map(({ day }) => day),
    holiday_hours: Object.fromEntries([...own].map(([day, { hours }]) => [day, hours])),
  }
}

/** What a day is called that is not like its weekday. */
export function namesOf(kept: KeptCalendar): ReadonlyMap<string, Names> {
  const { holidays } = kept
  const own = [...ownDays(kept)].map(([day, { name }]) => [day, { en: name, de: name }] as const)
  return new Map([...holidays.map(({ day, name }) => [day, name] as const), ...own])
}

export type LookedAt = { day: string; hours: OwnHours; why: 'week' | 'holiday' | 'own'; name: Names | null }

/** Days one by one, with the reason for their hours. */
export function daysFrom(kept: KeptCalendar, first: Temporal.PlainDate, many: number): LookedAt[] {
  const own = ownDays(kept)
  const holidays = new Map(kept.holidays.map(({ day, name }) => [day, name]))
  return Array.from({ length: many }, (_, n) => {
    const date = first.add({ days: n })
    const day = date.toString()
    const mine = own.get(day)
    if (mine) return { day, hours: mine.hours, why: 'own', name: { en: mine.name, de: mine.name } }
    const holiday = holidays.get(day)
    if (holiday) return { day, hours: [], why: 'holiday', name: holiday }
    return { day, hours: kept.hours[weekdays[date.dayOfWeek - 1]!] ?? [], why: 'week', name: null }
  })
}

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const inMinutes = ([from, to]: Hours[number]): [number, number] => {
  const [begin, end] = [minuteOf(from), minuteOf(to)]
  return [begin, end <= begin ? end + 24 * 60 : end]
}

/** Which interval of a day begins before an earlier one has ended. */
export function overlapIn(hours: Hours): number | null {
  const sorted = hours.map((interval, n) => ({ n, span: inMinutes(interval) })).toSorted((a, b) => a.span[0] - b.span[0])
  const at = sorted.findIndex(({ span }, n) => n > 0 && span[0] < sorted[n - 1]!.span[1])
  return at < 0 ? null : sorted[at]!.n
}

/** Minutes of an ordinary week, as its rows say. */
export const minutesOfWeek = (hours: KeptCalendar['hours']): number =>
  weekdays
    .flatMap((day) => hours[day] ?? [])
    .map(inMinutes)
    .reduce((sum, [from, to]) => sum + to - from, 0)
