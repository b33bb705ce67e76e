import { existsSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../test/factories.ts'
import { useDesk } from '../../test/harness.ts'
import { keysOf, secretsWith } from '../kernel/secrets.ts'
import { forgetKeyBefore, keyFile } from '../kernel/secrets-keys.ts'
import { runCommand } from './main.ts'

const desk = useDesk({ settings: { ENCRYPTION_KEY: '' } })
let people: TestPerson[]
let dataDir: string
const place = (row: string) => ({ table: 'totp', column: 'secret', row })
const boxPlace = (row: string) => ({ table: 'mailbox', column: 'secret', row })
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async ({ db }) => (await text.execute(db)).rows)

/** Secrets of two features, more than one piece of them, and bytes that only look like one. */
beforeEach(async () => {
  dataDir = desk.kernel.settings.DATA_DIR
  forgetKeyBefore(dataDir)
  people = await Promise.all(Array.from({ length: 3 }, () => desk.person('agent')))
  for (const { id } of people)
    await query(
      sql`insert into totp (person_id, secret, confirmed_at) values (${id}, ${desk.kernel.secrets.seal(`secret of ${id}`, place(id))}, now())`,
    )
  const box = await desk.mailbox()
  await query(sql`update mailbox set secret = ${desk.kernel.secrets.seal('mail password', boxPlace(box.id))} where id = ${box.id}`)
  const other = await desk.mailbox()
  await query(sql`update mailbox set secret = ${Buffer.concat([Buffer.of(1), Buffer.alloc(60, 7)])} where id = ${other.id}`)
})

async function run(...words: string[]) {
  const out: string[] = []
  const tools = {
    settings: desk.kernel.settings,
    say: (line: string) => void out.push(line),
    note: (line: string) => void out.push(line),
    kernel: async () => desk.kernel,
  }
  return { code: await runCommand(words, tools as never), said: out.join('\n') }
}
const sealed = () => query(sql<{ id: string; secret: Buffer }>`select person_id::text as id, secret from totp order by person_id`)
const boxes = () => query(sql<{ id: string; secret: Buffer }>`select id::text, secret from mailbox order by id`)
const keyNow = () => readFileSync(keyFile(dataDir), 'utf8')
const withKey = (key: string) => secretsWith(() => ({ current: key, before: null }))
const whichOpen = async (key: string) => {
  const opens = ({ id, secret }: { id: string; secret: Buffer }) => {
    try {
      return withKey(key).open(secret, place(id)) === `secret of ${id}`
    } catch {
      return false
    }
  }
  return (await sealed()).filter(opens).length
}

describe('keys rotate', () => {
  it('seals every secret anew, wherever it is, and leaves alone what is none; the key before opens nothing any more', async () => {
    const before = keyNow()
    const others = (await boxes())[1]!.secret
    const { code, said } = await run('keys', 'rotate')
    expect([code, said]).toEqual([0, expect.stringContaining('4 secrets were sealed')])
    expect(keyNow()).not.toBe(before)
    expect([await whichOpen(before), await whichOpen(keyNow())]).toEqual([0, 3])
    const [box, other] = await boxes()
    expect(withKey(keyNow()).open(box!.secret, boxPlace(box!.id))).toBe('mail password')
    expect(other!.secret.equals(others)).toBe(true)
    expect((await query(sql<{ data: object }>`select data from event where type = 'key.changed'`)).map((one) => one.data)).toEqual([
      { secrets: 4 },
    ])
  })

  it('a running program takes the new key without a restart, and reads what is not sealed anew yet', async () => {
    const running = secretsWith(keysOf(desk.kernel.settings))
    const link = running.seal('under way', place('0'))
    await run('keys', 'rotate')
    expect(running.open(link, place('0'))).toBe('under way')
    expect(withKey(keyNow()).open(running.seal('new', place('1')), place('1'))).toBe('new')
    expect(() => withKey(keyNow()).open(link, place('0')), 'without the key before it could not').toThrow()
  })

  it('interrupted after the key was changed, it goes on with the same key', async () => {
    const { asSystem } = desk.kernel
    let calls = 0
    desk.kernel.asSystem = ((work: never) =>
      ++calls > 2 ? Promise.reject(new Error('pulled the plug')) : asSystem(work)) as typeof asSystem
    await expect(run('keys', 'rotate')).rejects.toThrow('pulled the plug')
    desk.kernel.asSystem = asSystem
    const halfway = keyNow()
    expect((await sealed()).map(({ id, secret }) => desk.kernel.secrets.open(secret, place(id)))).toEqual(
      people.map(({ id }) => `secret of ${id}`),
    )
    expect((await run('keys', 'rotate')).said).toContain('Going on')
    expect(keyNow()).toBe(halfway)
    expect(await whichOpen(halfway)).toBe(3)
    expect((await run('keys', 'rotate')).said).toContain('0 secrets')
  })

  it('a table of more rows than one piece is done whole', async () => {
    await query(sql`insert into person (name, created_at) select 'P' || g, now() from generate_series(1, 450) g`)
    const rows = await query(
      sql<{ id: string }>`select id::text from person p where not exists (select 1 from totp t where t.person_id = p.id)`,
    )
    for (const { id } of rows)
      await query(sql`insert into totp (person_id, secret) values (${id}, ${desk.kernel.secrets.seal(`secret of ${id}`, place(id))})`)
    await run('keys', 'rotate')
    expect(await whichOpen(keyNow())).toBe(rows.length + 3)
  })
})

describe('keys forget', () => {
  it('is refused while links may be under way; then the key before is gone', async () => {
    expect((await run('keys', 'forget')).said).toContain('no key from before')
    await run('keys', 'rotate')
    const [early] = [await run('keys', 'forget')]
    expect([early.code, early.said]).toEqual([2, expect.stringContaining('--now')])
    const longAgo = new Date(Date.now() - 9 * 86_400_000)
    utimesSync(keyFile(dataDir), longAgo, longAgo)
    expect((await run('keys', 'forget')).code).toBe(0)
    expect(existsSync(`${join(dataDir, 'secrets', 'encryption.key')}.before`)).toBe(false)
    expect((await sealed()).map(({ id, secret }) => desk.kernel.secrets.open(secret, place(id)))).toEqual(
      people.map(({ id }) => `secret of ${id}`),
    )
  })

  it('where the key is a setting, both commands say what to do', async () => {
    const settings = { ...desk.kernel.settings, ENCRYPTION_KEY: 'a'.repeat(64) }
    const notes: string[] = []
    const tools = { settings, say: () => {}, note: (line: string) => void notes.push(line), kernel: async () => desk.kernel }
    expect(await runCommand(['keys', 'rotate'], tools as never)).toBe(2)
    expect(notes.join()).toContain('ENCRYPTION_KEY_BEFORE')
    const keys = keysOf({ ...settings, ENCRYPTION_KEY_BEFORE: 'b'.repeat(64) })
    expect(secretsWith(keys).open(withKey('b'.repeat(64)).seal('x', place('1')), place('1'))).toBe('x')
  })
})
