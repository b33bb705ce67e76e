import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { api } from '../contract/api.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import type { Taken } from '../server/features/mail/mail.testing.ts'
import { readMail } from '../server/features/mail/read-mail.ts'
import type { TestPerson } from './factories.ts'
import type { Desk } from './harness.ts'

/**
 * What must hold after every story, whatever it was about. Four of the five oracles; the fifth, that no stranger's script
 * ran, needs a browser and is `watchPage` in browser/oracles.ts.
 */

/** Everything that the contract lets this person read, every GET with every id that is known: what they could ever be sent. */
export async function everythingFor(
  desk: Desk,
  person: TestPerson | null,
  words: readonly string[] = [],
): Promise<{ call: string; text: string }[]> {
  const ids = await knownIds(desk)
  const gets = (Object.entries(api) as [keyof typeof api & string, Endpoint][]).filter(
    ([name, e]) => name.startsWith('GET ') && e.wire !== 'stream',
  )
  const seen: { call: string; text: string }[] = []
  for (const [name] of gets)
    for (const id of /:\w+/.test(name) ? ids : [''])
      for (const query of queriesFor(name, words)) {
        const params = new Proxy({}, { get: () => id })
        const answer = await desk.ask(name, { ...(person ? { as: person } : {}), params, query } as never)
        if (answer.status < 400) seen.push({ call: `${name} ${id} ${JSON.stringify(query)}`, text: answer.text })
      }
  return seen
}

function queriesFor(name: string, words: readonly string[]): Record<string, unknown>[] {
  if (name === 'GET /api/tickets/:id/messages') return [{ before: '9000000000000000000' }]
  if (name === 'GET /api/search') return words.map((q) => ({ q }))
  if (name === 'GET /api/tickets') return [{}, { view: 'all-open' }, { view: 'deleted' }, { sort: 'changed' }]
  return [{}]
}

async function knownIds(desk: Desk): Promise<string[]> {
  const found = await desk.kernel.asSystem(({ db }) =>
    sql<{
      id: string
    }>`select id::text from ticket union select id::text from message union select id::text from attachment union select id::text from inbound_mail
      union select id::text from outbound_mail union select id::text from side union select id::text from side_file union select id::text from help union select id::text from person`.execute(
      db,
    ),
  )
  return found.rows.map((row) => row.id)
}

/** Mails as the other side reads them: the bytes, the decoded text and HTML, every file in them. */
export async function readable(mails: readonly Taken[]): Promise<string[]> {
  return Promise.all(
    mails.map(async (mail) => {
      const read = await readMail(Buffer.from(mail.raw))
      return [
        mail.raw,
        mail.raw.replace(/=\r\n/g, ''),
        read.subject,
        read.text,
        read.html ?? '',
        ...read.attachments.map((file) => Buffer.from(file.bytes).toString()),
      ].join('\n')
    }),
  )
}

/** A marker of an internal note, or of another customer, is in nothing that this person is sent: no answer, no mail. */
export async function expectNeverTold(desk: Desk, person: TestPerson, marker: string, mails: readonly Taken[]): Promise<void> {
  const seen = await everythingFor(desk, person, [marker])
  expect(seen.length, 'the walk saw something').toBeGreaterThan(5)
  expect(
    seen.filter(({ text }) => text.includes(marker)).map(({ call }) => call),
    `${marker} reached ${person.email}`,
  ).toEqual([])
  const theirs = await readable(mails.filter((mail) => mail.to.includes(person.email)))
  expect(
    theirs.filter((text) => text.includes(marker)),
    `${marker} was mailed to ${person.email}`,
  ).toEqual([])
}

/** An address that nothing of ours may ever speak to, and everybody who did. */
export async function forbiddenAddress(): Promise<{ url: string; port: number; callers: string[]; stop(): Promise<void> }> {
  const callers: string[] = []
  const server = createServer((socket) => {
    callers.push(`${socket.remoteAddress}:${socket.remotePort}`)
    socket.on('error', () => {}).destroy()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, callers, stop: () => new Promise((done) => server.close(() => done())) }
}

/** Every accepted mail has one verdict, and exactly those that became messages are messages. What is wrong, in words. */
export async function conservation(desk: Desk, accepted: number): Promise<string[]> {
  const found = await desk.kernel.asSystem(({ db }) =>
    sql<{
      verdict: string
      n: number
      made: number
      messages: number
    }>`select verdict, count(*)::int as n, count(coalesce(created_message_id, side_id))::int as made,
      count(coalesce((select 1 from message m where m.inbound_mail_id = i.id), (select 1 from side_message s where s.inbound_mail_id = i.id)))::int as messages from inbound_mail i group by verdict`.execute(
      db,
    ),
  )
  const wrong: string[] = []
  const total = found.rows.reduce((sum, row) => sum + row.n, 0)
  if (total !== accepted) wrong.push(`${accepted} mails were accepted, ${total} are in the journal`)
  for (const { verdict, n, made, messages } of found.rows) {
    const wanted = ['created', 'followed-up'].includes(verdict) ? n : ['quarantined', 'ignored'].includes(verdict) ? 0 : made
    if (verdict === 'pending') wrong.push(`${n} mails were never judged`)
    else if (made !== wanted || messages !== made)
      wrong.push(`${n} mails are ${verdict}, ${made} name a message, ${messages} messages name them`)
  }
  return wrong
}
