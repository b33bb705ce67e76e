import type { Instant } from '../../kernel/clock.ts'

/**
 * iCalendar (RFC 5545) as calendars really read it: CRLF, lines of at most 75 octets (3.1), text escaped (3.3.11), times
 * in UTC, so that no VTIMEZONE has to be right. SEQUENCE counts the changes (3.8.7.4); a cancelled entry is sent
 * once more with STATUS:CANCELLED, under METHOD:CANCEL when it is a mail (RFC 5546, 3.2.5).
 */
export type CalendarEntry = {
  uid: string
  sequence: number
  startsAt: Instant
  endsAt: Instant
  changedAt: Instant
  cancelled: boolean
  summary: string
  description: string
  location: string
  url?: string
  organizer?: Mailed
  attendee?: Mailed
}
type Mailed = { name: string; address: string }

export function calendarOf(
  entries: readonly CalendarEntry[],
  choices: { method: 'PUBLISH' | 'REQUEST' | 'CANCEL'; now: Instant; name?: string },
): string {
  const { method, now, name } = choices
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Firstline//Visits//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${method}`,
    // Not in the RFC, yet it is what calendars show as the name (RFC 7986 has NAME for it) and how often they look.
    ...(name === undefined ? [] : [`X-WR-CALNAME:${escaped(name)}`, `NAME:${escaped(name)}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT15M']),
    ...entries.flatMap((entry) => linesOf(entry, now)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('')
}

const linesOf = (entry: CalendarEntry, now: Instant): string[] => [
  'BEGIN:VEVENT',
  `UID:${escaped(entry.uid)}`,
  `DTSTAMP:${utc(now)}`,
  `LAST-MODIFIED:${utc(entry.changedAt)}`,
  `SEQUENCE:${entry.sequence}`,
  `DTSTART:${utc(entry.startsAt)}`,
  `DTEND:${utc(entry.endsAt)}`,
  `STATUS:${entry.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
  `TRANSP:${entry.cancelled ? 'TRANSPARENT' : 'OPAQUE'}`,
  `SUMMARY:${escaped(entry.summary)}`,
  ...(entry.description === '' ? [] : [`DESCRIPTION:${escaped(entry.description)}`]),
  ...(entry.location === '' ? [] : [`LOCATION:${escaped(entry.location)}`]),
  ...(entry.url === undefined ? [] : [`URL:${entry.url}`]),
  ...(entry.organizer ? [`ORGANIZER;CN=${quoted(entry.organizer.name)}:mailto:${entry.organizer.address}`] : []),
  ...(entry.attendee
    ? [`ATTENDEE;CN=${quoted(entry.attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:${entry.attendee.address}`]
    : []),
  'END:VEVENT',
]

const utc = (at: Instant): string => at.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '').replace(/\.\d+/, '')

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the line that holds them
const controls = /[\u0000-\u0009\u000b-\u001f\u007f]/g
const escaped = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(controls, ' ')
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replace(/\n/g, '\\n')

/** A parameter has no escape for a quotation mark (3.2), so it loses it. */
const quoted = (text: string): string => `"${text.replace(controls, ' ').replace(/["\n]/g, ' ').trim()}"`

/** At 75 octets, never within a character. */
function folded(line: string): string {
  const lines: string[] = []
  let now = ''
  let octets = 0
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (octets + size > 75) {
      lines.push(now)
      now = ' '
      octets = 1
    }
    now += sign
    octets += size
  }
  return [...lines, now].join('\r\n')
}
