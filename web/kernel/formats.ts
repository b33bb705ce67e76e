import { type Language, useLanguage } from './language.ts'

/** Dates, numbers and sizes in the reader's language, all through Intl. Instants are RFC 3339 strings. */
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

function calendarDays(instant: string, now: number): number {
  const midnight = (at: number | string) => new Date(at).setHours(0, 0, 0, 0)
  return Math.round((midnight(instant) - midnight(now)) / 86_400_000)
}

export function formatsOf(language: Language) {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const number = new Intl.NumberFormat(locale)
  const size = (bytes: number, unit: string, digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: digits,
    }).format(bytes)
  const narrow = (unit: string, n: number) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(n)
  const long = (seconds: number) =>
    seconds < 60
      ? narrow('second', Math.round(seconds))
      : seconds < 3600
        ? narrow('minute', Math.floor(seconds / 60))
        : seconds < 86_400
          ? narrow('hour', Math.floor(seconds / 3600))
          : narrow('day', Math.floor(seconds / 86_400))
  return {
    dateTime: (instant: string) => dateTime.format(new Date(instant)),
    full: (instant: string) => full.format(new Date(instant)),
    date: (instant: string) => date.format(new Date(instant)),
    time: (instant: string) => time.format(new Date(instant)),
    day: (instant: string) => day.format(new Date(instant)),
    number: (n: number) => number.format(n),
    /** "3 hours ago". */
    relative: (instant: string, now = Date.now()) => {
      const seconds = (new Date(instant).getTime() - now) / 1000
      const [unit, length] = steps.find(([, s]) => Math.abs(seconds) >= s) ?? ['minute' as const, 60]
      // Days are counted on the calendar: on Sunday morning, Friday evening is not "yesterday".
      return relative.format(unit === 'day' ? calendarDays(instant, now) : Math.trunc(seconds / length), unit)
    },
    /** As short as a list needs: time today, weekday within six days, else the day; the year when it is another. */
    brief: (instant: string, now = new Date()) => {
      const then = new Date(instant)
      if (then.toDateString() === now.toDateString()) return time.format(then)
      if (now.getTime() - then.getTime() < 6 * 86_400_000) return weekday.format(then)
      return then.getFullYear() === now.getFullYear() ? day.format(then) : date.format(then)
    },
    /** How long: "12m", "3h", "5d". */
    since: (instant: string, now = Date.now()) => {
      const minutes = Math.max(0, Math.floor((now - new Date(instant).getTime()) / 60_000))
      return minutes < 1 ? narrow('minute', 0) : long(minutes * 60)
    },
    /** The same of a number of seconds. */
    duration: (seconds: number) => long(seconds),
    size: (bytes: number) =>
      bytes < 1000
        ? size(bytes, 'byte', 0)
        : bytes < 1_000_000
          ? size(bytes / 1000, 'kilobyte', 0)
          : bytes < 1_000_000_000
            ? size(bytes / 1_000_000, 'megabyte', 1)
            : size(bytes / 1_000_000_000, 'gigabyte', 1),
    /** The wall clock in another zone, with the weekday where it differs from ours. */
    clockIn: (timeZone: string, now = new Date()) => {
      const there = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(now)
      const dayThere = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short' }).format(now)
      return dayThere === weekday.format(now) ? there : `${dayThere} ${there}`
    },
  }
}
export type Formats = ReturnType<typeof formatsOf>
/** Made once for each language: a formatter takes longer to make than a hundred dates to write. */
const made = new Map<Language, Formats>()
export function useFormats(): Formats {
  const language = useLanguage()
  const formats = made.get(language) ?? formatsOf(language)
  made.set(language, formats)
  return formats
}
