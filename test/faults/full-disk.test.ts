import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, fstatSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../database.ts'
import { checkConservation } from './oracles.ts'
import { type OwnPostgres, ownPostgres } from './postgres-of-our-own.ts'
import { newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/** Disks that are full: a small file system in memory, mounted for the test. Only root may mount. */
const folder = mkdtempSync(join(tmpdir(), 'fl-full-'))
// Whoever PostgreSQL runs as must get through it.
chmodSync(folder, 0o755)
const mounted: string[] = []
function mount(name: string, megabytes: number): string | undefined {
  const path = join(folder, name)
  mkdirSync(path)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path]).status !== 0) return undefined
  mounted.push(path)
  return path
}
const databaseDisk = mount('database', 320)
const filesDisk = mount('files', 8)
afterAll(() => {
  for (const path of mounted) spawnSync('umount', ['-l', path])
  rmSync(folder, { recursive: true, force: true })
})

/** Fills all but so many bytes; returns how to free it again. */
function fill(disk: string, leave = 0): () => void {
  const path = join(disk, 'filling')
  const file = openSync(path, 'w')
  for (let piece = Buffer.alloc(1024 * 1024); piece.length > 0; ) {
    try {
      writeSync(file, piece)
    } catch {
      piece = piece.subarray(0, Math.floor(piece.length / 2))
    }
  }
  ftruncateSync(file, fstatSync(file).size - leave)
  closeSync(file)
  return () => rmSync(path)
}

describe.skipIf(databaseDisk === undefined)('FT-04: the disk of the database is full (skipped where nothing can be mounted)', () => {
  let postgres: OwnPostgres
  let program: Program
  beforeAll(async () => {
    const settings = { max_wal_size: '64MB', min_wal_size: '32MB', shared_buffers: '32MB' }
    postgres = await ownPostgres({ dataDir: join(databaseDisk ?? '', 'data'), settings })
    program = await startProgram(newHome(postgres.settings))
  })
  afterAll(async () => {
    await program?.stop()
    program?.home.clean()
    await postgres?.clean()
  })

  it('writing says 503, mail is deferred or kept, reading goes on, and with space again all goes on without a restart', async () => {
    const db = await openDatabase(program.home)
    const body = 'It is full. '.repeat(30_000)
    const write = (subject: string) => program.call('POST /api/tickets', { subject, body: `${body}${Math.random()}` })
    expect((await write('Before')).status).toBe(201)
    const free = fill(databaseDisk ?? '')
    const answers: number[] = []
    await until('writing is refused', async () => {
      const { status } = await write('Full')
      answers.push(status)
      return status === 503
    })
    expect(new Set([...answers, 201, 503]).size, `only 201 and 503, not ${answers}`).toBe(2)
    expect(await write('Full')).toMatchObject({ status: 503, retryAfter: '3', body: { code: 'unavailable' } })
    expect((await program.call('GET /api/tickets')).status).toBe(200)
    const mail = { messageId: 'during@full.example', subject: 'During', body: body.slice(0, 200) }
    const refused = await program.mail(mail).then(
      () => 0,
      (cause: { responseCode?: number }) => cause.responseCode,
    )
    expect([0, 451]).toContain(refused)
    free()
    await until('writing works again', async () => (await write('After')).status === 201, 15)
    if (refused !== 0) await program.mail(mail)
    await until(
      'the mail is judged',
      async () =>
        (await db.query(`select 1 from inbound_mail where message_id = 'during@full.example' and verdict = 'created'`)).rowCount === 1,
      30,
    )
    expect(await checkConservation(db, program.home.dataDir, ['during@full.example'])).toEqual([])
    const kept = Number((await db.query(`select count(*) from ticket where subject = 'Full'`)).rows[0].count)
    expect(kept, 'what was answered 201, and nothing else, is there').toBe(answers.filter((status) => status === 201).length)
    await db.end()
  })
})

describe.skipIf(filesDisk === undefined)(
  'FT-31: the disk of the files is full, the database is well (skipped where nothing can be mounted)',
  () => {
    let clone: Clone
    let program: Program
    beforeAll(async () => {
      clone = await cloneDatabase()
      const home = newHome({ DATABASE_URL: clone.ownerUrl, DATA_DIR: join(filesDisk ?? '', 'data') })
      home.dataDir = home.settings['DATA_DIR'] ?? ''
      mkdirSync(home.dataDir)
      program = await startProgram(home)
    })
    afterAll(async () => {
      await program?.stop()
      await clone?.drop()
    })

    it('mail is not acknowledged and leaves nothing behind; with space again the same mail is one message', async () => {
      const db = await openDatabase(program.home)
      const mail = { messageId: 'files@full.example', subject: 'Files', body: 'x'.repeat(70).concat('\r\n').repeat(3000) }
      const free = fill(filesDisk ?? '')
      await expect(program.mail(mail)).rejects.toMatchObject({ responseCode: 451 })
      expect((await db.query('select 1 from inbound_mail')).rowCount).toBe(0)
      expect((await program.call('GET /api/tickets')).status).toBe(200)
      free()
      await program.mail(mail)
      await until('the mail is judged', async () => (await db.query(`select 1 from inbound_mail where verdict = 'created'`)).rowCount === 1)
      expect(await checkConservation(db, program.home.dataDir, [mail.messageId])).toEqual([])
      await db.end()
    })

    it('however little space is left: a mail is refused or kept whole, never cut short', async () => {
      const db = await openDatabase(program.home)
      const body = 'x'.repeat(70).concat('\r\n').repeat(3000)
      const accepted: string[] = []
      for (let leave = 200_000; leave < 236_000; leave += 4096) {
        const free = fill(filesDisk ?? '', leave)
        const messageId = `${leave}@full.example`
        await program.mail({ messageId, subject: `${leave} bytes left`, body }).then(
          () => accepted.push(messageId),
          (cause) => expect(cause.responseCode).toBe(451),
        )
        free()
      }
      await until(
        'the mails are judged',
        async () => (await db.query(`select 1 from inbound_mail where verdict = 'pending'`)).rowCount === 0,
      )
      expect(accepted.length).toBeGreaterThan(0)
      expect(accepted.length).toBeLessThan(9)
      expect(await checkConservation(db, program.home.dataDir, accepted)).toEqual([])
      await db.end()
    })

    it('FT-04: while the last hundredth is free, mail and files are refused, and all that is small still works', async () => {
      const disk = statfsSync(filesDisk ?? '')
      const reserve = Math.floor((disk.blocks * disk.bsize) / 100)
      const upload = async () => {
        const form = new FormData()
        form.set('file', new Blob(['x'.repeat(1000)]), 'small.txt')
        const headers = { authorization: `Bearer ${program.home.token}` }
        const answer = await fetch(`${program.baseUrl}/api/uploads`, { method: 'POST', headers, body: form })
        return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
      }
      const mail = { messageId: 'reserve@full.example', subject: 'Reserve', body: 'small' }
      let free = fill(filesDisk ?? '', Math.floor(reserve * 0.8))
      const room = statfsSync(filesDisk ?? '')
      expect(room.bavail * room.bsize, 'the small mail would have found room').toBeGreaterThan(20_000)
      await expect(program.mail(mail)).rejects.toMatchObject({ responseCode: 451 })
      expect(await upload()).toMatchObject({ status: 503, retryAfter: '3', text: expect.stringContaining('disk of this desk is full') })
      expect((await program.call('POST /api/tickets', { subject: 'Without a file' })).status).toBe(201)
      const page = await program.call('GET /api/health/details')
      expect(page.body['checks']).toContainEqual(expect.objectContaining({ key: 'disk.full', state: 'bad' }))
      free()
      free = fill(filesDisk ?? '', reserve * 3)
      await program.mail(mail)
      expect((await upload()).status).toBe(201)
      free()
    })

    it('FT-32: the oracle sees a row whose file is gone', async () => {
      const db = await openDatabase(program.home)
      const { sha256 } = (await db.query('select sha256 from inbound_mail')).rows[0]
      rmSync(join(program.home.dataDir, 'files', sha256.slice(0, 2), sha256))
      expect(await checkConservation(db, program.home.dataDir, [])).toEqual([`the file ${sha256} is missing or broken`])
      await db.end()
    })
  },
)
