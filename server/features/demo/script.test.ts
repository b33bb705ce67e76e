import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { keepPostHere } from '../mail/actions-demo-post.ts'
import { type SmtpIn, startSmtpIn } from '../mail/smtp-in.ts'
import { makeSampleCompany } from './actions-company.ts'
import { scriptMessageId } from './actions-script.ts'
import { script, worker } from './script.ts'

const desk = useDesk()
let smtp: SmtpIn
beforeEach(async () => {
  await makeSampleCompany(desk.kernel, () => {}, { tickets: 45 })
  await keepPostHere(desk.kernel)
  smtp = await startSmtpIn(desk.kernel, { port: 0, host: '127.0.0.1' })
  desk.kernel.outside.ownSmtp = { host: '127.0.0.1', port: smtp.port }
}, 60_000)
afterEach(() => smtp.stop())

const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await desk.kernel.asSystem(({ db }) => query.execute(db))).rows
const signIn = async (card: string) => {
  const answer = await desk.app.inject({
    method: 'POST',
    url: '/api/sign-in/demo',
    payload: { card },
    headers: { origin: 'http://localhost:8080', host: 'localhost:8080' },
  })
  expect(answer.statusCode).toBe(200)
  const cookie = answer.cookies.map((one) => `${one.name}=${one.value}`).join('; ')
  return async <T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<T> => {
    const got = await desk.app.inject({
      method,
      url,
      headers: { cookie, origin: 'http://localhost:8080', host: 'localhost:8080' },
      ...(payload ? { payload } : {}),
    })
    if (got.statusCode >= 300) throw new Error(`${url}: ${got.statusCode} ${got.body}`)
    return got.json() as T
  }
}
type State = { state: string; sent: number; nextAt: string | null }
const minute = async () => {
  desk.clock.advance({ seconds: 60 })
  await desk.work()
}
const madeAt = async () => (await rows(sql<{ at: string }>`select value ->> 'madeAt' as at from setting where name = 'demo'`))[0]!.at
const journal = async () => {
  const at = await madeAt()
  const found = await rows(
    sql<{
      message_id: string
      verdict: string
      reason: string
      ticket_id: string | null
      source: string
    }>`select message_id, verdict, reason, ticket_id, source from inbound_mail order by id`,
  )
  return Object.fromEntries(script.map(({ key }, i) => [key, found.find((row) => row.message_id === scriptMessageId(at, i))]))
}

describe('the scripted mails', () => {
  it('wait for the first sign-in through a card: a token does not begin them', async () => {
    const [agent] = await rows(sql<{ id: string }>`select id from person where name = 'Tunde Bakare'`)
    const token = await desk.person('administrator')
    await desk.call('GET /api/me', { as: token })
    await desk.work()
    expect(agent).toBeDefined()
    expect(await rows(sql`select 1 from inbound_mail`)).toEqual([])
    const call = await signIn('tier-1-agent')
    expect((await call<{ script: State }>('GET', '/api/demo')).script.state).toBe('running')
  })

  it('come one a minute through the SMTP port, and each is judged as its story says', async () => {
    const call = await signIn('tier-1-agent')
    desk.clock.advance({ seconds: 6 })
    await desk.work()
    expect((await call<{ script: State }>('GET', '/api/demo')).script.sent).toBe(1)
    for (let sent = 2; sent <= script.length; sent++) {
      await minute()
      expect((await call<{ script: State }>('GET', '/api/demo')).script.sent).toBe(sent)
    }
    expect((await call<{ script: State }>('GET', '/api/demo')).script).toMatchObject({ state: 'over', nextAt: null })
    const seen = await journal()
    expect(Object.values(seen).every((row) => row?.source === 'smtp')).toBe(true)
    expect(seen['attachment']).toMatchObject({ verdict: 'created' })
    expect(seen['german']).toMatchObject({ verdict: 'created' })
    expect(seen['reply']).toMatchObject({ verdict: 'followed-up', ticket_id: seen['attachment']!.ticket_id })
    expect(seen['out-of-office']).toMatchObject({ verdict: 'followed-up', ticket_id: seen['german']!.ticket_id })
    expect(seen['hostile-html']).toMatchObject({ verdict: 'created' })
    expect(seen['stranger']!.ticket_id).not.toBe(seen['attachment']!.ticket_id)
    expect(seen['bounce']).toMatchObject({ verdict: 'bounced', ticket_id: seen['hostile-html']!.ticket_id })
    expect(seen['phishing-report']).toMatchObject({ verdict: 'created' })
    expect(seen['forward']).toMatchObject({ verdict: 'created' })
    expect(seen['winmail']).toMatchObject({ verdict: 'created' })
    expect(seen['list']).toMatchObject({ verdict: 'created' })
    expect(seen['big-cc']).toMatchObject({ verdict: 'created' })
    await shapes(seen)
  }, 90_000)

  it('stand still while they are paused, and one that is sent twice is one ticket', async () => {
    const call = await signIn('administrator')
    desk.clock.advance({ seconds: 6 })
    await desk.work()
    expect((await call<State>('POST', '/api/demo/pause')).state).toBe('paused')
    for (let i = 0; i < 3; i++) await minute()
    expect((await call<{ script: State }>('GET', '/api/demo')).script).toMatchObject({ state: 'paused', sent: 1 })
    expect((await call<State>('POST', '/api/demo/resume')).state).toBe('running')
    const [before] = await rows(sql<{ value: string }>`select value::text as value from setting where name = 'demo_script'`)
    await desk.work()
    expect((await call<{ script: State }>('GET', '/api/demo')).script.sent).toBe(2)
    // It was sent, but the program ended before it had counted that: the job runs again.
    await rows(sql`update setting set value = ${before!.value}::jsonb where name = 'demo_script'`)
    await desk.kernel.asSystem(async (context) => context.later({ identifier: 'demo.next-mail', payload: { next: 1 } }))
    await desk.work()
    const german = await rows(
      sql<{ verdict: string }>`select verdict from inbound_mail where message_id = ${scriptMessageId(await madeAt(), 1)} order by id`,
    )
    expect(german.map((row) => row.verdict)).toEqual(['created', 'ignored'])
  })
})

async function shapes(seen: Awaited<ReturnType<typeof journal>>): Promise<void> {
  const files = async (key: string) =>
    (
      await rows(
        sql<{
          name: string
        }>`select a.name from attachment a join message m on m.id = a.message_id where m.ticket_id = ${seen[key]!.ticket_id}`,
      )
    ).map((row) => row.name)
  const requester = async (key: string) =>
    (
      await rows(
        sql<{
          email: string
        }>`select p.email::text as email from ticket t join person p on p.id = t.requester_id where t.id = ${seen[key]!.ticket_id}`,
      )
    )[0]!.email
  expect(await files('attachment')).toContain('bids-error.png')
  expect(await files('winmail')).toContain('Pruefprotokoll-4711.pdf')
  expect(await requester('forward')).toBe('desmond.achebe@calderwren.example')
  const [html] = await rows(
    sql<{ html: string }>`select html from message where ticket_id = ${seen['hostile-html']!.ticket_id} order by id limit 1`,
  )
  expect(html!.html).not.toMatch(/<script|onerror|onload|onclick|javascript:|<form|<iframe/i)
  const copies = await rows(sql`select 1 from ticket_person where ticket_id = ${seen['big-cc']!.ticket_id} and role = 'cc'`)
  expect(copies.length).toBeLessThanOrEqual(20)
  // The stranger reads nothing of the ticket that he named, and the mailing list hears nothing at all.
  const told = await rows(sql<{ address: string }>`select address::text as address from demo_mail`)
  expect(told.map((row) => row.address)).not.toContain('wartung@leuchtnetz.example')
  expect(told.every((row) => row.address.endsWith('.example'))).toBe(true)
}

describe('the mailboxes of the sample people', () => {
  it('hold what the desk sent, and answer through the same port into the same ticket', async () => {
    const call = await signIn('tier-1-agent')
    desk.clock.advance({ seconds: 6 })
    await desk.work()
    const boxes = await call<{ items: { address: string; unread: number }[] }>('GET', '/api/demo/mailboxes')
    expect(boxes.items).toEqual(expect.arrayContaining([expect.objectContaining({ address: worker.address, unread: 1 })]))
    const { items } = await call<{ items: { id: string; subject: string }[] }>(
      'GET',
      `/api/demo/mailboxes/${encodeURIComponent(worker.address)}`,
    )
    const mail = await call<{ text: string; from: { email: string }; to: { email: string }[] }>('GET', `/api/demo/mails/${items[0]!.id}`)
    expect(mail.to[0]!.email).toBe(worker.address)
    expect(mail.text).toContain('Hazel')
    await call('POST', `/api/demo/mails/${items[0]!.id}/reply`, { body: 'It works again by itself, strange.' })
    await desk.work()
    const ticketId = (await journal())['attachment']!.ticket_id
    const bodies = await rows(sql<{ visible_body: string }>`select visible_body from message where ticket_id = ${ticketId} order by id`)
    expect(bodies.at(-1)!.visible_body).toContain('It works again by itself')
    const things = (await call<{ things: { key: string; done: boolean; ticketId: string | null }[] }>('GET', '/api/demo')).things
    expect(things.find((thing) => thing.key === 'answer')).toMatchObject({ done: false, ticketId })
    expect(things.find((thing) => thing.key === 'see-as-requester')).toMatchObject({ done: true })
  })

  it('write anew to a mailbox of the desk only, as a sample person only', async () => {
    const call = await signIn('office-worker')
    await call('POST', '/api/demo/mails', { from: worker.address, subject: 'Keyboard', body: 'The key E sticks.' })
    await desk.work()
    expect(await rows(sql`select 1 from ticket where subject = 'Keyboard'`)).toHaveLength(1)
    await expect(call('POST', '/api/demo/mails', { from: 'nobody@calderwren.example', subject: 'X', body: 'Y' })).rejects.toThrow('422')
    await expect(
      call('POST', '/api/demo/mails', { from: worker.address, to: 'somebody@elsewhere.example', subject: 'X', body: 'Y' }),
    ).rejects.toThrow('422')
  })
})

describe('a company of its own', () => {
  it('has nothing of this', async () => {
    const me = await desk.person('administrator')
    await rows(sql`delete from setting where name in ('demo', 'demo_script')`)
    await desk.refused('demo_only', 'GET /api/demo', { as: me })
    await desk.refused('demo_only', 'GET /api/demo/mailboxes', { as: me })
    await desk.refused('demo_only', 'POST /api/demo/mails', { as: me, body: { from: worker.address, subject: 'X', body: 'Y' } })
  })
})
