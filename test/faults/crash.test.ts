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
type Site = { home: Home; program: Program; accepted: string[] }
let sink: Sink
let clone: Clone
let stepwise: Site
let flooded: Site

beforeAll(async () => {
  sink = await startSink()
  clone = await cloneDatabase()
  const home = newHome({ SMTP_URL: sink.url, DATABASE_URL: clone.ownerUrl })
  stepwise = { home, program: await startProgram(home), accepted: [] }
  await stepwise.program.stop()
})
afterAll(async () => {
  for (const site of [stepwise, flooded]) {
    await site?.program.stop()
    site?.home.clean()
  }
  await clone?.drop()
  await sink?.stop()
})

const attachment = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the log.\r\n--b\r\nContent-Type: application/octet-stream; name=log.bin\r\nContent-Disposition: attachment; filename=log.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n`
const withAttachment = (name: string): Written => {
  const messageId = `${name}@crash.example`
  const raw = `From: ${name}@customer.example\r\nTo: help@desk.example\r\nSubject: At ${name}\r\nMessage-ID: <${messageId}>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0100\r\n${attachment}${Buffer.from(`log of ${name}`).toString('base64')}\r\n--b--\r\n`
  return { raw, messageId, from: `${name}@customer.example` }
}

/** Tries once; true when the mail was taken. */
async function send(site: Site, mail: Written): Promise<boolean> {
  const refused = await mailTo(site.program.smtpPort, mail).then(
    () => 0,
    (cause: { responseCode?: number }) => cause.responseCode,
  )
  expect([0, undefined, 421, 451]).toContain(refused)
  if (refused === 0) site.accepted.push(mail.messageId ?? '')
  return refused === 0
}
async function sendUntilTaken(site: Site, mail: Written): Promise<void> {
  while (!(await send(site, mail))) await new Promise((go) => setTimeout(go, 200))
}
let lastKill: Date
const pending = async (db: pg.Client) =>
  Number((await db.query(`select count(*) from inbound_mail where verdict = 'pending'`)).rows[0].count)

describe('FT-16, FT-40, FT-45: kill -9', () => {
  const unsent: Written[] = []
  const points = allFailpoints().filter((name) => /^(mail|file)\./.test(name) && name !== 'mail.before-position')

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
    const db = await openDatabase(stepwise.home)
    // The lane of the outbox that the one killed before still holds; the test does not wait for its lease each time.
    await db.query('update graphile_worker._private_job_queues set locked_at = null, locked_by = null')
    await db.end()
    const mail = withAttachment(point.replace('.', '-'))
    const started = await startProgram(stepwise.home, { FAILPOINT: `${point}:kill9` }).catch((cause: { signal?: string }) => {
      // What the one before left undone may get there while this one is still starting.
      if (cause.signal !== 'SIGKILL') throw cause
    })
    if (!started) return void unsent.push(mail)
    stepwise.program = started
    if (!(await send(stepwise, mail))) unsent.push(mail)
    await stepwise.program.gone()
    expect(stepwise.program.signal()).toBe('SIGKILL')
  })

  it('leaves the sender to send again what got no 250', async () => {
    lastKill = new Date()
    stepwise.program = await startProgram(stepwise.home)
    for (const mail of unsent) await sendUntilTaken(stepwise, mail)
    expect(stepwise.accepted.length).toBe(points.length)
  })
})

describe('FT-17: a flood, power cuts and kill -9', () => {
  it('300 mails through three kills: none is lost, none is doubled', async () => {
    const home = newHome({ SMTP_URL: sink.url })
    flooded = { home, program: await startProgram(home), accepted: [] }
    const { accepted } = flooded
    const waiting = Array.from(
      { length: 300 },
      (_, n): Written => ({ messageId: `flood-${n}@flood.example`, from: `f${n % 7}@flood.example`, subject: `Flood ${n}` }),
    )
    const sender = async () => {
      for (let mail = waiting.shift(); mail; mail = waiting.shift()) await sendUntilTaken(flooded, mail)
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
        await flooded.program.kill9()
        flooded.program = await startProgram(home)
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

describe('FT-16, FT-40, FT-45: what the killed ones left behind', () => {
  it('ran again within 30 s: every mail is one message, every answer went out, and only the one of which nobody could know went out twice', async () => {
    const { home, accepted } = stepwise
    const db = await openDatabase(home)
    await until('all mails are judged', async () => (await pending(db)) === 0, 35)
    await until('all answers are out', async () => (await db.query(`select 1 from outbound_mail where state <> 'sent'`)).rowCount === 0, 35)
    const late = await db.query(`select 1 from inbound_mail where judged_at > $1::timestamptz + interval '30 seconds'`, [
      lastKill.toISOString(),
    ])
    expect(late.rowCount).toBe(0)
    expect(await checkConservation(db, home.dataDir, accepted)).toEqual([])
    const rows = (await db.query<{ message_id: string }>('select message_id from outbound_mail')).rows
    expect(rows.length).toBe(accepted.length)
    const copies = rows.map((row) => sink.taken.filter((mail) => mail.header('Message-ID')?.includes(row.message_id)).length)
    expect(Math.min(...copies), 'an answer was lost').toBe(1)
    expect(copies.filter((n) => n > 1)).toEqual([2])
    await db.end()
  })
})
