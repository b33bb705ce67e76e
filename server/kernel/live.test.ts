import type { ServerResponse } from 'node:http'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../test/database.ts'
import { type Actor, nobody } from './actor.ts'
import { type Live, startLive } from './live.ts'
import { quietLog } from './log.ts'

let clone: Clone
let client: pg.Client
let live: Live
beforeAll(async () => {
  clone = await cloneDatabase()
  client = new pg.Client({ connectionString: clone.ownerUrl })
  await client.connect()
  live = startLive(clone.ownerUrl, quietLog)
})
afterAll(async () => {
  await live.stop()
  await client.end()
  await clone.drop()
})

const member = (id: string, teams: string[]): Actor => ({
  ...nobody,
  kind: 'person',
  id,
  name: id,
  staff: true,
  organisations: 'all',
  teams,
})

/** A stream as the browser holds it, and whether it was ended. */
function attach(actor: Actor): { ended: boolean } {
  const state = { ended: false }
  const response = { writeHead() {}, write() {}, on() {}, writableLength: 0, end: () => Object.assign(state, { ended: true }) }
  live.attach(actor, response as unknown as ServerResponse)
  return state
}
async function hear(by: number, type: string, subject: string): Promise<void> {
  const told = { by, events: [{ i: 1, e: type, s: subject, t: null, a: 'staff', u: null }], tickets: {} }
  await client.query("select pg_notify('firstline', $1)", [JSON.stringify(told)])
}

it('G-090 a stream ends when somebody else changes what its person may see: their teams, or whom they belong to', async () => {
  const [inside, outside, moved, busy] = [
    attach(member('1', ['7'])),
    attach(member('2', ['8'])),
    attach(member('3', [])),
    attach(member('4', [])),
  ]
  await expect
    .poll(async () => {
      await hear(9, 'team.members-set', 'team:7')
      await hear(9, 'person.changed', 'person:3')
      await hear(4, 'person.changed', 'person:4')
      return [inside, outside, moved, busy].map(({ ended }) => ended)
    })
    .toEqual([true, false, true, false])
})

it('staff are told a position, until something was kept from them; others are told none', async () => {
  const told: Record<string, string[]> = {}
  const listen = (actor: Actor) => {
    const words: string[] = []
    told[actor.name] = words
    const response = { writeHead() {}, write: (text: string) => words.push(text), on() {}, writableLength: 0, end() {} }
    live.attach(actor, response as unknown as ServerResponse)
  }
  const before = live.position()
  listen({ ...member('5', []), name: 'everything' })
  listen({ ...member('6', []), name: 'some teams', teamsLimit: ['9'] })
  listen({ ...member('7', []), name: 'requester', staff: false, organisations: [] })
  expect(told.everything).toEqual([`retry: 2000\nevent: look\ndata: {"position":"${before}"}\n\n`])
  expect(told.requester).toEqual(['retry: 2000\nevent: look\ndata: {}\n\n'])
  const audience = { o: null, t: 8, x: false, p: [7], rp: null, rt: null }
  const event = { i: 2, e: 'ticket.replied', s: 'ticket:3', t: 3, a: 'everyone', u: null }
  const hearTwo = async () => {
    const told = { by: 4, events: [event], tickets: { 3: audience } }
    await client.query("select pg_notify('firstline', $1)", [JSON.stringify(told)])
    await client.query("select pg_notify('firstline', $1)", [JSON.stringify({ ...told, events: [{ ...event, s: 'category:1', t: null }] })])
  }
  await hearTwo()
  const ofKind = (name: string, kind: string) => told[name]?.find((text) => text.includes(`"kind":"${kind}"`))
  await expect.poll(() => ofKind('everything', 'category')).toBeDefined()
  expect(live.position()).not.toBe(before)
  expect(ofKind('everything', 'ticket')).toContain('"position":"')
  expect(ofKind('everything', 'category')).toContain('"position":"')
  expect(ofKind('some teams', 'ticket')).toBeUndefined()
  expect(ofKind('some teams', 'category'), 'something was kept from them').not.toContain('position')
  expect(told.requester?.join()).not.toContain('position')
})
