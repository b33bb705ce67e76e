import { useMemo } from 'react'
import { useLanguage } from '../../kernel/language.ts'

type Window = { startsAt: string; endsAt: string; timeZone: string }
export function useWindowWords() {
  const language = useLanguage()
  return useMemo(() => {
    const locale = language === 'de' ? 'de-DE' : 'en-GB'
    const say = (at: string, timeZone: string, parts: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone, ...parts }).format(new Date(at))
    const hours = ({ startsAt, endsAt, timeZone }: Window) => {
      const time = { hour: '2-digit', minute: '2-digit' } as const
      return `${say(startsAt, timeZone, time)} – ${say(endsAt, timeZone, time)}`
    }
    const day = ({ startsAt, timeZone }: Pick<Window, 'startsAt' | 'timeZone'>) =>
      say(startsAt, timeZone, { weekday: 'short', day: 'numeric', month: 'short' })
    const longDay = ({ startsAt, timeZone }: Pick<Window, 'startsAt' | 'timeZone'>) =>
      say(startsAt, timeZone, { weekday: 'long', day: 'numeric', month: 'long' })
    const moment = (at: string, timeZone: string) => say(at, timeZone, { dateStyle: 'medium', timeStyle: 'short' })
    return { hours, day, longDay, moment, both: (window: Window) => `${day(window)}, ${hours(window)}` }
  }, [language])
}

export const mapOf = (address: string): string =>
  `https://www.openstreetmap.org/search?query=${encodeURIComponent(address.replace(/\n/g, ', '))}`
