import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testSettings } from '../../../test/harness.ts'
import { runCommand } from '../../cli/main.ts'
import { quietLog } from '../../kernel/log.ts'
import { openProgram, type Program } from '../../program.ts'
import { keepNewest } from './actions-backup.ts'
import { restoreBackup } from './backup-restore.ts'
import { backupOf, healthJobs } from './jobs.ts'

/** On a real cluster in a folder of its own: it is copied while it is written to. */
let root: string
let dataDir: string
let folder: string
let before: number
const rows = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return (await client.query(text).finally(() => client.end())).rows
}
const open = (dir: string): Promise<Program> => openProgram(testSettings(dir), { log: quietLog, poolSize: 3 })

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'fl-backup-'))
  // Where root may make no user namespace, PostgreSQL runs as a system user, who must get through it.
  chmodSync(root, 0o755)
  dataDir = join(root, 'data')
  const program = await open(dataDir)
  try {
    const file = await program.kernel.files.put(Buffer.from('an attachment'))
    await rows(
      program.ownerUrl,
      `create table note (n int, filler text); insert into file (sha256, size, created_at) values ('${file.sha256}', ${file.size}, now());
      insert into note select g, repeat('x', 500) from generate_series(1, 20000) g`,
    )
    let going = true
    const writes = (async () => {
      for (let n = 20001; going; n++, await pause(10)) await rows(program.ownerUrl, `insert into note values (${n}, repeat('y', 5000))`)
    })()
    folder = (await backupOf(program.kernel.settings, '2026-05-01T02:30:00.000Z', join(root, 'backups'))).folder
    before = (await rows(program.ownerUrl, 'select max(n) as n from note'))[0].n
    going = false
    await writes
    await rows(program.ownerUrl, 'delete from note')
  } finally {
    await program.stop()
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The files are those of the backup, by another name: whoever changes one puts another in its place. */
const copyOfBackup = (name: string) => {
  const copy = join(root, name)
  mkdirSync(copy)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name)
    const to = join(copy, relative(folder, from))
    if (entry.isDirectory()) mkdirSync(to, { recursive: true })
    else {
      mkdirSync(dirname(to), { recursive: true })
      linkSync(from, to)
    }
  }
  return copy
}
const putInPlace = (path: string, content: string | Buffer) => {
  rmSync(path)
  writeFileSync(path, content)
}

describe('a backup made while it was written to', () => {
  it('brings every row back without a gap, keeps the old database aside, and holds outgoing mail', async () => {
    const { aside } = await restoreBackup(folder, dataDir, '2026-05-01T08:00:00.000Z')
    expect(existsSync(join(aside ?? '', 'PG_VERSION'))).toBe(true)
    const program = await open(dataDir)
    try {
      const [found] = await rows(program.ownerUrl, 'select count(*)::int as count, max(n) as max, min(n) as min from note')
      expect(found.count).toBe(found.max)
      expect(found.count).toBeGreaterThanOrEqual(20000)
      expect(found.max).toBeLessThanOrEqual(before)
      expect(await rows(program.ownerUrl, `select value ->> 'at' as at from setting where name = 'restored'`)).toEqual([
        { at: '2026-05-01T08:00:00.000Z' },
      ])
    } finally {
      await program.stop()
    }
  })

  it('is restored on another machine, with its files, under new passwords', async () => {
    const other = join(root, 'other')
    await restoreBackup(folder, other, '2026-05-01T09:00:00.000Z')
    const program = await open(other)
    try {
      const [file] = await rows(program.ownerUrl, 'select sha256 from file')
      expect(readFileSync(join(other, 'files', file.sha256.slice(0, 2), file.sha256), 'utf8')).toBe('an attachment')
      expect(readFileSync(join(other, 'secrets', 'postgres-app'), 'utf8')).not.toBe(
        readFileSync(join(dataDir, 'secrets', 'postgres-app'), 'utf8'),
      )
    } finally {
      await program.stop()
    }
  })

  it('holds no key unless asked for', () => {
    expect(readdirSync(folder).sort()).toEqual(['files', 'manifest.json', 'postgres'])
  })
})

describe('a backup is refused, in words, and nothing is touched', () => {
  const refusal = async (copy: string) => {
    const untouched = join(root, 'untouched')
    const message = await restoreBackup(copy, untouched, '2026-05-01T08:00:00.000Z').then(
      () => 'restored',
      (cause: Error) => cause.message,
    )
    expect(existsSync(join(untouched, 'postgres'))).toBe(false)
    return message
  }
  it('with one flipped byte', async () => {
    const copy = copyOfBackup('flipped')
    const path = join(copy, 'postgres', 'global', 'pg_control')
    const bytes = readFileSync(path)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    putInPlace(path, bytes)
    expect(await refusal(copy)).toContain('postgres/global/pg_control is missing or was changed')
  })
  it('with a file missing, one too many, or a list that leads out of it', async () => {
    const copy = copyOfBackup('missing')
    rmSync(join(copy, 'postgres', 'PG_VERSION'))
    writeFileSync(join(copy, 'postgres', 'extra'), 'x')
    const message = await refusal(copy)
    expect(message).toContain('postgres/PG_VERSION is missing')
    expect(message).toContain('postgres/extra does not belong')
    const out = copyOfBackup('out')
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    manifest.files.push({ path: '../../etc/passwd', size: 1, sha256: 'a'.repeat(64) })
    putInPlace(join(out, 'manifest.json'), JSON.stringify(manifest))
    expect(await refusal(out)).toContain('points out of the backup')
  })
  it('D-051: with links or paths that lead out of it; the file elsewhere is neither read nor written', async () => {
    const secret = join(root, 'secret')
    writeFileSync(secret, 'of the machine')
    const sha256 = createHash('sha256').update('of the machine').digest('hex')
    const listing = (copy: string, ...paths: string[]) => {
      const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'))
      manifest.files.unshift(...paths.map((path) => ({ path, size: 14, sha256 })))
      putInPlace(join(copy, 'manifest.json'), JSON.stringify(manifest))
    }
    const linked = copyOfBackup('linked')
    symlinkSync(secret, join(linked, 'postgres', 'linked'))
    symlinkSync(root, join(linked, 'files', 'zz'))
    listing(linked, 'postgres/linked', 'files/zz/secret')
    for (const path of ['postgres/linked', 'files/zz/secret'])
      expect(readFileSync(join(linked, path), 'utf8'), 'who only compares hashes reads it, and finds it right').toBe('of the machine')
    const message = await refusal(linked)
    expect(message).toContain('postgres/linked is a link')
    expect(message).toContain('files/zz is a link')
    rmSync(join(linked, 'postgres', 'linked'))
    rmSync(join(linked, 'files', 'zz'))
    const out = ['../secret', '/etc/shadow', '..\\secret', 'C:\\secret', 'files/../../secret', 'files/a\0b']
    listing(linked, ...out)
    const told = await refusal(linked)
    for (const path of out) expect(told).toContain(`${path} points out of the backup`)
    expect(readFileSync(secret, 'utf8')).toBe('of the machine')
  })
  it('that was never finished', async () => {
    const copy = copyOfBackup('unfinished')
    rmSync(join(copy, 'manifest.json'))
    expect(await refusal(copy)).toContain('no finished backup')
    writeFileSync(join(copy, 'manifest.json'), '{')
    appendFileSync(join(copy, 'manifest.json'), '')
    expect(await refusal(copy)).toContain('damaged')
  })
})

describe('the nightly job', () => {
  it('makes one backup however often it runs, and the health page knows its age', { timeout: 60_000 }, async () => {
    const program = await open(dataDir)
    try {
      const kernel = program.kernel
      const run = (asked: boolean) => healthJobs['health.backup']?.(kernel, asked ? { asked } : {})
      await run(true)
      await run(false)
      const [kept] = await rows(program.ownerUrl, `select value from setting where name = 'backup'`)
      expect(kept.value).toMatchObject({ failure: null })
      expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(1)
      expect(await rows(program.ownerUrl, `select 1 from lease where name = 'backup'`)).toEqual([])
    } finally {
      await program.stop()
    }
  })
  it('counts a backup made on the command line too', async () => {
    const program = await open(dataDir)
    try {
      const out: string[] = []
      const tools = {
        settings: program.kernel.settings,
        say: (line: string) => void out.push(line),
        note: () => {},
        kernel: async () => program.kernel,
      }
      expect(await runCommand(['backup', join(root, 'by-hand')], tools as never)).toBe(0)
      const [kept] = await rows(program.ownerUrl, `select value from setting where name = 'backup'`)
      expect(kept.value).toMatchObject({ failure: null, folder: out.at(-1) })
      expect(Date.now() - Date.parse(kept.value.at)).toBeLessThan(60_000)
    } finally {
      await program.stop()
    }
  })
  it('keeps the newest and touches nothing else', async () => {
    const into = join(root, 'many')
    for (const name of ['firstline-20260501T023000Z', 'firstline-20260502T023000Z', 'firstline-20260503T023000Z', 'holiday pictures'])
      mkdirSync(join(into, name), { recursive: true })
    await keepNewest(into, 2)
    expect(readdirSync(into).sort()).toEqual(['firstline-20260502T023000Z', 'firstline-20260503T023000Z', 'holiday pictures'])
  })
})
