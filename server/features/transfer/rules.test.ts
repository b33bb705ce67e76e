import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { orderOf } from './actions-load.ts'
import { charsetOf, decoded } from './charset.ts'
import { readCsv, signsOf } from './csv.ts'
import { guessColumns } from './rules-headers.ts'
import { guessKind, guessMeaning, guessPriority, readDate } from './rules-values.ts'
import { addressesIn, messageIdIn } from './rules-zammad.ts'

describe('a CSV file is read as programs write it', () => {
  const plain = { delimiter: ',', quote: '"' }
  const cells = (text: string, signs = plain) =>
    [...readCsv(text, signs)].map(({ line, fields, broken }) => (broken ? [line, broken.code, broken.column] : [line, ...fields]))
  it.each([
    [
      'commas',
      'a,b\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'CR LF, and CR alone',
      'a,b\r\n1,2\r3,4',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'breaks in quotes keep the line',
      'a\n"x\ny"\nz',
      [
        [1, 'a'],
        [2, 'x\ny'],
        [4, 'z'],
      ],
    ],
    [
      'quotes are doubled',
      'a\n"say ""hi"""',
      [
        [1, 'a'],
        [2, 'say "hi"'],
      ],
    ],
    [
      'empty lines count and are left out',
      'a\n\n\nb',
      [
        [1, 'a'],
        [4, 'b'],
      ],
    ],
    [
      'empty cells stay',
      'a,,c\n,,\n"",x,',
      [
        [1, 'a', '', 'c'],
        [3, '', 'x', ''],
      ],
    ],
    ['a byte order mark is no letter', '\ufeffa,b', [[1, 'a', 'b']]],
    [
      'a quote within a cell is a letter',
      'a,5" disk\nb,c',
      [
        [1, 'a', '5" disk'],
        [2, 'b', 'c'],
      ],
    ],
    [
      'a quote that is not closed breaks its own line only',
      'a,b\nx,"open\n1,2\n3,"4"',
      [
        [1, 'a', 'b'],
        [2, 'open_quote', 1],
        [3, '1', '2'],
        [4, '3', '4'],
      ],
    ],
    [
      'text behind a closed quote breaks its own line only',
      'a,b\n"x"y,1\n2,3',
      [
        [1, 'a', 'b'],
        [2, 'open_quote', 0],
        [3, '2', '3'],
      ],
    ],
    [
      'the last line without an end',
      'a,b\n1,',
      [
        [1, 'a', 'b'],
        [2, '1', ''],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => expect(cells(text)).toEqual(expected))

  it('a thousand and one cells are too many for one row and stop nothing else', () => {
    expect(cells(`a\n${','.repeat(1000)}\nb`)).toEqual([
      [1, 'a'],
      [2, 'too_many_cells', 1000],
      [3, 'b'],
    ])
  })

  it.each([
    ['a,b,c\n1,2,3', ',', '"'],
    ['a;b;c\n"1,5";2;3\n"2,5";3;4', ';', '"'],
    ['a\tb\n1, 2\t3', '\t', '"'],
    ['a|b\n1|2', '|', '"'],
    ["'a','b'\n'1','2'\n'x','y'", ',', "'"],
    ['name\nAda', ',', '"'],
  ])('finds the signs of %j', (text, delimiter, quote) => expect(signsOf(text)).toEqual({ delimiter, quote }))

  it.each([
    ['utf-8', Buffer.from('Jürgen;ß')],
    ['utf-8', Buffer.from('\ufeffJürgen;ß')],
    ['windows-1252', Buffer.from('J\xfcrgen;\xdf', 'latin1')],
    ['utf-16le', Buffer.from('\ufeffJürgen;ß', 'utf16le')],
    ['utf-16le', Buffer.from('Jürgen;ß;abcdefgh', 'utf16le')],
    ['utf-16be', Buffer.from('\ufeffJürgen;ß', 'utf16le').swap16()],
  ] as const)('knows %s', (charset, bytes) => {
    expect(charsetOf(bytes)).toBe(charset)
    expect(decoded(bytes)).toMatch(/^Jürgen;ß/)
  })
})

describe('the headings of other desks are known', () => {
  it.each([
    [
      'Zammad',
      ['#', 'Title', 'Customer', 'Group', 'Owner', 'State', 'Priority', 'Created at', 'Close at', 'Tags'],
      { number: 0, subject: 1, requesterName: 2, team: 3, assignee: 4, status: 5, priority: 6, createdAt: 7, closedAt: 8, tags: 9 },
    ],
    [
      'Zendesk',
      ['Id', 'Subject', 'Requester', 'Requester email', 'Status', 'Priority', 'Group', 'Assignee', 'Created at', 'Solved at'],
      {
        number: 0,
        subject: 1,
        requesterName: 2,
        requesterEmail: 3,
        status: 4,
        priority: 5,
        team: 6,
        assignee: 7,
        createdAt: 8,
        resolvedAt: 9,
      },
    ],
    [
      'Freshdesk',
      [
        'Ticket ID',
        'Subject',
        'Status',
        'Priority',
        'Source',
        'Type',
        'Agent',
        'Group',
        'Created time',
        'Resolved time',
        'Closed time',
        'Full name',
        'Email',
        'Company name',
      ],
      {
        number: 0,
        subject: 1,
        status: 2,
        priority: 3,
        channel: 4,
        kind: 5,
        assignee: 6,
        team: 7,
        createdAt: 8,
        resolvedAt: 9,
        closedAt: 10,
        requesterName: 11,
        requesterEmail: 12,
        organisation: 13,
      },
    ],
    [
      'GLPI in German',
      ['ID', 'Titel', 'Status', 'Eröffnungsdatum', 'Priorität', 'Antragsteller', 'Zugewiesen an', 'Kategorie', 'Lösungsdatum'],
      { number: 0, subject: 1, status: 2, createdAt: 3, priority: 4, requesterName: 5, assignee: 6, category: 7, resolvedAt: 8 },
    ],
  ])('tickets of %s', (_, headers, expected) => expect(guessColumns('tickets', headers)).toEqual(expected))
  it('people of a directory, in German', () => {
    expect(guessColumns('people', ['Nachname', 'Vorname', 'E-Mail-Adresse', 'Firma', 'Abteilung', 'Telefon', 'Mobil', 'Standort'])).toEqual(
      {
        lastName: 0,
        firstName: 1,
        email: 2,
        organisation: 3,
        department: 4,
        phone: 5,
        mobile: 6,
        site: 7,
      },
    )
  })
})

describe('values of other desks', () => {
  it.each([
    ['In Bearbeitung', 'open'],
    ['pending_reminder', 'waiting-requester'],
    ['Processing (assigned)', 'open'],
    ['Solved', 'resolved'],
    ['GESCHLOSSEN', 'closed'],
    ['Blue', undefined],
  ])('status %s', (word, meaning) => expect(guessMeaning(word)).toBe(meaning))
  it.each([
    ['2 normal', 3],
    ['3 high', 2],
    ['Urgent', 1],
    ['P4', 4],
    ['5', 5],
    ['whenever', undefined],
  ])('priority %s', (word, priority) => expect(guessPriority(word)).toBe(priority))
  it('kinds', () => expect(['Demand', 'Störung', 'Blue'].map(guessKind)).toEqual(['request', 'incident', undefined]))

  const berlin = { order: 'dmy' as const, timeZone: 'Europe/Berlin' }
  it.each([
    ['2026-03-31 14:05', berlin, '2026-03-31T12:05:00Z'],
    ['2026-01-31T14:05:09Z', berlin, '2026-01-31T14:05:09Z'],
    ['2023-01-01 10:00:00 UTC', berlin, '2023-01-01T10:00:00Z'],
    ['2023-01-01 10:00:00 +0200', berlin, '2023-01-01T08:00:00Z'],
    ['31.03.2026 14:05', berlin, '2026-03-31T12:05:00Z'],
    ['31.3.26', berlin, '2026-03-31T10:00:00Z'],
    ['03/04/2026 1:05 PM', berlin, '2026-04-03T11:05:00Z'],
    ['03/04/2026 1:05 PM', { ...berlin, order: 'mdy' as const }, '2026-03-04T12:05:00Z'],
    ['12/31/2026', berlin, '2026-12-31T11:00:00Z'],
    ['30.02.2026', berlin, undefined],
    ['soon', berlin, undefined],
  ])('date %s', (text, reading, expected) =>
    expect(readDate(text, reading)).toEqual(expected === undefined ? undefined : Temporal.Instant.from(expected)),
  )

  it('addresses and message ids of a mail', () => {
    expect(addressesIn('"Doe, Jane" <jane@x.example>, bob@x.example, nonsense')).toEqual([
      { name: 'Doe, Jane', email: 'jane@x.example' },
      { name: '', email: 'bob@x.example' },
    ])
    expect(messageIdIn('<abc@x.example>')).toBe('abc@x.example')
    expect(messageIdIn('none')).toBeNull()
  })
})

describe('an export is put back in an order that the database takes', () => {
  it('what is pointed to first, and later what points at itself', () => {
    const edge = (table: string, column: string, to: string, nullable = true) => ({ table, column, to, nullable })
    const edges = [edge('a', 'b_id', 'b', false), edge('b', 'parent_id', 'b'), edge('b', 'a_id', 'a'), edge('c', 'a_id', 'a', false)]
    expect(orderOf(['a', 'b', 'c'], edges)).toEqual([
      { table: 'b', late: ['parent_id', 'a_id'] },
      { table: 'a', late: [] },
      { table: 'c', late: [] },
    ])
    expect(() => orderOf(['a', 'b'], [edge('a', 'x', 'b', false), edge('b', 'x', 'a', false)])).toThrow(/need each other/)
  })
})
