import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../../test/database.ts'
import { testSettings } from '../../../test/harness.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { pooledTransactor, poolOf } from '../../kernel/db.ts'
import { quietLog } from '../../kernel/log.ts'
import { kernelOver } from '../../program.ts'
import { makeSampleCompany } from '../demo/actions-company.ts'
import { reindex } from '../search/jobs.ts'
import { loadExport } from './actions-load.ts'
import { writeExport } from './jobs-export.ts'
import type { Manifest } from './manifest.ts'
import { exported } from './tables.ts'
import { tarOf, tarParts, tarSize } from './tar.ts'

/** A whole desk out and in again, on real databases: outside of the one rolled-back transaction of other tests. */
type Site = { clone: Clone; kernel: Kernel; dataDir: string }
const sites: Site[] = []
const folder = mkdtempSync(join(tmpdir(), 'fl-export-'))
let old: Site
let made: Manifest

async function newSite(): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fl-site-'))
  const clone = await cloneDatabase()
  const kernel = kernelOver(
    pooledTransactor(poolOf(clone.ownerUrl, 3, () => {}, 'firstline')),
    testSettings(dataDir),
    systemClock,
    quietLog,
  )
  const site = { clone, kernel, dataDir }
  sites.push(site)
  return site
}
async function load({ clone, kernel }: Site, from = folder) {
  const owner = pooledTransactor(poolOf(clone.ownerUrl, 1, () => {}))
  return loadExport(kernel, owner, from).finally(() => owner.close())
}
async function rowsOf({ clone }: Site, query: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: clone.ownerUrl })
  await client.connect()
  return (await client.query(query).finally(() => client.end())).rows
}

beforeAll(async () => {
  old = await newSite()
  await makeSampleCompany(old.kernel, () => {}, { seed: 'export', tickets: 20 })
  await old.kernel.asSystem(({ db, now }) =>
    sql`update mailbox set secret = ${Buffer.from('sealed-secret')} where id = (select min(id) from mailbox)`
      .execute(db)
      .then(() =>
        sql`insert into password (person_id, hash, set_at) select min(id), 'argon-hash', ${now.toString()} from person`.execute(db),
      ),
  )
  await writeExport(old.kernel, folder)
  made = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
}, 60_000)
afterAll(async () => {
  for (const { clone, kernel, dataDir } of sites) {
    await kernel.transactor.close()
    await clone.drop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true })
})

describe('GEN-13 the complete export', () => {
  it('GEN-13 goes into a fresh instance and comes out the same: every table, every file, every number', async () => {
    const fresh = await newSite()
    const loaded = await load(fresh)
    expect(loaded.missing).toBe(0)
    for (const { table, omit = [], where = 'true' } of exported) {
      const without = [...omit, ...(table === 'event' ? ['xid'] : [])].map((name) => ` - '${name}'`).join('')
      const both = await Promise.all(
        [old, fresh].map((site) =>
          rowsOf(
            site,
            `select count(*)::int as n, md5(string_agg((to_jsonb(t)${without})::text, ',' order by (to_jsonb(t)${without})::text)) as sum from ${table} t where ${where}${table === 'setting' ? " and name <> 'restored'" : ''}`,
          ),
        ),
      )
      expect(both[1], table).toEqual(both[0])
    }
    for (const { sha256 } of await rowsOf(old, 'select sha256 from file'))
      expect(await fresh.kernel.files.has(String(sha256)), String(sha256)).toBe(true)
    const next = await Promise.all(
      [old, fresh].map((site) => rowsOf(site, 'select last_value from ticket_id_seq union all select last_value from message_id_seq')),
    )
    expect(next[1]).toEqual(next[0])
    // What its outbox holds may have been sent already: nothing goes out until somebody looked.
    expect(await rowsOf(fresh, "select 1 as one from setting where name = 'restored'")).toEqual([{ one: 1 }])
    // It goes on from there: the search finds, and the events of the past stand before those to come.
    await reindex(fresh.kernel, () => {})
    expect(await rowsOf(fresh, 'select count(*)::int as n from search_document')).toEqual(
      await rowsOf(old, 'select count(*)::int as n from search_document'),
    )
    expect(await rowsOf(fresh, 'select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) as read from event')).toEqual([
      { read: true },
    ])
    await expect(load(fresh)).rejects.toThrow(/holds people or tickets already/)
  }, 60_000)

  it('carries no password, no token, no sealed secret', async () => {
    const all = made.tables.map(({ table }) => readFileSync(join(folder, `${table}.jsonl`), 'utf8')).join('')
    expect(all).not.toContain('argon-hash')
    expect(all).not.toContain(Buffer.from('sealed-secret').toString('hex'))
    expect(all.length).toBeGreaterThan(100_000)
  })

  it('is one tar file that every tar reads', async () => {
    const parts = await tarParts(folder, 'x')
    const pieces: Buffer[] = []
    for await (const piece of Readable.from(tarOf(parts))) pieces.push(piece as Buffer)
    const whole = Buffer.concat(pieces)
    expect(whole.length).toBe(tarSize(parts))
    const path = join(old.dataDir, 'x.tar')
    writeFileSync(path, whole)
    expect(execFileSync('tar', ['-xOf', path, 'x/manifest.json'], { encoding: 'utf8' })).toBe(
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
    )
    expect(execFileSync('tar', ['-tf', path], { encoding: 'utf8' }).trim().split('\n')).toHaveLength(parts.length)
  })
})

describe('an export from elsewhere', () => {
  const copyOf = async (): Promise<string> => {
    const copy = join(mkdtempSync(join(tmpdir(), 'fl-bad-')), 'x')
    await cp(folder, copy, { recursive: true })
    return copy
  }
  const rewrite = (copy: string, change: (manifest: Manifest) => unknown) => {
    const manifest = structuredClone(made)
    change(manifest)
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest))
  }
  const reseal = (copy: string, table: string, text: string) => {
    writeFileSync(join(copy, `${table}.jsonl`), text)
    rewrite(copy, (manifest) => {
      const one = manifest.tables.find((each) => each.table === table)!
      one.sha256 = createHash('sha256').update(text).digest('hex')
      one.bytes = Buffer.byteLength(text)
    })
  }

  it('D-051 is refused when it was changed, is incomplete, or leads out of its folder, and nothing is written', async () => {
    const fresh = await newSite()
    const secret = join(fresh.dataDir, 'secret.txt')
    writeFileSync(secret, 'not for the export')
    const someFile = String((await rowsOf(old, 'select sha256 from file limit 1'))[0]!.sha256)
    const cases: [string, RegExp, (copy: string) => void][] = [
      [
        'a changed line',
        /person.jsonl was changed|not as long/,
        (copy) => writeFileSync(join(copy, 'person.jsonl'), readFileSync(join(copy, 'person.jsonl'), 'utf8').replace('a', 'b')),
      ],
      ['a missing table', /ticket.jsonl is missing/, (copy) => unlinkSync(join(copy, 'ticket.jsonl'))],
      [
        'a table that is a link',
        /no plain file/,
        (copy) => {
          unlinkSync(join(copy, 'ticket.jsonl'))
          symlinkSync(secret, join(copy, 'ticket.jsonl'))
        },
      ],
      [
        'a file that is a link',
        /no plain file/,
        (copy) => {
          unlinkSync(join(copy, 'files', someFile.slice(0, 2), someFile))
          symlinkSync(secret, join(copy, 'files', someFile.slice(0, 2), someFile))
        },
      ],
      [
        'a folder that is a link',
        /is no folder/,
        (copy) => {
          renameSync(join(copy, 'files'), join(copy, 'elsewhere'))
          symlinkSync(join(copy, 'elsewhere'), join(copy, 'files'))
        },
      ],
      [
        'a file with other bytes',
        /was changed/,
        (copy) => {
          unlinkSync(join(copy, 'files', someFile.slice(0, 2), someFile))
          writeFileSync(join(copy, 'files', someFile.slice(0, 2), someFile), 'other')
        },
      ],
      ['a path for a table', /not one of ours/, (copy) => rewrite(copy, (m) => Object.assign(m.tables[0]!, { table: '../../etc/passwd' }))],
      ['a table of its own', /does not know/, (copy) => rewrite(copy, (m) => Object.assign(m.tables[0]!, { table: 'password' }))],
      [
        'a path for a file',
        /cannot be one/,
        (copy) => reseal(copy, 'file', '{"sha256": "../../../../etc/passwd", "size": 1, "created_at": "2026-01-01"}\n'),
      ],
      ['a later version', /newer Firstline/, (copy) => rewrite(copy, (m) => Object.assign(m, { schema: '9999_later.sql' }))],
      ['no manifest', /manifest.json is missing/, (copy) => unlinkSync(join(copy, 'manifest.json'))],
    ]
    for (const [name, why, spoil] of cases) {
      const copy = await copyOf()
      spoil(copy)
      await expect(load(fresh, copy), name).rejects.toThrow(why)
      rmSync(join(copy, '..'), { recursive: true, force: true })
    }
    expect(
      await rowsOf(fresh, 'select (select count(*) from person)::int as people, (select count(*) from status)::int as statuses'),
    ).toEqual([{ people: 0, statuses: 10 }])
    expect(await fresh.kernel.files.has(createHash('sha256').update('not for the export').digest('hex'))).toBe(false)
  }, 60_000)
})
