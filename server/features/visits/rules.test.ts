import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { freeWindows, mayStep } from './rules.ts'
import { type CalendarEntry, calendarOf } from './rules-ics.ts'
import { windowText } from './rules-letters.ts'
import { asSignature } from './rules-png.ts'
import { drawnPng, readIcs } from './visits.testing.ts'

const at = (text: string) => Temporal.Instant.from(text)

describe('what calendars are given', () => {
  const entry: CalendarEntry = {
    uid: 'abc@desk.example',
    sequence: 2,
    startsAt: at('2026-11-24T08:00:00Z'),
    endsAt: at('2026-11-24T09:30:00Z'),
    changedAt: at('2026-11-20T10:00:00.123Z'),
    cancelled: false,
    summary: 'Drucker; Lager, Köln \\ Süd',
    description: 'Zeile eins\nZeile zwei, mit Komma\r\nBEGIN:VEVENT'.concat(' äöü€😀'.repeat(30)),
    location: 'Hafenstraße 5,\n20457 Hamburg',
    organizer: { name: 'Desk "one"\r\nX-EVIL:1', address: 'desk@desk.example' },
    attendee: { name: 'Müller; Ann: Lena', address: 'ann@customer.example' },
  }
  const text = calendarOf([entry], { method: 'REQUEST', now: at('2026-11-20T10:00:00Z') })
  const read = readIcs(text)

  it('has no line above 75 octets, no bare line feed, and is read back as it was, whatever signs are in it', () => {
    expect(read.longestLine).toBeLessThanOrEqual(75)
    expect(read.bareLineFeeds).toBe(0)
    // Without the folding there would be one: the long description is in there.
    expect(Buffer.byteLength(entry.description)).toBeGreaterThan(75)
    expect(read.events).toHaveLength(1)
    const event = read.events[0]!
    expect(event['SUMMARY']?.value).toBe(entry.summary)
    expect(event['DESCRIPTION']?.value).toBe(entry.description.replace('\r\n', '\n'))
    expect(event['LOCATION']?.value).toBe(entry.location)
    expect(text).not.toContain('�')
  })
  it('says when in UTC, in which version, and to whom; no name begins a line of its own', () => {
    const event = read.events[0]!
    expect([event['DTSTART']?.value, event['DTEND']?.value, event['DTSTAMP']?.value, event['LAST-MODIFIED']?.value]).toEqual([
      '20261124T080000Z',
      '20261124T093000Z',
      '20261120T100000Z',
      '20261120T100000Z',
    ])
    expect([event['SEQUENCE']?.value, event['STATUS']?.value, read.method]).toEqual(['2', 'CONFIRMED', 'REQUEST'])
    expect(event['ATTENDEE']).toMatchObject({ value: 'mailto:ann@customer.example' })
    expect(event['ATTENDEE']?.params).toContain('Ann: Lena')
    expect(event['X-EVIL']).toBeUndefined()
    expect(text).not.toMatch(/^X-EVIL/m)
  })
})

describe('times to choose from', () => {
  const monday = at('2026-11-23T07:10:00Z')
  const hours = (busy: [string, string][], minutes = 60, now = monday) =>
    freeWindows(
      busy.map(([startsAt, endsAt]) => ({ startsAt: at(startsAt), endsAt: at(endsAt) })),
      { minutes, timeZone: 'Europe/Berlin', now, most: 5 },
    ).map((span) => span.startsAt.toZonedDateTimeISO('Europe/Berlin').toPlainDateTime().toString().slice(5, 16))

  it('are mornings and afternoons of working days on the clock of the place, from an hour ahead', () => {
    expect(hours([])).toEqual(['11-23T09:30', '11-23T12:00', '11-24T08:00', '11-24T12:00', '11-25T08:00'])
  })
  it('leave half an hour of road around what is there already, and skip the weekend', () => {
    expect(hours([['2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z']])[0]).toBe('11-23T10:30')
    expect(hours([], 60, at('2026-11-27T15:30:00Z'))[0]).toBe('11-30T08:00')
  })
  it('keep the wall clock when summer time ends', () => {
    expect(hours([], 60, at('2026-10-23T15:30:00Z'))[0]).toBe('10-26T08:00')
  })
  it('find nothing for two hours in a day that is full', () => {
    const full: [string, string][] = [['2026-11-23T07:00:00Z', '2026-11-23T16:00:00Z']]
    expect(hours(full, 120)[0]).toBe('11-24T08:00')
  })
})

it('a step taken by mistake is taken back; a cancelled visit stays cancelled', () => {
  expect(mayStep('there', 'on-the-way')).toBe(true)
  expect(mayStep('done', 'there')).toBe(true)
  expect(mayStep('cancelled', 'planned')).toBe(false)
})

it('a window is told on the wall clock of the place, in the words of the reader', () => {
  const span = { startsAt: at('2026-11-24T08:00:00Z'), endsAt: at('2026-11-24T10:00:00Z'), timeZone: 'Europe/Berlin' }
  expect(windowText(span, 'de')).toBe('Dienstag, 24. November 2026, 09:00 – 11:00 (Europe/Berlin)')
  expect(windowText(span, 'en')).toContain('24 November 2026')
})

describe('a signature', () => {
  it('is written anew from its pixels: what else was in the file is gone, and the line is still there', () => {
    const kept = asSignature(drawnPng())
    if (typeof kept === 'string') throw new Error(kept)
    expect(drawnPng().toString('latin1')).toContain('<script>')
    expect(kept.toString('latin1')).not.toContain('<script>')
    // Written by us, it is read by us as the same picture.
    const again = asSignature(kept)
    expect(Buffer.isBuffer(again) && again.equals(kept)).toBe(true)
  })
  it.each([
    ['nothing drawn', drawnPng(false), 'empty'],
    ['no PNG at all', Buffer.from('<svg onload=alert(1)>'.repeat(10)), 'not-png'],
    ['a PNG that is cut off', drawnPng().subarray(0, 90), 'not-png'],
    ['one that claims to be huge', drawnPng(true, 2001, 4), 'too-large'],
  ])('with %s is refused', (_, bytes, why) => {
    expect(asSignature(bytes)).toBe(why)
  })
})
