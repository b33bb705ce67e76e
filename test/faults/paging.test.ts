import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../server/features/paging/paging.testing.ts'
import { type Clone, cloneDatabase } from '../database.ts'
import { type Home, newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/**
 * Two nodes on one database, killed at every point of a page's way and in a storm: no step is rung twice, and none not at
 * all. Only a message of which nobody can know whether it went out goes out once more.
 */
let clone: Clone
let outside: Receiver
let db: pg.Client
let homes: [Home, Home]
let nodes: [Program, Program]
const key = 'cd'.repeat(32)
beforeAll(async () => {
  clone = await cloneDatabase()
  outside = await startReceiver()
  const settings = { DATABASE_URL: clone.ownerUrl, ENCRYPTION_KEY: key }
  homes = [newHome(settings), newHome(settings)]
  const first = await startProgram(homes[0])
  homes[1].token = homes[0].token
  nodes = [first, first]
  db = await openDatabase(homes[0])
})
afterAll(async () => {
  await db?.end()
  for (const node of nodes ?? []) await node.stop()
  for (const home of homes ?? []) home.clean()
  await outside?.stop()
  await clone?.drop()
})

type Rung = { id: string; path: string; policyId: string }
/** A colleague with a way of their own, and a policy that rings them. */
async function colleague(node: Program, name: string): Promise<Rung> {
  const token = randomBytes(16).toString('base64url')
  const made = await db.query<{ id: string }>(
    `with p as (insert into person (name, email, created_at) values ($1, $2, now()) returning id),
       g as (insert into role_grant (person_id, role, given_at) select id, 'agent', now() from p),
       t as (insert into api_token (person_id, name, token_hash, scopes, created_at) select id, 'test', $3, '{admin}', now() from p)
     select id from p`,
    [name, `${name}@people.example`, createHash('sha256').update(token).digest()],
  )
  const id = made.rows[0]!.id
  const url = `${outside.url}/${name}`
  const channel = { kind: 'webhook', format: 'ntfy', url, highAfter: 0 }
  const added = await node.call('POST /api/me/paging/channels', channel, { authorization: `Bearer ${token}` })
  if (added.status !== 201) throw new Error(JSON.stringify(added))
  const steps = [{ targets: [{ kind: 'person', id }], wait: 60 }]
  const policy = await node.call('POST /api/paging/policies', { name, steps, loops: 0 })
  return { id, path: `/${name}`, policyId: String(policy.body.id) }
}
async function pageBy(node: Program, policyId: string): Promise<string> {
  const ticket = await node.call('POST /api/tickets', { subject: 'Line is down', acknowledge: false })
  const made = await node.call(`POST /api/tickets/${ticket.body.id}/pages`, { policyId })
  if (made.status !== 201) throw new Error(JSON.stringify(made))
  return String(made.body.id)
}
const ringsOf = async (pageId: string) => (await db.query('select person_id from page_ring where page_id = $1', [pageId])).rows.length
const sentTo = async ({ id }: Rung) =>
  (await db.query(`select 1 from page_attempt where kind = 'webhook' and state = 'sent' and person_id = $1`, [id])).rows.length
const notSent = async () => (await db.query(`select 1 from page_attempt where kind = 'webhook' and state <> 'sent'`)).rows.length

describe('FT-45: a page and kill -9', () => {
  const points = ['paging.before-advance-commit', 'paging.before-send', 'paging.after-send']

  it.each(points)(
    'at %s: what the dead node left is found, each step is rung once, and nobody is forgotten',
    async (point) => {
      const rung = await colleague(nodes[0], point.replaceAll('.', '-'))
      await nodes[0].stop()
      nodes[0] = await startProgram(homes[0], { FAILPOINT: `${point}:kill9` })
      const asked = pageBy(nodes[0], rung.policyId).catch(() => undefined)
      await nodes[0].gone()
      expect(nodes[0].signal()).toBe('SIGKILL')
      await asked
      const [page] = (await db.query<{ id: string }>('select id from page where policy_id = $1', [rung.policyId])).rows
      const [one, two] = await Promise.all([startProgram(homes[0]), startProgram(homes[1])])
      nodes = [one, two]
      await until('what was left is sent', async () => (await sentTo(rung)) > 0 && (await notSent()) === 0, 60)
      await two.stop()
      expect(await ringsOf(page!.id)).toBe(1)
      // Between the provider's answer and its row nobody can know: rather twice than not at all.
      expect(outside.of(rung.path).length).toBe(point === 'paging.after-send' ? 2 : 1)
    },
    120_000,
  )
})

describe('FT-46, FT-50: the node that sends a message sleeps', () => {
  it('the other sends it once more, and what the sleeper writes when it wakes is refused', async () => {
    const rung = await colleague(nodes[0], 'asleep')
    await nodes[0].stop()
    await nodes[1].stop()
    const armed = await startProgram(homes[0], { FAILPOINT: 'paging.after-send:stop' })
    nodes[0] = armed
    await pageBy(armed, rung.policyId)
    await until('it sleeps', () => armed.asleep())
    expect(outside.of(rung.path).length).toBe(1)
    nodes[1] = await startProgram(homes[1])
    // As if twenty seconds had gone by since it was taken.
    await db.query(`update page_message set claimed_at = claimed_at - interval '1 minute' where state = 'sending'`)
    await until('the other sent it', async () => (await sentTo(rung)) === 1)
    const message = async () =>
      (await db.query<{ state: string; fence: number }>('select state, fence from page_message where person_id = $1', [rung.id])).rows
    expect(await message()).toEqual([{ state: 'sent', fence: 2 }])
    armed.wake()
    await until('it goes on', async () => (await armed.call('GET /api/tickets')).status === 200)
    expect(outside.of(rung.path).length).toBe(2)
    expect(await message()).toEqual([{ state: 'sent', fence: 2 }])
    expect(await sentTo(rung)).toBe(1)
  })
})

describe('a storm, and either node killed in it', () => {
  it('every ticket is one page that rang once; few messages tell of all', async () => {
    if (nodes[0] === nodes[1] || !nodes[1].running()) nodes[1] = await startProgram(homes[1])
    const rung = await colleague(nodes[1], 'storm')
    const pages: Promise<string | undefined>[] = []
    for (let n = 0; n < 60; n++) {
      const node = nodes[n % 2] as Program
      pages.push(pageBy(node, rung.policyId).catch(() => undefined))
      if (n % 10 === 9) await Promise.all(pages)
      for (const [at, which] of [
        [20, 0],
        [40, 1],
      ] as const)
        if (n === at) {
          await nodes[which].kill9()
          nodes[which] = await startProgram(homes[which])
        }
    }
    await Promise.all(pages)
    const kept = (await db.query<{ id: string }>('select id from page where policy_id = $1', [rung.policyId])).rows
    expect(kept.length).toBeGreaterThan(30)
    const unrung = async () =>
      (
        await db.query(
          'select id, state, step, loop, round, next_at, unreached_at from page where policy_id = $1 and first_rung_at is null',
          [rung.policyId],
        )
      ).rows
    await until('all have rung', async () => (await unrung()).length === 0, 45).catch(async (cause) => {
      console.log(
        JSON.stringify((await unrung()).slice(0, 4)),
        (await unrung()).length,
        nodes.map((n) =>
          n
            .log()
            .split('\n')
            .filter((l) => /error|warn/.test(l))
            .slice(-4),
        ),
      )
      throw cause
    })
    await until('all are told', async () => (await notSent()) === 0, 60)
    for (const { id } of kept) expect(await ringsOf(id)).toBe(1)
    const messages = (await db.query<{ pages: number }>('select pages from page_message where person_id = $1', [rung.id])).rows
    expect(messages.reduce((sum, one) => sum + one.pages, 0)).toBe(kept.length)
    const heard = outside.of(rung.path).length
    expect(heard).toBeGreaterThanOrEqual(messages.length)
    expect(heard).toBeLessThanOrEqual(messages.length + 2)
  }, 180_000)
})
