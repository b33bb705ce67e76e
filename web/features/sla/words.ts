import type { Clock } from '../../../contract/sla.ts'
import type { TicketDue } from '../../../contract/tickets.ts'
import { type Language, useLanguage } from '../../kernel/language.ts'
import { useNow } from '../../ui/TimeAgo.tsx'

/** "35 min", "2:10 h": working time has no days, because a day of it is eight hours here and nine there. */
export function spent(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes >= 60 && minutes % 60 === 0) return `${minutes / 60} h`
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`
}

/** As it stands this minute: it was counted when it was fetched, and outside working hours it does not pass. */
export function useDue(due: TicketDue): { state: 'left' | 'late' | 'paused'; ms: number; tone: 'plain' | 'warn' | 'bad' } {
  const now = useNow()
  if (due.state === 'paused') return { state: 'paused', ms: due.leftMs, tone: 'plain' }
  const until = due.at === null ? due.leftMs : new Date(due.at).getTime() - now
  const late = due.state === 'breached' || until < 0
  const ms = late ? Math.min(due.leftMs, 0) || until : Math.min(due.leftMs, until)
  return { state: late ? 'late' : 'left', ms, tone: late ? 'bad' : ms < 3_600_000 ? 'warn' : 'plain' }
}

const made = new Map<string, Intl.DateTimeFormat>()
function format(language: Language, choices: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(choices)}`
  const known = made.get(key) ?? new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', choices)
  made.set(key, known)
  return known
}
const clock = { hour: '2-digit', minute: '2-digit' } as const

/** "Fri 15 Jan 16:50", and of a stretch within a day "Fri 15 Jan 16:50 to 17:00". */
export function useMoments() {
  const language = useLanguage()
  const at = (instant: string) => {
    const date = new Date(instant)
    return `${format(language, { weekday: 'short', day: 'numeric', month: 'short' }).format(date)} ${format(language, clock).format(date)}`
  }
  const time = (instant: string) => format(language, clock).format(new Date(instant))
  const stretch = (from: string, to: string) =>
    new Date(from).toDateString() === new Date(to).toDateString() ? `${at(from)} – ${time(to)}` : `${at(from)} – ${at(to)}`
  return { at, stretch }
}

export const toneOf = (state: Clock['state']): 'good' | 'bad' | 'warn' | 'plain' =>
  state === 'met' ? 'good' : state === 'missed' || state === 'breached' ? 'bad' : 'plain'
