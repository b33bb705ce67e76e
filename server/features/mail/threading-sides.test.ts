import { describe, expect, it } from 'vitest'
import { type SideCandidate, sideThreadOf } from './threading-sides.ts'

const side = (more: Partial<SideCandidate> = {}): SideCandidate => ({
  sideId: '7',
  ticketId: '1001',
  via: 'message-id',
  standing: 'party',
  removed: false,
  ...more,
})
const person = { authentication: 'none', automatic: false } as const
const forged = { authentication: 'fail', automatic: false } as const
const program = { authentication: 'none', automatic: true } as const

/** [what it shows, candidates, sender, expected] */
const table: [string, SideCandidate[], Parameters<typeof sideThreadOf>[1], object | null][] = [
  ['nothing named: the tickets are asked', [], person, null],
  ['our secret, by whom we wrote to', [side()], person, { to: 'side', unverified: null }],
  ['our secret, by the requester: beside the ticket, never in it (B-030)', [side({ standing: 'customer' })], person, { to: 'side' }],
  [
    'a Message-ID of the thread, by the requester (B-030)',
    [side({ via: 'foreign-message-id', standing: 'customer' })],
    person,
    { to: 'side' },
  ],
  ['the tag, by the requester (B-030)', [side({ via: 'subject-tag', standing: 'customer' })], person, { to: 'side' }],
  ['our secret, by a stranger: quarantine', [side({ standing: 'none' })], person, { to: 'quarantine', ticketId: '1001' }],
  ['the tag, by a stranger: nothing', [side({ via: 'subject-tag', standing: 'none' })], person, null],
  ['our secret, by somebody whose DMARC fails: kept, and marked', [side()], forged, { to: 'side', unverified: 'dmarc-fail' }],
  ['the tag, by somebody whose DMARC fails: quarantine', [side({ via: 'subject-tag' })], forged, { to: 'quarantine' }],
  ['our secret, by a program that is no party', [side({ standing: 'none' })], program, { to: 'nowhere' }],
  ['of a ticket that was set aside as spam', [side({ removed: true })], person, null],
  [
    'two are named: the one that the sender takes part in',
    [side({ standing: 'none' }), side({ sideId: '8' })],
    person,
    { to: 'side', side: { sideId: '8' } },
  ],
]

describe('B-030 a mail that names a side conversation', () => {
  it.each(table)('%s', (_, candidates, sender, expected) => {
    const decided = sideThreadOf(candidates, sender)
    if (expected === null) expect(decided).toBeNull()
    else expect(decided).toMatchObject(expected)
  })
})
