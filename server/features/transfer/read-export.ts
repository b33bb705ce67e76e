import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Problem } from '../../kernel/problem.ts'
import { filePlace, type Manifest, manifest } from './manifest.ts'
import { exported } from './tables.ts'

/**
 * An export as it may come from anywhere (D-051): only what the manifest lists is opened, by paths that we make ourselves,
 * and neither the folder, nor a folder in it, nor a file may be a link to somewhere else.
 */
export const refuseExport = (why: string): Problem => new Problem('export_refused', `This export is not taken. ${why}`)

async function openPlain(path: string, name: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: { code?: string }) => {
    throw refuseExport(cause.code === 'ENOENT' ? `${name} is missing.` : `${name} is no plain file.`)
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw refuseExport(`${name} is no plain file.`)
}

async function plainFolder(path: string, name: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isDirectory()) throw refuseExport(`${name} is no folder.`)
}

const longestManifest = 10_000_000

export async function readManifest(folder: string): Promise<Manifest> {
  await plainFolder(folder, 'It')
  const file = await openPlain(join(folder, 'manifest.json'), 'manifest.json')
  try {
    if ((await file.stat()).size > longestManifest) throw refuseExport('Its manifest is too large.')
    const read = manifest.safeParse(JSON.parse(await file.readFile('utf8')))
    if (!read.success)
      throw refuseExport(`Its manifest is not one of ours: ${read.error.issues[0]?.path.join('.')} ${read.error.issues[0]?.message}.`)
    const stranger = read.data.tables.find(({ table }) => !exported.some((one) => one.table === table))
    if (stranger)
      throw refuseExport(
        `It holds "${stranger.table}", which this version does not know: import it with the version that made it, or a newer one.`,
      )
    return read.data
  } catch (cause) {
    throw cause instanceof SyntaxError ? refuseExport('Its manifest is not JSON.') : cause
  } finally {
    await file.close()
  }
}

/** Every table's file is as long as the manifest says, and holds the same bytes. */
export async function verifyTables(folder: string, { tables }: Manifest): Promise<void> {
  for (const { table, sha256, bytes } of tables) {
    const file = await openPlain(join(folder, `${table}.jsonl`), `${table}.jsonl`)
    const hash = createHash('sha256')
    if ((await file.stat()).size !== bytes) {
      await file.close()
      throw refuseExport(`${table}.jsonl is not as long as the manifest says.`)
    }
    for await (const piece of file.createReadStream()) hash.update(piece as Buffer)
    if (hash.digest('hex') !== sha256) throw refuseExport(`${table}.jsonl was changed: its SHA-256 differs.`)
  }
}

/** The lines of a table in bounded groups. */
export async function* linesOf(folder: string, table: string): AsyncGenerator<string[]> {
  const file = await openPlain(join(folder, `${table}.jsonl`), `${table}.jsonl`)
  let group: string[] = []
  let length = 0
  for await (const line of file.readLines()) {
    group.push(line)
    length += line.length
    if (group.length < 500 && length < 1_000_000) continue
    yield group
    group = []
    length = 0
  }
  if (group.length > 0) yield group
}

export async function fileOf(folder: string, sha256: string): Promise<Readable> {
  await plainFolder(join(folder, 'files'), 'files')
  await plainFolder(join(folder, 'files', sha256.slice(0, 2)), `files/${sha256.slice(0, 2)}`)
  return (await openPlain(join(folder, filePlace(sha256)), filePlace(sha256))).createReadStream()
}
