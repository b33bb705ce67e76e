import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { type FileHandle, link, mkdir, open, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { z } from 'zod'

/** The list of a backup's files, and copying with a hash on the way. `syncTree` is called before a backup is called one. */
export type Listed = { path: string; size: number; sha256: string }
export const manifestName = 'manifest.json'
const manifestSchema = z.object({
  format: z.literal('firstline-backup-1'),
  version: z.string(),
  at: z.string(),
  database: z.enum(['embedded', 'not-ours']),
  postgres: z.string(),
  keys: z.boolean(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Undefined when the file went away while it was to be copied: PostgreSQL removes some, and its log makes up for it. */
export async function copyFile(from: string, root: string, path: string): Promise<Listed | undefined> {
  const to = join(root, path)
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const source = await open(from, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
  if (!source) return undefined
  const target = await open(to, 'wx', 0o600)
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of chunksOf(source)) {
      hash.update(chunk)
      size += chunk.length
      await target.writeFile(chunk)
    }
  } finally {
    await Promise.all([source.close(), target.close()])
  }
  return { path: path.split(sep).join('/'), size, sha256: hash.digest('hex') }
}

export async function writeListed(root: string, path: string, content: string): Promise<Listed> {
  const bytes = Buffer.from(content)
  await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 })
  const file = await open(join(root, path), 'wx', 0o600)
  await file.writeFile(bytes)
  await file.close()
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Attachments and mails never change, so a backup on the same disk shares their bytes; their name is their hash. */
export async function linkOrCopy(from: string, root: string, path: string): Promise<Listed | undefined> {
  const name = path.split('/').pop() ?? ''
  await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 })
  try {
    await link(from, join(root, path))
    return { path, size: (await stat(from)).size, sha256: name }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return copyFile(from, root, path)
  }
}

export async function filesBelow(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<{ files: string[]; folders: string[]; others: string[] }> {
  const files: string[] = []
  const folders: string[] = []
  // Links, sockets and devices: never followed and never copied.
  const others: string[] = []
  const walk = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      const path = relative(folder, join(at, entry.name)).split(sep).join('/')
      if (skip(path)) continue
      if (entry.isDirectory()) {
        folders.push(path)
        await walk(join(at, entry.name))
      } else if (entry.isFile()) files.push(path)
      else others.push(path)
    }
  }
  await walk(folder)
  return { files, folders, others }
}

/**
 * Puts all of a folder on the disk: in one call where the system has one (syncfs, by coreutils), else file by file, which
 * takes a thousand waits for a thousand files.
 */
export async function syncTree(root: string): Promise<void> {
  if (process.platform === 'linux' && (await ran('sync', ['-f', root]))) return
  const { files, folders } = await filesBelow(root)
  for (const path of [...files, ...folders, '']) await syncOne(join(root, path))
}

const ran = (command: string, args: string[]): Promise<boolean> =>
  new Promise((done) => {
    spawn(command, args, { stdio: 'ignore' })
      .once('error', () => done(false))
      .once('exit', (code) => done(code === 0))
  })

export async function syncOne(path: string): Promise<void> {
  const opened = await open(path, 'r')
  await opened.sync().finally(() => opened.close())
}

/** What is wrong with a backup, in words; empty: nothing. Every listed byte is read. */
export async function whatIsWrong(folder: string): Promise<{ manifest?: Manifest; wrong: string[] }> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) return { wrong: [`${folder} is no finished backup: it has no ${manifestName}.`] }
  const read = manifestSchema.safeParse(jsonOf(text))
  if (!read.success) return { wrong: [`${manifestName} cannot be read: the backup is damaged, or of a newer Firstline.`] }
  const there = await filesBelow(folder)
  // Before a byte is read: through a link the hash would be that of a file elsewhere.
  const wrong = there.others.slice(0, 10).map((path) => `${path} is a link or no file at all: a backup has none.`)
  if (wrong.length > 0) return { manifest: read.data, wrong }
  for (const file of read.data.files) {
    if (leadsOut(file.path)) wrong.push(`${file.path} points out of the backup.`)
    else if ((await hashOfFile(join(folder, file.path))) !== `${file.size} ${file.sha256}`)
      wrong.push(`${file.path} is missing or was changed.`)
    if (wrong.length >= 10) break
  }
  const listed = new Set(read.data.files.map((file) => file.path))
  wrong.push(
    ...there.files
      .filter((path) => path !== manifestName && !listed.has(path))
      .slice(0, 10)
      .map((path) => `${path} does not belong to the backup.`),
  )
  return { manifest: read.data, wrong }
}

const leadsOut = (path: string): boolean => /^([/\\]|[a-z]:)|\0/i.test(path) || path.split(/[/\\]/).includes('..')

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function hashOfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return undefined
  try {
    for await (const chunk of chunksOf(file)) {
      hash.update(chunk)
      size += chunk.length
    }
  } catch {
    return undefined
  } finally {
    await file.close()
  }
  return `${size} ${hash.digest('hex')}`
}

/** Each is good until the next is asked for: a fresh megabyte for each of two thousand small files kept the collector busier than the disk. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat()
  const buffer = Buffer.allocUnsafe(Math.min(size + 1, 1_048_576))
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}
