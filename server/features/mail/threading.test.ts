import { describe, expect, it } from 'vitest'
import { type Candidate, type Sender, threadOf } from './threading.ts'

const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  ticketId: '1001',
  namedId: '1001',
  via: 'message-id',
  standing: 'requester',
  meaning: 'open',
  removed: false,
  internal: false,
  ...more,
})
const person: Sender = { authentication: 'none', automatic: false }

/** [what it shows, candidates, sender, expected] */
const table: [string, Candidate[], Sender, object][] = [
  ['nothing referred to: a new ticket', [], person, { to: 'new', link: null }],
  ['our Message-ID, by the requester', [candidate()], person, { to: 'ticket', ticketId: '1001' }],
  ['our reply address, by somebody in copy', [candidate({ via: 'reply-address', standing: 'participant' })], person, { to: 'ticket' }],
  [
    'our Message-ID, by a stranger: quarantine (B-016, B-017)',
    [candidate({ standing: 'none' })],
    person,
    { to: 'quarantine', reason: 'unknown-token-sender' },
  ],
  [
    'our reply address, by a stranger',
    [candidate({ via: 'reply-address', standing: 'none' })],
    person,
    { to: 'quarantine', reason: 'unknown-token-sender' },
  ],
  ['a subject tag, by the requester', [candidate({ via: 'subject-tag' })], person, { to: 'ticket' }],
  [
    'a subject tag, by a stranger: a ticket of its own (B-015)',
    [candidate({ via: 'subject-tag', standing: 'none' })],
    person,
    { to: 'new', link: { ticketId: '1001', kind: 'related' } },
  ],
  ['a foreign Message-ID, by a participant', [candidate({ via: 'foreign-message-id', standing: 'participant' })], person, { to: 'ticket' }],
  [
    'a foreign Message-ID, by a stranger',
    [candidate({ via: 'foreign-message-id', standing: 'none' })],
    person,
    { to: 'new', link: { kind: 'related' } },
  ],
  [
    'DMARC fails: a secret counts, marked as unproven (B-019)',
    [candidate()],
    { ...person, authentication: 'fail' },
    { to: 'ticket', unverified: 'dmarc-fail' },
  ],
  [
    'DMARC fails: a subject tag does not count',
    [candidate({ via: 'subject-tag' })],
    { ...person, authentication: 'fail' },
    { to: 'quarantine', reason: 'unknown-user-update' },
  ],
  [
    'DMARC fails: a foreign Message-ID does not count',
    [candidate({ via: 'foreign-message-id' })],
    { ...person, authentication: 'fail' },
    { to: 'quarantine' },
  ],
  [
    'a closed ticket is continued by a new one',
    [candidate({ meaning: 'closed' })],
    person,
    { to: 'new', link: { ticketId: '1001', kind: 'continues' } },
  ],
  ['a resolved ticket takes the answer', [candidate({ meaning: 'resolved' })], person, { to: 'ticket' }],
  ['a ticket that was set aside as spam does not count', [candidate({ removed: true })], person, { to: 'new', link: null }],
  [
    'a secret of another ticket does not hide the own one',
    [candidate({ ticketId: '1002', standing: 'none' }), candidate({ via: 'subject-tag' })],
    person,
    { to: 'ticket', ticketId: '1001' },
  ],
  [
    'an answer to an internal note stays internal',
    [candidate({ internal: true, standing: 'staff' })],
    { ...person, authentication: 'pass' },
    { to: 'ticket', internal: true },
  ],
  [
    'a robot with our secret that is not on the ticket: nowhere',
    [candidate({ standing: 'none' })],
    { ...person, automatic: true },
    { to: 'nowhere', reason: 'auto-reply-without-ticket' },
  ],
  [
    'a robot makes no new ticket out of a closed one',
    [candidate({ meaning: 'closed' })],
    { ...person, automatic: true },
    { to: 'nowhere' },
  ],
]

describe('threading', () => {
  it.each(table)('%s', (_, candidates, sender, expected) => {
    expect(threadOf(candidates, sender)).toMatchObject(expected)
  })

  it('whatever is referred to, a sender with no standing never joins a ticket', () => {
    const vias = ['reply-address', 'message-id', 'foreign-message-id', 'awaited', 'subject-tag'] as const
    for (const via of vias)
      for (const authentication of ['pass', 'none', 'fail'] as const)
        for (const automatic of [true, false])
          for (const meaning of ['new', 'open', 'resolved', 'closed'])
            expect(threadOf([candidate({ via, standing: 'none', meaning })], { authentication, automatic }).to).not.toBe('ticket')
  })
})
