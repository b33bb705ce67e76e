import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { buildApp } from '../../app.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { noteDisk } from './actions.ts'
import { healthJobs, isDue } from './jobs.ts'
import * as judge from './rules.ts'

const desk = useDesk()

describe('the health call', () => {
  it('says ok without sign-in, and nothing else', async () => {
    const answer = await desk.ask('GET /api/health')
    expect([answer.status, answer.body]).toEqual([200, { ok: true }])
  })

  it('says no within two seconds when the database is away, or does not answer at all', async () => {
    for (const transaction of [() => Promise.reject(new Error('ECONNREFUSED')), () => new Promise<never>(() => {})]) {
      const app = buildApp(
        { ...desk.kernel, transactor: { ...desk.kernel.transactor, transaction } } as unknown as Kernel,
        { connections: () => 0 } as never,
      )
      const began = performance.now()
      const answer = await app.inject({ method: 'GET', url: '/api/health' })
      expect([answer.statusCode, answer.json()]).toEqual([503, { ok: false }])
      expect(performance.now() - began).toBeLessThan(2000)
      await app.close()
    }
  })
})

describe('the health page', () => {
  it('tells each part in words, with the remedy where something is wrong, to who may see it', async () => {
    const manager = await desk.person('manager')
    const page = await desk.call('GET /api/health/details', { as: manager })
    const keys = page.checks.map((check) => check.key.split('.')[0])
    expect(keys).toEqual([
      'database',
      'jobs',
      'failed-jobs',
      'mail-in',
      'mail-out',
      'mailboxes',
      'backup',
      'disk',
      'clock',
      'pager',
      'live',
    ])
    expect(page.checks.find((check) => check.key === 'mail-out.not-set')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('SMTP_URL'),
    })
    for (const check of page.checks) if (check.state !== 'good') expect(check.remedy, check.key).not.toBe('')
    await desk.refused('not_allowed', 'GET /api/health/details', { as: await desk.person('agent') })
  })

  it('a job that gave up is shown with its cause, run again, or set aside', async () => {
    const manager = await desk.person('manager')
    const fail = async () =>
      (
        await desk.sandbox.client.query(
          `insert into failed_job (at, job, payload, attempts, cause) values (now(), 'search.people-of', '{"organisationId": "1"}', 25, 'Boom') returning id`,
        )
      ).rows[0].id as string
    const [first, second] = [await fail(), await fail()]
    const list = async () => (await desk.call('GET /api/health/failed-jobs', { as: manager })).items
    expect(await list()).toMatchObject([{ id: second, cause: 'Boom' }, { id: first }])
    await desk.call('POST /api/health/failed-jobs/:id/retry', { as: manager, params: { id: first } })
    await desk.work()
    await desk.call('POST /api/health/failed-jobs/:id/settle', { as: manager, params: { id: second } })
    expect(await list()).toEqual([])
    await desk.refused('not_found', 'POST /api/health/failed-jobs/:id/retry', { as: manager, params: { id: first } })
  })
})

describe('judgements', () => {
  const out = { configured: 'yes', held: 0, failed: 0, uncertain: 0, waiting: 0, oldestWaitingSeconds: 0, restored: null }
  const backup = { wanted: 'on', lastAt: 'x', hours: 3, megabytes: 1, failure: null, own: 'yes' }
  it.each([
    [
      judge.judgeDatabase({ version: '18', megabytes: 1, connections: 5, most: 60, fsync: 'on', readOnly: 'off', died: null }),
      'database',
      'good',
    ],
    [
      judge.judgeDatabase({ version: '18', megabytes: 1, connections: 5, most: 60, fsync: 'off', readOnly: 'off', died: null }),
      'database.fsync',
      'bad',
    ],
    [
      judge.judgeDatabase({ version: '18', megabytes: 1, connections: 55, most: 60, fsync: 'on', readOnly: 'off', died: null }),
      'database.connections',
      'warning',
    ],
    [
      judge.judgeDatabase({ version: '18', megabytes: 1, connections: 5, most: 60, fsync: 'on', readOnly: 'off', died: '2026-05-01' }),
      'database.died',
      'warning',
    ],
    [judge.judgeJobs({ waiting: 3, running: 0, oldestSeconds: 700 }), 'jobs.stuck', 'bad'],
    [judge.judgeMailOut(out), 'mail-out', 'good'],
    [judge.judgeMailOut({ ...out, configured: 'no', held: 4 }), 'mail-out.not-set', 'warning'],
    [judge.judgeMailOut({ ...out, configured: 'sample' }), 'mail-out.sample', 'good'],
    [judge.judgeMailOut({ ...out, restored: '2026-01-01T00:00:00Z' }), 'mail-out.restored', 'bad'],
    [judge.judgeBackup(backup), 'backup', 'good'],
    [judge.judgeBackup({ ...backup, hours: 30 }), 'backup.late', 'warning'],
    [judge.judgeBackup({ ...backup, hours: 60 }), 'backup.old', 'bad'],
    [judge.judgeBackup({ ...backup, hours: null }), 'backup.none', 'warning'],
    [judge.judgeMailboxes([], [], 2, 0), 'mailboxes.smtp-only', 'good'],
    [judge.judgeMailboxes([], [], 2), 'mailboxes', 'good'],
    [judge.judgeMailboxes([{ name: 'support@', cause: 'Password refused' }], [], 2), 'mailboxes.failing', 'bad'],
    [judge.judgeDisk({ freeMegabytes: 100, percentFree: 50 }), 'disk.full', 'bad'],
    [judge.judgeDisk({ freeMegabytes: 9000, percentFree: 21 }), 'disk', 'good'],
    [judge.judgeDisk({ freeMegabytes: 9000, percentFree: 20 }), 'disk.low', 'warning'],
    [judge.judgeDisk({ freeMegabytes: 9000, percentFree: 10 }), 'disk.full', 'bad'],
    [judge.judgeDisk({ freeMegabytes: 90_000, percentFree: 5 }), 'disk', 'good'],
    [judge.judgeClock({ differenceSeconds: -31 }), 'clock.wrong', 'bad'],
  ])('%# %s', (check, key, state) => {
    expect([check.key, check.state]).toEqual([key, state])
  })
})

describe('FT-04: the disk fills', () => {
  it('the administrators are told at 80 and at 90 per cent, once each, and again after it had been better', async () => {
    const admin = await desk.person('administrator')
    const agent = await desk.person('agent')
    const told = async () => {
      const { items, unread } = await desk.call('GET /api/notices', { as: admin })
      if (unread > 0) await desk.call('POST /api/notices/read', { as: admin, body: { ids: items.map((one) => one.id) } })
      return unread
    }
    const after = async (percentFree: number) => {
      for (let twice = 0; twice < 2; twice++)
        await desk.kernel.asSystem((context) => noteDisk(context, { freeMegabytes: 9000, percentFree }))
      return told()
    }
    const heard = []
    for (const percentFree of [40, 20, 15, 10, 5, 15, 60, 18]) heard.push(await after(percentFree))
    expect(heard).toEqual([0, 1, 0, 1, 0, 0, 0, 1])
    expect((await desk.call('GET /api/notices', { as: agent })).items).toEqual([])
  })

  it('the job looks at the disk of DATA_DIR', async () => {
    for (let twice = 0; twice < 2; twice++) await healthJobs['health.watch-disk']?.(desk.kernel, {})
    const kept = await desk.kernel.asSystem(({ db }) => db.selectFrom('setting').select('value').where('name', '=', 'disk').execute())
    expect(kept).toEqual([{ value: { state: expect.stringMatching(/^(good|warning|bad)$/) } }])
  })
})

describe('the nightly backup is due', () => {
  const at = (text: string) => Temporal.Instant.from(text)
  it.each([
    ['02:30', '2026-05-02T02:31:00Z', '2026-05-01T02:30:10Z', true],
    ['02:30', '2026-05-02T02:29:00Z', '2026-05-01T02:30:10Z', false],
    ['02:30', '2026-05-02T02:36:00Z', '2026-05-02T02:31:00Z', false],
    ['23:50', '2026-05-02T00:10:00Z', '2026-05-01T01:00:00Z', true],
    ['02:30', '2026-05-04T09:00:00Z', '2026-05-01T02:30:10Z', true],
  ])('at %s, now %s, the last one %s: %s', (when, now, last, due) => {
    expect(isDue(when, at(now), Date.parse(last))).toBe(due)
  })
  it('on a fresh installation, only in the hour after its time', () => {
    expect(isDue('02:30', at('2026-05-02T02:35:00Z'), undefined)).toBe(true)
    expect(isDue('02:30', at('2026-05-02T09:00:00Z'), undefined)).toBe(false)
  })
})

describe('files without an owner', () => {
  it('go after a day; those that a message names stay', async () => {
    const asker = await desk.person('requester')
    const upload = async (name: string, text: string) => {
      const form = `--x\r\ncontent-disposition: form-data; name="f"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${text}\r\n--x--\r\n`
      const answer = await desk.app.inject({
        method: 'POST',
        url: '/api/uploads',
        headers: { authorization: `Bearer ${asker.token}`, 'content-type': 'multipart/form-data; boundary=x' },
        payload: form,
      })
      return (JSON.parse(answer.body) as { items: { id: string }[] }).items[0]!.id
    }
    const [kept, left] = [await upload('kept.txt', 'kept text'), await upload('left.txt', 'left text')]
    await desk.call('POST /api/tickets', { as: asker, body: { subject: 'A', body: 'x', uploadIds: [kept] } })
    const files = () => desk.kernel.asSystem(({ db }) => db.selectFrom('file').select('sha256').execute())
    const before = await files()
    desk.clock.advance({ hours: 30 })
    const { ticketJobs } = await import('../tickets/jobs.ts')
    await ticketJobs['tickets.sweep']?.(desk.kernel, {})
    for (let twice = 0; twice < 2; twice++) await healthJobs['health.sweep-files']?.(desk.kernel, {})
    const after = await files()
    expect(after).toHaveLength(before.length - 1)
    const gone = before.find((one) => !after.some((other) => other.sha256 === one.sha256))
    expect(await desk.kernel.files.has(gone?.sha256 ?? '')).toBe(false)
    expect(await desk.kernel.files.has(after[0]?.sha256 ?? '')).toBe(true)
    expect(left).not.toBe(kept)
  })
})
