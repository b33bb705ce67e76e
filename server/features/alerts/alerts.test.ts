import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AlertSource } from '../../../contract/alerts.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { connectTo, startSink } from '../mail/mail.testing.ts'

/** Machines tell; through the very addresses that they use. */
const desk = useDesk()
let admin: TestPerson
let agent: TestPerson
let team: { id: string }
type Source = AlertSource & { key: string; address: string }
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada' })
  agent = await desk.person('agent', { name: 'Anna' })
  team = await desk.team('Servers', 1, [agent])
})

const fixture = (name: string) => JSON.parse(readFileSync(new URL(`../../../test/fixtures/alerts/${name}.json`, import.meta.url), 'utf8'))
let nth = 0
const addSource = (kind: AlertSource['kind'], more: object = {}): Promise<Source> =>
  desk.call('POST /api/alert-sources', { as: admin, body: { name: `Source ${++nth}`, kind, teamId: team.id, ...more } as never })
const enqueue = (source: Source, more: object = {}) =>
  desk.ask('POST /v2/enqueue', {
    body: {
      routing_key: source.key,
      event_action: 'trigger',
      dedup_key: 'disk',
      payload: { summary: 'Disk is full', source: 'srv-1', severity: 'critical' },
      ...more,
    },
  })
const fire = async (source: Source, more: object = {}) => {
  await enqueue(source, more)
  await desk.work()
}
const resolve = (source: Source, key = 'disk') => fire(source, { event_action: 'resolve', dedup_key: key })
const post = (source: Source, body: object) =>
  desk.ask('POST /api/alerts/alertmanager', { headers: { authorization: `Bearer ${source.key}` }, body })
const alerts = async (query: object = {}) => (await desk.call('GET /api/alerts', { as: agent, query })).items
const ticketsOf = async (source: Source) =>
  (
    await desk.kernel.asSystem(({ db }) =>
      sql<{ id: string; meaning: string; priority: number; channel: string }>`select t.id, t.meaning, t.priority, t.channel from ticket t
        join alert_source s on s.person_id = t.requester_id where s.id = ${source.id} order by t.id`.execute(db),
    )
  ).rows
const textsOf = async (ticketId: string) =>
  (
    await desk.kernel.asSystem(({ db }) =>
      sql<{ body: string }>`select visible_body as body from message where ticket_id = ${ticketId} order by id`.execute(db),
    )
  ).rows.map((row) => row.body)
/** What rings somebody or changes a ticket for those who look at it. */
const noticesOf = async (ticketId: string) =>
  (
    await desk.kernel.asSystem(({ db }) =>
      sql<{ type: string }>`select type from event where ticket_id = ${ticketId}
        and type in ('ticket.created', 'ticket.resolved', 'ticket.reopened', 'ticket.replied') order by id`.execute(db),
    )
  ).rows.map((row) => row.type)
const minutes = async (n: number) => {
  desk.clock.advance({ minutes: n })
  await desk.work()
}

describe('an alert becomes a ticket', () => {
  it('a machine that speaks PagerDuty opens one ticket, and what it says again is counted in one line that tells nobody', async () => {
    const source = await addSource('pagerduty')
    const told = await enqueue(source)
    expect(told).toMatchObject({ status: 202, body: { status: 'success', message: 'Event processed', dedup_key: 'disk' } })
    await desk.work()
    const [ticket] = await ticketsOf(source)
    expect(ticket).toMatchObject({ priority: 1, channel: 'monitoring', meaning: 'new' })
    await fire(source)
    await fire(source)
    expect(await ticketsOf(source)).toHaveLength(1)
    const [alert] = await alerts()
    expect(alert).toMatchObject({ state: 'open', count: 3, device: 'srv-1', severity: 'critical', ticket: { id: ticket!.id } })
    const texts = await textsOf(ticket!.id)
    expect(texts.filter((text) => text.startsWith('Told 3 times so far'))).toHaveLength(1)
    expect(texts).toHaveLength(2)
    expect(await noticesOf(ticket!.id)).toEqual(['ticket.created'])
  })

  it('wakes who is on call by the rule for its priority, once, however often it is told', async () => {
    const relay = await startSink()
    connectTo(desk.kernel, relay)
    await desk.mailbox('help@desk.example')
    const steps = [{ targets: [{ kind: 'person', id: agent.id }], wait: 10 }]
    await desk.call('POST /api/paging/policies', { as: admin, body: { name: 'Night', teamIds: [team.id], steps, loops: 0 } as never })
    const query = { all: [{ field: 'priority', values: [1] }] }
    await desk.call('POST /api/paging/rules', { as: admin, body: { name: 'Priority 1', query } as never })
    const source = await addSource('pagerduty')
    await fire(source)
    await fire(source)
    const [ticket] = await ticketsOf(source)
    const pages = await desk.call('GET /api/tickets/:id/pages', { as: agent, params: { id: ticket!.id } })
    expect(pages.items).toMatchObject([{ why: 'rule', state: 'ringing', rung: [{ id: agent.id }] }])
    expect(relay.taken.filter((mail) => mail.to.includes(agent.email))).toHaveLength(1)
    await relay.stop()
  })

  it('a recovery resolves what nobody touched', async () => {
    const source = await addSource('pagerduty')
    await fire(source)
    await resolve(source)
    expect(await ticketsOf(source)).toMatchObject([{ meaning: 'resolved' }])
    expect(await alerts()).toMatchObject([{ state: 'cleared' }])
  })

  it('a recovery only tells whoever already works on it', async () => {
    const source = await addSource('pagerduty')
    await fire(source)
    const [ticket] = await ticketsOf(source)
    await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: ticket!.id },
      body: { body: 'I look.', internal: true } as never,
    })
    await resolve(source)
    expect((await ticketsOf(source))[0]!.meaning).not.toBe('resolved')
    expect((await textsOf(ticket!.id)).at(-1)).toContain('Condition cleared at')
  })

  it('a source that must not resolve only tells', async () => {
    const source = await addSource('pagerduty', { resolves: false })
    await fire(source)
    await resolve(source)
    expect((await ticketsOf(source))[0]!.meaning).toBe('new')
  })

  it('what is back soon goes on in its ticket; what is back late gets another that is linked with the first', async () => {
    const source = await addSource('pagerduty', { intervalMinutes: 30, flapAfter: 0 })
    await fire(source)
    await resolve(source)
    await minutes(20)
    await fire(source)
    const [first, ...none] = await ticketsOf(source)
    expect(none).toHaveLength(0)
    expect(first!.meaning).not.toBe('resolved')
    await resolve(source)
    await minutes(40)
    await fire(source)
    const [, second] = await ticketsOf(source)
    const links = await desk.call('GET /api/tickets/:id/links', { as: agent, params: { id: second!.id } })
    expect(links.links).toMatchObject([{ relation: 'continues', ticket: { id: first!.id } }])
    expect(await alerts()).toHaveLength(2)
    const full = await desk.call('GET /api/alerts/:id', { as: agent, params: { id: (await alerts())[0]!.id } })
    expect(full.previous?.ticket?.id).toBe(first!.id)
  })

  it('an acknowledgement is marked and changes no ticket', async () => {
    const source = await addSource('pagerduty')
    await fire(source)
    await fire(source, { event_action: 'acknowledge' })
    await fire(source)
    expect(await alerts()).toMatchObject([{ state: 'acknowledged', count: 2 }])
  })

  it('FT-51 that waits opens at the next look when it came while the clock was ahead: at worst too early, not an hour late', async () => {
    const source = await addSource('pagerduty', { delaySeconds: 600 })
    const before = desk.clock.now()
    desk.clock.advance({ hours: 1 })
    await fire(source)
    expect(await ticketsOf(source)).toHaveLength(0)
    desk.clock.moveTo(before)
    await fire(source, { dedup_key: 'another' })
    expect(await ticketsOf(source)).toHaveLength(1)
    // Set forward for three days and back: what was counted goes on, and nothing is opened twice.
    desk.clock.advance({ hours: 72 })
    await desk.work()
    desk.clock.moveTo(before)
    await fire(source)
    await fire(source)
    expect(await ticketsOf(source)).toHaveLength(2)
    expect((await alerts()).map((one) => one.count).sort()).toEqual([1, 3])
  })

  it('waits so long, and until it was told so often, as the source says', async () => {
    const source = await addSource('pagerduty', { delaySeconds: 120, consecutive: 2 })
    await fire(source)
    await minutes(3)
    expect(await ticketsOf(source)).toHaveLength(0)
    await resolve(source)
    await fire(source)
    await fire(source)
    expect(await ticketsOf(source)).toHaveLength(0)
    expect((await alerts())[0]).toMatchObject({ state: 'waiting', count: 2 })
    await minutes(3)
    expect(await ticketsOf(source)).toHaveLength(1)
  })
})

describe('FT-63 what is told out of order', () => {
  it('two sources that use one key have an alert each, and a recovery in one leaves the other', async () => {
    const [one, two] = [await addSource('pagerduty'), await addSource('pagerduty')]
    await fire(one)
    await fire(two)
    await resolve(one)
    expect((await alerts()).map((alert) => [alert.source.id, alert.state]).sort()).toEqual(
      [
        [one.id, 'cleared'],
        [two.id, 'open'],
      ].sort(),
    )
    expect((await ticketsOf(two))[0]!.meaning).toBe('new')
  })

  it('a recovery before the alert, an acknowledgement after it and everything twice are all taken and change nothing more', async () => {
    const source = await addSource('pagerduty')
    expect((await enqueue(source, { event_action: 'resolve' })).status).toBe(202)
    await desk.work()
    expect(await alerts()).toHaveLength(0)
    await fire(source)
    await resolve(source)
    await resolve(source)
    expect((await enqueue(source, { event_action: 'acknowledge' })).status).toBe(202)
    await desk.work()
    expect(await alerts()).toMatchObject([{ state: 'cleared', count: 1 }])
    expect(await ticketsOf(source)).toHaveLength(1)
  })
})

describe('Alertmanager, in its own bytes', () => {
  it('fires, is sent again, goes away: one ticket, counted once, resolved by itself', async () => {
    const source = await addSource('alertmanager')
    expect((await post(source, fixture('alertmanager-firing'))).body).toEqual({ taken: 1 })
    await post(source, fixture('alertmanager-firing'))
    await desk.work()
    expect(await alerts()).toMatchObject([
      { state: 'open', count: 1, device: '127.0.0.1', condition: 'DiskWillFill', severity: 'warning', key: 'db3f06fd24f50c80' },
    ])
    await post(source, fixture('alertmanager-resolved'))
    await desk.work()
    expect(await ticketsOf(source)).toMatchObject([{ meaning: 'resolved', priority: 3 }])
    // What was overtaken on the way does not bring it back; the next episode does.
    await post(source, fixture('alertmanager-firing'))
    await desk.work()
    expect((await alerts())[0]!.state).toBe('cleared')
    await post(source, fixture('alertmanager-again'))
    await desk.work()
    expect((await alerts())[0]).toMatchObject({ state: 'open', count: 2 })
    expect(await ticketsOf(source)).toHaveLength(1)
  })

  it('the key may come as bearer token, as password or in the address; the runbook stands in the ticket', async () => {
    const source = await addSource('alertmanager')
    const body = fixture('alertmanager-runbook')
    const basic = `Basic ${Buffer.from(`anybody:${source.key}`).toString('base64')}`
    expect((await desk.ask('POST /api/alerts/alertmanager', { headers: { authorization: basic }, body })).status).toBe(200)
    expect((await desk.ask('POST /api/alerts/in/:key/alertmanager', { params: { key: source.key }, body })).status).toBe(200)
    expect((await desk.ask('POST /api/alerts/alertmanager', { headers: { authorization: 'Bearer nobody-knows-this' }, body })).status).toBe(
      404,
    )
    await desk.work()
    const [ticket] = await ticketsOf(source)
    expect((await textsOf(ticket!.id))[0]).toContain('https://runbooks.example.org/InstanceDown')
    const panel = await desk.call('GET /api/tickets/:id/alerts', { as: agent, params: { id: ticket!.id } })
    expect(panel).toMatchObject({ total: 1, items: [{ runbook: 'https://runbooks.example.org/InstanceDown', severity: 'critical' }] })
  })

  it('is told 503, which it repeats, where others are told 429', async () => {
    const [manager, duty] = [await addSource('alertmanager'), await addSource('pagerduty')]
    const full = async (source: Source) => {
      const at = desk.kernel.clock.now().epochMilliseconds
      const slots = [0, 10_000].map((more) => new Date(at - (at % 10_000) + more).toISOString())
      for (const slot of slots)
        await desk.kernel.asSystem(({ db }) =>
          sql`insert into rate_count (bucket, slot, hits) values (${`alerts:${source.id}`}, ${slot}, 3000)`.execute(db),
        )
    }
    await full(manager)
    await full(duty)
    const busy = await post(manager, fixture('alertmanager-firing'))
    expect([busy.status, Number(busy.headers['retry-after']) > 0]).toEqual([503, true])
    const many = await enqueue(duty)
    expect([many.status, Number(many.headers['retry-after']) > 0]).toEqual([429, true])
  })
})

describe('what cannot be read', () => {
  it('is refused with what is wrong in PagerDuty’s words, whatever the media type', async () => {
    const source = await addSource('pagerduty')
    const raw = (payload: string, type: string) =>
      desk.app.inject({ method: 'POST', url: '/v2/enqueue', headers: { 'content-type': type }, payload })
    const good = JSON.stringify({
      routing_key: source.key,
      event_action: 'trigger',
      payload: { summary: 's', source: 'h', severity: 'info' },
    })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json'])
      expect((await raw(good, type)).statusCode).toBe(202)
    const bad = await raw('not json', 'application/json')
    expect([bad.statusCode, JSON.parse(bad.body).errors]).toEqual([400, ["'routing_key' is missing or blank"]])
    expect((await enqueue(source, { routing_key: 'f'.repeat(32) })).body.errors).toEqual(["'routing_key' is invalid"])
    const blank = await enqueue(source, { payload: { source: 'h', severity: 'info' } })
    expect([blank.status, blank.body.errors]).toEqual([400, ["'payload.summary' is missing or blank"]])
    expect((await raw(`{"routing_key":"${'x'.repeat(600_000)}"}`, 'application/json')).statusCode).toBe(413)
  })

  it('old scripts speak the first version; changes are kept beside the alerts of their device', async () => {
    const source = await addSource('pagerduty')
    const change = { routing_key: source.key, payload: { summary: 'Version 7 rolled out', source: 'srv-1' } }
    expect((await desk.ask('POST /v2/change/enqueue', { body: change })).status).toBe(202)
    await fire(source)
    const one = { service_key: source.key, event_type: 'trigger', description: 'HTTP is critical', details: { HOSTNAME: 'web-9' } }
    expect((await desk.ask('POST /generic/2010-04-15/create_event.json', { body: one })).status).toBe(200)
    await desk.work()
    expect((await alerts()).map((alert) => alert.device).sort()).toEqual(['srv-1', 'web-9'])
    const disk = (await alerts()).find((alert) => alert.device === 'srv-1')!
    const full = await desk.call('GET /api/alerts/:id', { as: agent, params: { id: disk.id } })
    expect(full).toMatchObject({ changes: [{ summary: 'Version 7 rolled out' }], history: [{ action: 'trigger', outcome: 'begin' }] })
  })

  it('any JSON is read by a mapping that can be tried before; what it cannot name is refused', async () => {
    const mapping = { device: 'host.name', condition: 'check', summary: 'msg', severity: 'lvl', state: 'st', cleared: 'fine' }
    const sample = JSON.stringify({ host: { name: 'nas' }, check: 'raid', msg: 'Disk 3 failed', lvl: 'high', st: 'bad' })
    expect(await desk.call('POST /api/alert-sources/try', { as: admin, body: { mapping, sample } })).toMatchObject({
      key: 'nas | raid',
      action: 'trigger',
      severity: 'error',
      summary: 'Disk 3 failed',
    })
    const source = await addSource('webhook', { mapping })
    const send = (body: object) => desk.ask('POST /api/alerts/in/:key', { params: { key: source.key }, body })
    expect((await send(JSON.parse(sample))).status).toBe(200)
    await desk.work()
    expect((await ticketsOf(source)).map((ticket) => ticket.priority)).toEqual([2])
    await send({ ...JSON.parse(sample), st: 'fine' })
    await desk.work()
    expect((await alerts())[0]!.state).toBe('cleared')
    expect(
      await desk.refused('validation_failed', 'POST /api/alerts/in/:key', { params: { key: source.key }, body: { a: 1 } }),
    ).toMatchObject({
      issues: [{ path: 'body' }],
    })
  })
})

describe('FT-60 a target that flaps every twenty seconds for an hour', () => {
  const turning = async (source: Source, times: number) => {
    for (let n = 0; n < times; n++) {
      await enqueue(source, n % 2 === 0 ? {} : { event_action: 'resolve' })
      // A minute's words are folded together, as they are when the job is slow; the rules see each at its own time.
      if (n % 9 === 8) await desk.work()
      desk.clock.advance({ seconds: 20 })
    }
    await minutes(15)
    return (await noticesOf((await ticketsOf(source))[0]!.id)).length
  }

  it('without patience tells of it at each turn', async () => {
    const source = await addSource('pagerduty', { flapAfter: 0 })
    expect(await turning(source, 18)).toBeGreaterThan(16)
  })

  it('with it tells four times at most, and clears once it was quiet', async () => {
    const source = await addSource('pagerduty')
    expect(await turning(source, 180)).toBeLessThanOrEqual(4)
    expect(await alerts()).toMatchObject([{ state: 'cleared', flapping: false }])
    expect(await ticketsOf(source)).toMatchObject([{ meaning: 'resolved' }])
  })
})

describe('FT-59 a storm', () => {
  const storm = async (source: Source, keys: number, each: number) => {
    const group = (n: number) => ({
      alerts: Array.from({ length: keys }, (_, k) => ({
        status: 'firing',
        labels: { alertname: 'LinkDown', instance: `sw-${k}`, severity: 'critical' },
        startsAt: new Date(Date.UTC(2026, 10, 22, 2, n)).toISOString(),
        fingerprint: `fp-${k}`,
      })),
    })
    for (let n = 0; n < each; n++) expect((await post(source, group(n))).body).toEqual({ taken: keys })
    await desk.work()
  }

  it('without grouping opens a ticket for each', async () => {
    const source = await addSource('alertmanager', { stormAfter: 0 })
    await storm(source, 25, 1)
    expect(await ticketsOf(source)).toHaveLength(25)
  })

  it('becomes a few tickets whose rest is one parent with members; nothing that was taken is missing', async () => {
    const source = await addSource('alertmanager')
    await storm(source, 300, 4)
    const all = await ticketsOf(source)
    expect(all).toHaveLength(11)
    const parent = all.at(-1)!
    const members = await desk.call('GET /api/tickets/:id/alerts', { as: agent, params: { id: parent.id } })
    expect(members.total).toBe(290)
    expect(members.items).toHaveLength(100)
    const links = await desk.call('GET /api/tickets/:id/links', { as: agent, params: { id: parent.id } })
    expect(links.children).toHaveLength(10)
    const counted = await desk.kernel.asSystem(({ db }) =>
      sql<{ alerts: number; told: number; left: number }>`select count(*)::int as alerts, sum(count)::int as told,
        (select count(*)::int from alert_event where folded_at is null) as left from alert`.execute(db),
    )
    expect(counted.rows).toEqual([{ alerts: 300, told: 1200, left: 0 }])
  })

  it('is over when its last member is', async () => {
    const source = await addSource('pagerduty', { stormAfter: 1 })
    for (const key of ['a', 'b', 'c']) await fire(source, { dedup_key: key })
    const parent = (await ticketsOf(source))[1]!
    await resolve(source, 'b')
    expect((await ticketsOf(source))[1]!.meaning).toBe('new')
    await resolve(source, 'c')
    expect((await ticketsOf(source)).find((ticket) => ticket.id === parent.id)!.meaning).toBe('resolved')
  })
})

describe('planned work', () => {
  it('stores what comes meanwhile, drops nothing, and opens at its end what still holds', async () => {
    const source = await addSource('pagerduty')
    const until = desk.kernel.clock.now().add({ hours: 1 }).toString()
    await desk.call('POST /api/alert-silences', {
      as: admin,
      body: { sourceId: source.id, device: 'SRV-1', reason: 'Update', untilAt: until },
    })
    await fire(source)
    await fire(source, { dedup_key: 'other', payload: { summary: 'x', source: 'srv-2', severity: 'info' } })
    await fire(source, { dedup_key: 'short' })
    await resolve(source, 'short')
    expect(await ticketsOf(source)).toHaveLength(1)
    expect((await alerts({ state: 'suppressed' })).map((alert) => alert.key)).toEqual(['disk'])
    expect((await desk.call('GET /api/alert-silences', { as: agent })).items).toMatchObject([{ reason: 'Update', suppressed: 1 }])
    await minutes(61)
    expect(await ticketsOf(source)).toHaveLength(2)
    expect(await alerts({ state: 'suppressed' })).toHaveLength(0)
  })

  it('may be ended by hand; all alerts of all sources are never silenced', async () => {
    const source = await addSource('pagerduty')
    const silence = await desk.call('POST /api/alert-silences', { as: admin, body: { sourceId: source.id, reason: 'Update' } })
    await fire(source)
    expect(await ticketsOf(source)).toHaveLength(0)
    await desk.call('DELETE /api/alert-silences/:id', { as: admin, params: { id: silence.id } })
    await desk.work()
    expect(await ticketsOf(source)).toHaveLength(1)
    const refused = await desk.refused('validation_failed', 'POST /api/alert-silences', { as: admin, body: { reason: 'All' } })
    expect(refused.issues?.[0]?.path).toBe('device')
    await desk.refused('not_allowed', 'POST /api/alert-silences', { as: agent, body: { sourceId: source.id, reason: 'x' } })
  })
})

describe('a source', () => {
  it('shows its key once; a new one ends the old; an archived one hears nothing more', async () => {
    const source = await addSource('pagerduty')
    expect(source.key).toMatch(/^[0-9a-f]{32}$/)
    expect(JSON.stringify(await desk.call('GET /api/alert-sources', { as: admin }))).not.toContain(source.key)
    const renewed = await desk.call('POST /api/alert-sources/:id/renew-key', { as: admin, params: { id: source.id }, body: {} })
    expect((await enqueue(source)).status).toBe(400)
    expect((await enqueue({ ...source, key: renewed.key })).status).toBe(202)
    await desk.call('DELETE /api/alert-sources/:id', { as: admin, params: { id: source.id } })
    expect((await enqueue({ ...source, key: renewed.key })).status).toBe(400)
    await desk.work()
    // What was answered 202 before is not lost by archiving.
    expect(await alerts()).toHaveLength(1)
  })

  it('can be tried: the test goes the same way as the real thing', async () => {
    for (const kind of ['pagerduty', 'alertmanager', 'webhook'] as const) {
      const source = await addSource(kind)
      const send = (action: 'trigger' | 'resolve') =>
        desk.call('POST /api/alert-sources/:id/test', { as: admin, params: { id: source.id }, body: { action } })
      await send('trigger')
      await desk.work()
      expect((await alerts({ sourceId: source.id }))[0]).toMatchObject({ state: 'open', device: 'example-host' })
      desk.clock.advance({ seconds: 5 })
      await send('resolve')
      await desk.work()
      expect(await ticketsOf(source)).toMatchObject([{ meaning: 'resolved' }])
    }
  })

  it('that used to speak and is silent is told of once', async () => {
    const source = await addSource('pagerduty', { heartbeatMinutes: 10 })
    const watch = async () => {
      await desk.kernel.asSystem(async (context) => (await import('./actions-watch.ts')).tellSilent(context))
      return (
        await desk.kernel.asSystem(({ db }) =>
          sql`select 1 from event where type = 'alert-source.silent' and subject_id = ${source.id}`.execute(db),
        )
      ).rows.length
    }
    expect(await watch()).toBe(0)
    await fire(source)
    desk.clock.advance({ minutes: 11 })
    expect([await watch(), await watch()]).toEqual([1, 1])
    expect((await desk.call('GET /api/alert-sources', { as: admin })).items[0]).toMatchObject({ silent: true })
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((one) => one.about)).toEqual(['source-silent'])
    await fire(source)
    expect((await desk.call('GET /api/alert-sources', { as: admin })).items[0]).toMatchObject({ silent: false })
  })

  it('of one customer is unknown to whoever serves another', async () => {
    const [mine, theirs] = [await desk.organisation('Mine'), await desk.organisation('Theirs')]
    const limited = await desk.person('agent', { name: 'Liam', limitedTo: { organisationId: mine.id } })
    const own = await addSource('pagerduty', { organisationId: mine.id })
    const other = await addSource('pagerduty', { organisationId: theirs.id })
    await addSource('pagerduty', { consecutive: 5 }).then((source) => fire(source))
    for (const source of [own, other]) await fire(source)
    const waits = await addSource('pagerduty', { organisationId: theirs.id, consecutive: 5 })
    await fire(waits)
    const seen = await desk.call('GET /api/alerts', { as: limited })
    expect(seen.items.map((alert) => alert.source.id)).toEqual([own.id])
    expect(seen.counts).toEqual({ waiting: 0, suppressed: 0, open: 1, acknowledged: 0 })
    const foreign = (await alerts()).find((alert) => alert.source.id === other.id)!
    await desk.refused('not_found', 'GET /api/alerts/:id', { as: limited, params: { id: foreign.id } })
    const requester = await desk.person('requester')
    await desk.refused('not_allowed', 'GET /api/alerts', { as: requester })
  })
})
