import type { Meaning } from '../../../contract/tickets.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'

/** What words of other desks mean here: states, priorities, kinds, languages, dates. Pure; undefined: nobody knows. */
const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')

const meaningWords: Record<Exclude<Meaning, 'waiting-record'>, string> = {
  new: 'new, neu, incoming, unassigned, unbearbeitet',
  open: 'open, offen, opened, in progress, in bearbeitung, in arbeit, assigned, zugewiesen, processing, processing (assigned), bearbeitung (zugewiesen), wieder geöffnet, reopened, active, work in progress',
  'waiting-requester':
    'pending, waiting, wartend, on hold, pending reminder, warten auf erinnerung, waiting on customer, waiting for customer, awaiting your reply, wartet auf kunden, wartet auf antragsteller, pending close, warten auf schließen, rückfrage',
  'waiting-vendor': 'waiting on third party, waiting for vendor, hold, vendor, wartet auf lieferanten, extern, beim lieferanten',
  'waiting-approval': 'waiting for approval, approval, wartet auf freigabe, genehmigung, validation',
  scheduled: 'scheduled, planned, geplant, processing (planned), bearbeitung (geplant), terminiert',
  resolved: 'resolved, solved, gelöst, erledigt, done, fixed, fertig',
  closed: 'closed, geschlossen, abgeschlossen, archived, archiviert, merged, zusammengefasst',
  cancelled: 'cancelled, canceled, abgebrochen, storniert, removed, rejected, abgelehnt, withdrawn, spam',
}
const meaningOf = new Map<string, Meaning>(
  Object.entries(meaningWords).flatMap(([meaning, list]) => list.split(',').map((word) => [plain(word), meaning as Meaning])),
)
export const guessMeaning = (value: string): Meaning | undefined => meaningOf.get(plain(value))

/** 1 critical to 5 low. Zammad writes "2 normal" (1 is low), Jira and others "P1" (1 is highest). */
const priorityWords: [number, string][] = [
  [1, 'urgent, critical, kritisch, major, blocker, very high, sehr hoch, emergency, notfall, p1'],
  [2, 'high, hoch, dringend, 3 high, 3 hoch, p2'],
  [3, 'medium, normal, mittel, 2 normal, p3, standard'],
  [4, 'low, niedrig, gering, 1 low, 1 niedrig, minor, p4'],
  [5, 'very low, sehr niedrig, lowest, trivial, p5'],
]
const priorityOfWord = new Map(priorityWords.flatMap(([priority, list]) => list.split(',').map((word) => [plain(word), priority])))
export function guessPriority(value: string): number | undefined {
  const word = plain(value)
  return priorityOfWord.get(word) ?? (/^[1-5]$/.test(word) ? Number(word) : undefined)
}

/** Impact and urgency: 1 low to 3 high. */
export function guessLevel(value: string): number | undefined {
  const word = plain(value)
  if (/^[1-3]$/.test(word)) return Number(word)
  const priority = guessPriority(value)
  return priority === undefined ? undefined : priority <= 2 ? 3 : priority === 3 ? 2 : 1
}

export function guessKind(value: string): 'incident' | 'request' | undefined {
  const word = plain(value)
  if (/^(incident|störung|problem|vorfall|bug|fehler|1)$/.test(word)) return 'incident'
  if (/^(request|service request|demand|anfrage|anforderung|serviceanfrage|question|frage|task|aufgabe|feature request|2)$/.test(word))
    return 'request'
  return undefined
}

export function guessLanguage(value: string): 'en' | 'de' | undefined {
  const word = plain(value)
  if (/^(de|deu|ger|german|deutsch)\b/.test(word)) return 'de'
  return /^(en|eng|english|englisch)\b/.test(word) ? 'en' : undefined
}

const channels: Record<string, 'mail' | 'portal' | 'phone' | 'counter' | 'chat' | 'api'> = {}
for (const [channel, list] of [
  ['mail', 'email, e-mail, mail, e mail'],
  ['phone', 'phone, telefon, call, anruf'],
  ['portal', 'web, portal, form, helpdesk, website, webformular'],
  ['chat', 'chat, messaging'],
  ['counter', 'counter, direct, persönlich, walk in, direkt'],
] as const)
  for (const word of list.split(',')) channels[plain(word)] = channel
export const guessChannel = (value: string): 'mail' | 'portal' | 'phone' | 'counter' | 'chat' | 'api' => channels[plain(value)] ?? 'api'

export type DateReading = { order: 'dmy' | 'mdy'; timeZone: string }
const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i
const dotted = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i

/** A day without a time is its noon: no zone of a desk then moves it to another day. */
export function readDate(text: string, reading: DateReading): Instant | undefined {
  const value = text.trim()
  const a = iso.exec(value)
  try {
    if (a) {
      const zone = a[7] === undefined ? reading.timeZone : /^(z|utc)$/i.test(a[7]) ? 'UTC' : a[7].replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2')
      return at({ year: Number(a[1]), month: Number(a[2]), day: Number(a[3]) }, a.slice(4, 7), undefined, zone)
    }
    const b = dotted.exec(value)
    if (!b) return undefined
    const [first, second] = [Number(b[1]), Number(b[2])]
    // 31/12 can only be read one way, whatever was chosen.
    const monthFirst = value.includes('/') && first <= 12 && (reading.order === 'mdy' || second > 12)
    const year = b[3]?.length === 2 ? 2000 + Number(b[3]) : Number(b[3])
    return at({ year, month: monthFirst ? first : second, day: monthFirst ? second : first }, b.slice(4, 7), b[7], reading.timeZone)
  } catch {
    return undefined
  }
}

type Day = { year: number; month: number; day: number }
function at(day: Day, [h, m, s]: (string | undefined)[], half: string | undefined, timeZone: string): Instant {
  const given = h === undefined ? 12 : Number(h)
  const hour = half === undefined ? given : (given % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const time = Temporal.PlainDateTime.from({ ...day, hour, minute: Number(m ?? 0), second: Number(s ?? 0) }, { overflow: 'reject' })
  return time.toZonedDateTime(timeZone).toInstant()
}
