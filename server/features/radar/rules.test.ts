import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cluster, clusters, isBurst, sameIssue, trendOf, weeksOf, writtenAs } from './rules.ts'

const group = (words: string, ids: string): Cluster => ({ stems: words.split(' '), ids: ids.split(' ') })

describe('what belongs together', () => {
  it('pairs of words over mostly the same tickets are one issue; others stay apart', () => {
    const found = clusters([group('cert vpn', '1 2 3 4'), group('gateway vpn', '2 3 4'), group('jam printer', '7 8 9 10')])
    expect(found).toEqual([
      { stems: ['cert', 'vpn', 'gateway'], ids: ['1', '2', '3', '4'] },
      { stems: ['jam', 'printer'], ids: ['7', '8', '9', '10'] },
    ])
  })
  it('less than half in common is another issue, and a ticket may be one of both', () => {
    expect(clusters([group('a b', '1 2 3 4 5'), group('c d', '5 6 7 8')])).toHaveLength(2)
  })
  it('the order in which they are found changes nothing', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 12 }).map(String), { minLength: 3, maxLength: 8 })
    const groups = fc.uniqueArray(
      fc.record({ stems: fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('e', 'f', 'g')).map((pair) => [...pair]), ids }),
      { selector: (one) => one.stems.join(' '), maxLength: 8 },
    )
    fc.assert(
      fc.property(groups, (all) => {
        const plain = (found: Cluster[]) => found.map((one) => [one.stems, [...one.ids].sort()])
        expect(plain(clusters([...all].reverse()))).toEqual(plain(clusters(all)))
      }),
    )
  })
  it('tomorrow’s cluster is today’s issue when half of the smaller is the same', () => {
    const known = [
      { id: '1', ticketIds: ['1', '2', '3', '4'] },
      { id: '2', ticketIds: ['9'] },
    ]
    expect(sameIssue(group('x y', '3 4 5'), known)).toBe('1')
    expect(sameIssue(group('x y', '4 5 6 7'), known)).toBeNull()
  })
})

describe('what is unusual', () => {
  it.each([
    ['five of six in an hour with a rare word', { tickets: 5, people: 4, share: 0.01 }, 6, true],
    ['four are no burst', { tickets: 4, people: 4, share: 0 }, 4, false],
    ['one person who writes five times is none', { tickets: 5, people: 1, share: 0 }, 5, false],
    ['a word that stands everywhere is none', { tickets: 9, people: 9, share: 0.3 }, 10, false],
    ['on a busy day more is usual', { tickets: 10, people: 9, share: 0.05 }, 100, false],
    ['three times the usual is not', { tickets: 15, people: 9, share: 0.05 }, 100, true],
  ])('%s', (_, word, all, expected) => expect(isBurst(word, all)).toBe(expected))
})

it('shows a word as people write it', () => {
  expect(writtenAs('zertifikat', ['Das Zertifikate läuft ab'])).toBe('Zertifikate')
  expect(writtenAs('drucker', ['Drückerei', 'Drucker im Flur'])).toBe('Drucker')
  expect(writtenAs('vpn', ['nothing'])).toBe('vpn')
})

it.each([
  [[0, 1, 2, 8], 'rising'],
  [[20, 21, 22, 23], 'falling'],
  [[1, 20], 'steady'],
  [[], 'steady'],
] as const)('ages %j make %s', (ages, trend) => expect(trendOf(weeksOf(ages))).toBe(trend))
it('what is older than thirteen weeks is in no week', () => {
  expect(weeksOf([0, 6, 7, 90, 91, 400])).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
})
