import { createHmac } from 'node:crypto'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AlertSource } from '../../../contract/alerts.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { keepArrival } from '../mail/actions-arrive.ts'
import { judgeInbound } from '../mail/jobs-judge.ts'
import { rawMail, sendTo, someMessageId, type Written } from '../mail/mail.testing.ts'

/** Machines that can send nothing but mail, by real SMTP; Grafana's signature and Opsgenie's calls, by HTTP. */
const desk = useDesk()
type Source = AlertSource & { key: string; address: string }
let admin: TestPerson
let agent: TestPerson
let team: { id: string }
let box: { id: string; address: string }
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada' })
  agent = await desk.person('agent', { name: 'Anna' })
  team = await desk.team('Servers', 1, [agent])
  box = await desk.mailbox('help@desk.example')
})

let nth = 0
const addSource = (kind: AlertSource['kind'], more: object = {}): Promise<Source> =>
  desk.call('POST /api/alert-sources', {
    as: admin,
    body: { name: `Source ${++nth}`, kind, teamId: team.id, ...(kind === 'mail' ? { mailboxId: box.id } : {}), ...more } as never,
  })
const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await desk.kernel.asSystem(({ db }) => query.execute(db))).rows
const alerts = async () => (await desk.call('GET /api/alerts', { as: agent })).items
const journal = async () => (await desk.call('GET /api/mail/journal', { as: agent })).items
const tickets = () => rows(sql<{ id: string; meaning: string }>`select id, meaning from ticket order by id`)
const robot = ['Auto-Submitted: auto-generated', 'Precedence: bulk']
const failed = { from: 'veeam@backup.example', subject: '[Failed] Backup Job SQL', body: 'Host: srv-01\r\nStatus: Failed' }
const fine = { ...failed, subject: '[Success] Backup Job SQL', body: 'Host: srv-01\r\nStatus: Success' }
const write = async (source: Source, mail: Written) => {
  await sendTo(desk.kernel, { to: [source.address], headers: robot, ...mail })
  await desk.work()
}

describe('a machine that can only send mail', () => {
  it('writes to an address with a key, and its mail is an alert: no requester, no answer, and the journal says whose it was', async () => {
    const people = await rows(sql`select 1 from person`)
    const source = await addSource('mail')
    expect(source.address).toMatch(/^help\+alert-[a-z2-7]{26}@desk\.example$/)
    await write(source, failed)
    expect(await alerts()).toMatchObject([{ state: 'open', device: 'srv-01', severity: 'error', summary: '[Failed] Backup Job SQL' }])
    expect(await tickets()).toMatchObject([{ meaning: 'new' }])
    const [entry] = await journal()
    expect(entry).toMatchObject({ verdict: 'alert', reason: 'alert', ticketId: null, detail: { sources: [source.id] } })
    const opened = await desk.call('GET /api/mail/journal/:id', { as: agent, params: { id: entry!.id } })
    expect(JSON.stringify(opened)).not.toContain(source.key)
    expect(await rows(sql`select 1 from person`)).toHaveLength(people.length + 1)
    expect(await rows(sql`select 1 from outbound_mail`)).toEqual([])
    await write(source, { ...failed, subject: '[Failed] Backup Job SQL (3 of 3)' })
    expect(await alerts()).toMatchObject([{ count: 2 }])
    await write(source, fine)
    expect(await alerts()).toMatchObject([{ state: 'cleared' }])
    expect(await tickets()).toMatchObject([{ meaning: 'resolved' }])
  })

  it('is heard whatever a relay did to the case of its address, and by whatever header says where it went', async () => {
    const source = await addSource('mail')
    await write({ ...source, address: source.address.toUpperCase().replace('DESK.EXAMPLE', 'desk.example') }, failed)
    await write({ ...source, address: box.address }, { ...failed, subject: '[Failed] Other', headers: [`Delivered-To: ${source.address}`] })
    expect((await alerts()).map((one) => one.condition).sort()).toEqual(['Backup Job SQL', 'Other'])
  })

  it('is heard once for each source, however often the same mail is brought, and by two workers at once', async () => {
    const [one, two] = [await addSource('mail'), await addSource('mail')]
    const raw = rawMail({ ...failed, to: ['ops@desk.example'], messageId: someMessageId() })
    for (const source of [one, one, two]) await sendTo(desk.kernel, { to: [source.address], raw })
    const pending = await rows(sql<{ id: string }>`select id from inbound_mail`)
    await Promise.all([...pending, ...pending].map(({ id }) => judgeInbound(desk.kernel, id)))
    await desk.work()
    expect((await alerts()).map((alert) => [alert.source.id, alert.count]).sort()).toEqual(
      [
        [one.id, 1],
        [two.id, 1],
      ].sort(),
    )
    expect((await journal()).map((entry) => entry.verdict).sort()).toEqual(['alert', 'alert', 'ignored'])
  })

  it('with an unknown or an ended key is refused at the door, in the words for any unknown address', async () => {
    const source = await addSource('mail')
    await desk.call('DELETE /api/alert-sources/:id', { as: admin, params: { id: source.id } })
    const unknown = `help+alert-${'a'.repeat(26)}@desk.example`
    const refusals = await Promise.all(
      [source.address, unknown, 'help+alert-@desk.example', 'nobody@desk.example'].map((to) =>
        sendTo(desk.kernel, { ...failed, to: [to] }).catch((cause: { response: string }) => cause.response),
      ),
    )
    expect(new Set(refusals)).toEqual(new Set(['550 5.7.1 No such mailbox here, and we do not relay.']))
    expect(await journal()).toEqual([])
  })

  it('that is fetched by IMAP is heard the same way; with an ended key it waits in quarantine', async () => {
    const source = await addSource('mail')
    const fetch = async (mail: Written) => {
      const raw = await desk.kernel.files.put(Readable.from([rawMail(mail)]))
      const sourceKey = `imap:${box.id}:1:${++nth}`
      const arrival = { source: 'imap', sourceKey, mailboxId: box.id, envelopeFrom: '', envelopeTo: [box.address], raw } as const
      await keepArrival(desk.kernel, { ...arrival, envelopeTo: [box.address], clientAddress: '', clientName: '', messageId: null })
      await desk.work()
    }
    await fetch({ ...failed, to: [source.address] })
    await fetch({ ...failed, to: [`help+alert-${'b'.repeat(26)}@desk.example`] })
    await fetch({ ...failed, to: [box.address, `friend+alert-${'b'.repeat(26)}@elsewhere.example`], subject: 'A person writes' })
    expect((await journal()).map((entry) => [entry.verdict, entry.reason]).reverse()).toEqual([
      ['alert', 'alert'],
      ['quarantined', 'unknown-alert-key'],
      ['created', 'new'],
    ])
    expect(await alerts()).toHaveLength(1)
  })

  it('has a key that opens no other door, and an alert is not told twice by judging its mail anew', async () => {
    const source = await addSource('mail')
    const headers = { authorization: `Bearer ${source.key}` }
    expect((await desk.ask('POST /api/alerts/in/:key', { params: { key: source.key }, body: { device: 'x' } })).status).toBe(404)
    expect((await desk.ask('POST /api/alerts/alertmanager', { headers, body: { alerts: [] } })).status).toBe(404)
    await write(source, failed)
    const [entry] = await journal()
    expect((await desk.ask('POST /api/mail/journal/:id/replay', { as: admin, params: { id: entry!.id } })).status).toBe(409)
    expect(await alerts()).toMatchObject([{ count: 1 }])
  })

  it('needs a mailbox, can be tried on an example, and sends its test the way of its mails', async () => {
    const without = await desk.ask('POST /api/alert-sources', { as: admin, body: { name: 'X', kind: 'mail' } as never })
    expect(without.body).toMatchObject({ issues: [{ path: 'mailboxId' }] })
    const tried = await desk.call('POST /api/alert-sources/try', {
      as: admin,
      body: { kind: 'mail', mapping: { device: 'Machine' }, sample: 'Subject: Press is DOWN\n\nMachine: press-4' } as never,
    })
    expect(tried).toMatchObject({ device: 'press-4', severity: 'critical', action: 'trigger', condition: 'Press' })
    const source = await addSource('mail')
    for (const action of ['trigger', 'resolve'] as const) {
      await desk.call('POST /api/alert-sources/:id/test', { as: admin, params: { id: source.id }, body: { action } })
      await desk.work()
      expect(await alerts()).toMatchObject([{ state: action === 'trigger' ? 'open' : 'cleared', device: 'example-host' }])
    }
  })
})

describe('what Grafana signs', () => {
  const body = { alerts: [{ status: 'firing', labels: { alertname: 'Disk', instance: 'srv-1' } }] }
  const secret = 'a-secret-of-grafana'
  const post = async (source: Source, headers: Record<string, string>, path = 'POST /api/alerts/alertmanager' as const) =>
    (await desk.ask(path, { headers: { authorization: `Bearer ${source.key}`, ...headers }, body })).status
  const digits = (text: string) => createHmac('sha256', secret).update(text).digest('hex')

  it('is taken with the right signature only, with its time where the source says so, and by whichever address', async () => {
    const source = await addSource('alertmanager', { secret })
    expect(source).toMatchObject({ hasSecret: true })
    expect(JSON.stringify(source)).not.toContain(secret)
    const text = JSON.stringify(body)
    expect(await post(source, {})).toBe(401)
    expect(await post(source, { 'x-grafana-alerting-signature': digits(`${text} `) })).toBe(401)
    expect((await desk.ask('POST /api/alerts/in/:key', { params: { key: source.key }, body })).status).toBe(401)
    expect(await post(source, { 'x-grafana-alerting-signature': digits(text) })).toBe(200)
    const change = (what: object) =>
      desk.call('PATCH /api/alert-sources/:id', { as: admin, params: { id: source.id }, ifMatch: source.version++, body: what as never })
    expect(await change({ timestampHeader: 'X-Grafana-Alerting-Timestamp' })).toMatchObject({ hasSecret: true, team: { id: team.id } })
    const at = Math.floor(desk.clock.now().epochMilliseconds / 1000)
    const timed = (when: number) => ({
      'x-grafana-alerting-timestamp': `${when}`,
      'x-grafana-alerting-signature': digits(`${when}:${text}`),
    })
    expect(await post(source, { 'x-grafana-alerting-signature': digits(text) })).toBe(401)
    expect(await post(source, timed(at - 400))).toBe(401)
    expect(await post(source, timed(at - 100))).toBe(200)
    expect(await change({ secret: null })).toMatchObject({ hasSecret: false })
    expect(await post(source, {})).toBe(200)
  })
})

describe('what speaks to Opsgenie', () => {
  it('creates, notes, acknowledges and closes by alias, and is refused without its key in the words of Opsgenie', async () => {
    const source = await addSource('opsgenie')
    expect(source.address).toMatch(/\/v2\/alerts$/)
    const headers = { authorization: `GenieKey ${source.key}` }
    const body = { message: 'Disk is full', alias: 'disk', entity: 'srv-1', priority: 'P1', description: 'Only 1 GB left.', tags: ['disk'] }
    const told = await desk.ask('POST /v2/alerts', { headers, body })
    expect(told).toMatchObject({ status: 202, body: { result: 'Request will be processed', requestId: expect.any(String) } })
    expect((await desk.ask('POST /v2/alerts', { headers, body: {} })).status).toBe(422)
    expect(await desk.ask('POST /v2/alerts', { headers: { authorization: 'GenieKey x' }, body })).toMatchObject({
      status: 401,
      body: { message: 'Could not authenticate' },
    })
    const act = async (what: 'notes' | 'acknowledge' | 'close', identifier: string, identifierType: 'alias' | 'id', more: object) => {
      const answer = await desk.ask(`POST /v2/alerts/:identifier/${what}`, {
        headers,
        params: { identifier },
        query: { identifierType },
        body: more,
      })
      expect(answer.status).toBe(202)
      await desk.work()
    }
    await act('notes', 'disk', 'alias', { note: 'Logs are being cleaned.', user: 'Bot' })
    const [alert] = await alerts()
    expect(alert).toMatchObject({ device: 'srv-1', severity: 'critical', condition: 'disk', state: 'open' })
    const texts = await rows(sql<{ body: string }>`select visible_body as body from message where audience = 'staff' order by id`)
    expect(texts.map((row) => row.body)).toContain('Logs are being cleaned.')
    await act('acknowledge', alert!.id, 'id', {})
    expect(await alerts()).toMatchObject([{ state: 'acknowledged' }])
    await act('close', 'disk', 'alias', { note: 'Gone' })
    expect(await alerts()).toMatchObject([{ state: 'cleared' }])
    await act('close', '999', 'id', {})
  })
})
