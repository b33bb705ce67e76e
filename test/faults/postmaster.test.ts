import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { livingPostmaster } from '../../server/kernel/embedded-postgres-lock.ts'
import { checkConservation } from './oracles.ts'
import { newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/** The PostgreSQL that the program looks after is killed while the program lives, under load; as by the system for want of memory. */
let program: Program
const accepted: string[] = []
beforeAll(async () => {
  program = await startProgram(newHome())
})
afterAll(async () => {
  await program?.stop()
  program?.home.clean()
})

const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))
const postmaster = () => livingPostmaster(join(program.home.dataDir, 'postgres'))
const answers = async () => (await program.call('GET /api/tickets').catch(() => ({ status: 0 }))).status === 200

/** A process of the cluster that serves a connection of the program. */
function aBackend(): number {
  const parent = postmaster()?.pid
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent && words.startsWith('postgres: firstline firstline')
      } catch {
        return false
      }
    })
  return Number(found)
}

/** What the live stream says, for as long as the connection lasts. */
async function listenLive() {
  const heard = { text: '', over: false }
  const stopping = new AbortController()
  const response = await fetch(`${program.baseUrl}/api/live`, {
    headers: { authorization: `Bearer ${program.home.token}` },
    signal: stopping.signal,
  })
  const read = async () => {
    for await (const piece of response.body ?? []) heard.text += Buffer.from(piece).toString()
  }
  void read()
    .catch(() => {})
    .finally(() => {
      heard.over = true
    })
  return { heard, stop: () => stopping.abort() }
}

type Load = { keys: number; statuses: Set<number>; retryAfterMissing: number }
/** Mail and new tickets; what was refused for now is sent again, as clients and mail servers do. */
async function underLoad(name: string, during: () => Promise<void>): Promise<Load> {
  const load: Load = { keys: 0, statuses: new Set(), retryAfterMissing: 0 }
  let over = false
  const client = async () => {
    while (!over) {
      const key = `${name}-${++load.keys}`
      for (;;) {
        const answer = await program.call('POST /api/tickets', { subject: key }, { 'idempotency-key': key })
        load.statuses.add(answer.status)
        if (answer.status === 503 && answer.retryAfter === null) load.retryAfterMissing++
        if (answer.status !== 503) break
        await pause(100)
      }
    }
  }
  const sender = async () => {
    for (let n = 0; !over; n++) {
      const mail = { messageId: `${name}-${n}@load.example`, from: `c${n % 5}@load.example`, subject: `Mail ${name} ${n}` }
      for (;;) {
        const code = await program.mail(mail).then(
          () => 0,
          (cause: { responseCode?: number }) => cause.responseCode,
        )
        if (code === 0) break
        expect(code).toBe(451)
        await pause(100)
      }
      accepted.push(mail.messageId)
    }
  }
  const all = [client(), client(), client(), sender(), sender()]
  await during()
  over = true
  await Promise.all(all)
  return load
}

async function nothingLost(name: string, load: Load): Promise<void> {
  expect([...load.statuses].sort()).toEqual([201, 503])
  expect(load.retryAfterMissing).toBe(0)
  const db = await openDatabase(program.home)
  const made = await db.query('select count(*)::int as n from ticket where subject like $1', [`${name}-%`])
  expect(made.rows[0].n).toBe(load.keys)
  await until(
    'the mails are judged',
    async () => (await db.query(`select 1 from inbound_mail where verdict = 'pending'`)).rowCount === 0,
    40,
  )
  expect(await checkConservation(db, program.home.dataDir, [...new Set(accepted)])).toEqual([])
  await db.end()
}

describe('FT-01: the PostgreSQL of the program dies by itself', () => {
  it.each(['first', 'second'])(
    'kill -9 of its main process, the %s time: back within 10 s, nothing lost or doubled, screens are told',
    async (name) => {
      const { heard, stop } = await listenLive()
      let backAfter = Number.NaN
      const load = await underLoad(name, async () => {
        await pause(1000)
        const before = postmaster()?.pid ?? 0
        process.kill(before, 'SIGKILL')
        await until('a load balancer is told no', async () => (await fetch(`${program.baseUrl}/api/health`)).status === 503)
        expect(await program.call('GET /api/tickets')).toMatchObject({ status: 503, retryAfter: '3' })
        backAfter = await until('it answers again', answers, 30)
        expect(postmaster()?.pid).not.toBe(before)
        await pause(500)
      })
      expect(backAfter).toBeLessThan(10_000)
      expect(program.running()).toBe(true)
      expect(heard.over, 'the stream itself was never cut').toBe(false)
      await until('screens are told to look anew', () => heard.text.split('event: look').length > 2)
      heard.text = ''
      await program.call('POST /api/tickets', { subject: 'After it' })
      await until('screens hear of the next change', () => heard.text.includes('ticket.created'))
      stop()
      await nothingLost(name, load)
    },
  )

  it('kill -9 of one of its connections, as for want of memory: the others end too, and all is back within 10 s', async () => {
    const before = postmaster()?.pid
    let backAfter = Number.NaN
    const load = await underLoad('memory', async () => {
      await pause(500)
      process.kill(aBackend(), 'SIGKILL')
      await until('it is felt', async () => !(await answers()))
      backAfter = await until('it answers again', answers, 30)
    })
    expect(backAfter).toBeLessThan(10_000)
    expect(postmaster()?.pid, 'PostgreSQL recovered by itself').toBe(before)
    await nothingLost('memory', load)
  })

  it('the health page says so for a day, and the log why', async () => {
    const page = await program.call('GET /api/health/details')
    expect(page.body['checks']).toContainEqual(expect.objectContaining({ key: 'database.died', state: 'warning' }))
    expect(program.log()).toMatch(/"warn","what":"database","message":"PostgreSQL stopped by itself \(SIGKILL\)/)
  })

  it('afterwards it stops cleanly, and PostgreSQL with it', async () => {
    expect(await program.stop()).toBe(0)
    expect(postmaster()).toBeUndefined()
  })
})
