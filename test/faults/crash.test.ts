import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sink, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { livingPostmaster } from '../../server/kernel/embedded-postgres-lock.ts'
import { type Clone, cloneDatabase } from '../database.ts'
import { allFailpoints } from './failpoints.ts'
import { checkConservation } from './oracles.ts'
import { type Home, mailTo, newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/**
 * kill -9 at every point of the mail's way in and out, and in a flood; there on the arrangement of `npm start`, whose
 * PostgreSQL goes with it. The sender does what every mail server does: what got no 250 is sent again.
 */
let home: Home
let sink: Sink
let program: Program
const accepted: string[] = []

beforeAll(async () => {
  sink = await startSink()
})
afterAll(async () => {
  await sink?.stop()
})

const attachment = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the log.\r\n--b\r\nContent-Type: application/octet-stream; name=log.bin\r\nContent-Disposition: attachment; filename=log.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n`
const withAttachment = (name: string): Written => {
  const messageId = `${name}@crash.example`
  const raw = `From: ${name}@customer.example\r\nTo: help@desk.example\r\nSubject: At ${name}\r\nMessage-ID: <${messageId}>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0100\r\n${attachment}${Buffer.from(`log of ${name}`).toString('base64')}\r\n--b--\r\n`
  return { raw, messageId, from: `${name}@customer.example` }
}

/** Tries once; true when the mail was taken. */
async function send(mail: Written): Promise<boolean> {
  const taken = await mailTo(program.smtpPort, mail).then(
    () => true,
    (cause: { responseCode?: number }) => (expect([undefined, 421, 451]).toContain(cause.responseCode), false),
  )
  if (taken) accepted.push(mail.messageId ?? '')
  return taken
}
async function sendUntilTaken(mail: Written): Promise<void> {
  while (!(await send(mail))) await new Promise((go) => setTimeout(go, 200))
}
const pending = async (db: pg.Client) =>
  Number((await db.query(`select count(*) from inbound_mail where verdict = 'pending'`)).rows[0].count)

describe('FT-16, FT-40, FT-45: kill -9', () => {
  const unsent: Written[] = []
  let clone: Clone
  beforeAll(async () => {
    clone = await cloneDatabase()
    home = newHome({ SMTP_URL: sink.url, DATABASE_URL: clone.ownerUrl })
    program = await startProgram(home)
    await program.stop()
  })
  afterAll(async () => {
    await program?.stop()
    await clone?.drop()
    home?.clean()
  })
  const points = allFailpoints().filter((name) => name !== 'mail.before-position')

  it('knows both sides of every side effect', () => {
    for (const side of [
      'file.before-rename',
      'file.after-rename',
      'mail.before-arrival-commit',
      'mail.after-arrival-commit',
      'mail.before-judge-commit',
      'mail.after-judge-commit',
      'mail.before-hand-over',
      'mail.after-hand-over',
      'mail.after-sent-commit',
    ])
      expect(points).toContain(side)
  })

  it.each(points)('at %s ends the program there', async (point) => {
    program = await startProgram(home, { FAILPOINT: `${point}:kill9` })
    const mail = withAttachment(point.replace('.', '-'))
    if (!(await send(mail))) unsent.push(mail)
    await program.gone()
    expect(program.signal()).toBe('SIGKILL')
  })

  it('after the last one, jobs of the killed run again within 30 s, every mail is one message and every answer went out, one of them at most twice', async () => {
    const began = performance.now()
    program = await startProgram(home)
    for (const mail of unsent) await sendUntilTaken(mail)
    const db = await openDatabase(home)
    await until('all mails are judged', async () => (await pending(db)) === 0, 35)
    await until('all answers are out', async () => (await db.query(`select 1 from outbound_mail where state <> 'sent'`)).rowCount === 0, 35)
    expect(performance.now() - began).toBeLessThan(35_000)
    expect(accepted.length).toBe(points.length)
    expect(await checkConservation(db, home.dataDir, accepted)).toEqual([])
    const sent = Map.groupBy(sink.taken, (mail) => mail.header('Message-ID') ?? '')
    const rows = (await db.query<{ message_id: string }>('select message_id from outbound_mail')).rows
    expect(rows.length).toBe(points.length)
    const copies = rows.map((row) => [...sent].find(([id]) => id.includes(row.message_id))?.[1].length ?? 0)
    expect(Math.min(...copies), 'an answer was lost').toBe(1)
    expect(Math.max(...copies), 'the failpoint after the hand-over makes exactly one copy').toBe(2)
    expect(copies.filter((n) => n > 1).length).toBe(1)
    await db.end()
  })
})

describe('FT-17: a flood, power cuts and kill -9', () => {
  beforeAll(async () => {
    home = newHome({ SMTP_URL: sink.url })
    program = await startProgram(home)
    accepted.length = 0
  })
  afterAll(async () => {
    await program?.stop()
    home?.clean()
  })

  it('300 mails through three kills: none is lost, none is doubled', async () => {
    const waiting = Array.from(
      { length: 300 },
      (_, n): Written => ({ messageId: `flood-${n}@flood.example`, from: `f${n % 7}@flood.example`, subject: `Flood ${n}` }),
    )
    const sender = async () => {
      for (let mail = waiting.shift(); mail; mail = waiting.shift()) await sendUntilTaken(mail)
    }
    const killer = async () => {
      for (const { at, powerCut } of [
        { at: 50, powerCut: false },
        { at: 130, powerCut: true },
        { at: 210, powerCut: false },
      ]) {
        await until(`${at} mails were taken`, () => accepted.length >= at, 60)
        const living = livingPostmaster(join(home.dataDir, 'postgres'))
        // As if the power went: PostgreSQL without a checkpoint, the program in the same moment.
        if (powerCut && living) process.kill(living.pid, 'SIGQUIT')
        await program.kill9()
        program = await startProgram(home)
      }
    }
    await Promise.all([sender(), sender(), sender(), sender(), sender(), sender(), killer()])
    const db = await openDatabase(home)
    await until('the flood is judged', async () => (await pending(db)) === 0, 60)
    expect(accepted.length).toBe(300)
    expect(await checkConservation(db, home.dataDir, accepted)).toEqual([])
    await db.end()
  })
})
