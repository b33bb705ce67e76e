import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../database.ts'
import { type Home, newHome, type Program, startProgram, until } from './program.ts'

/** GEN-13: the program is killed in the middle of an import, twice, and started again: every row is there once. */
let clone: Clone
let home: Home
let program: Program
beforeAll(async () => {
  clone = await cloneDatabase()
  home = newHome({ DATABASE_URL: clone.ownerUrl })
  program = await startProgram(home)
})
afterAll(async () => {
  await program?.stop()
  home?.clean()
  await clone?.drop()
})

type Run = { id: string; state: string; done: number; counts: { thing: string; added: number; skipped: number; broken: number }[] }
const rows = 350
const file = [
  'name,email',
  ...Array.from({ length: rows }, (_, i) => (i % 50 === 7 ? `Broken ${i},nonsense` : `Person ${i},p${i}@import.example`)),
].join('\n')

async function upload(): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([file], { type: 'text/csv' }), 'people.csv')
  const answer = await fetch(`${program.baseUrl}/api/imports/files?kind=people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${home.token}` },
    body: form,
  })
  return ((await answer.json()) as Run).id
}
const read = async (id: string): Promise<Run> => (await program.call(`GET /api/imports/${id}`)).body as unknown as Run

it('GEN-13 kill -9 in a batch and behind one: the import goes on by itself, and neither loses nor repeats a row', async () => {
  const id = await upload()
  await program.call(`POST /api/imports/${id}/check`)
  await until('the dry run ends', async () => (await read(id)).state === 'checked', 60)
  await program.stop()
  for (const point of ['transfer.in-batch', 'transfer.after-batch']) {
    program = await startProgram(home, { FAILPOINT: `${point}:kill9` })
    if ((await read(id)).state === 'checked') await program.call(`POST /api/imports/${id}/start`)
    await Promise.race([
      program.gone(),
      new Promise((_, fail) => setTimeout(() => fail(new Error(`It was not killed at ${point}.`)), 60_000)),
    ])
    expect(program.signal()).toBe('SIGKILL')
  }
  program = await startProgram(home)
  await until('the import ends', async () => (await read(id)).state === 'finished', 60)
  const run = await read(id)
  expect(run.counts).toEqual([expect.objectContaining({ thing: 'people', added: 343, skipped: 0, broken: 7 })])
  expect(run.done).toBe(rows)
  const problems = (await program.call(`GET /api/imports/${id}/problems?limit=200`)).body.items ?? []
  expect(problems.map((one) => one.line)).toEqual([9, 59, 109, 159, 209, 259, 309])
}, 240_000)
