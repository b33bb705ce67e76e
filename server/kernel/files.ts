import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { noRoom, refuseWithoutRoom } from './disk.ts'
import { failpoint } from './failpoint.ts'

/**
 * Bytes by their SHA-256 below DATA_DIR/files: written, flushed and renamed before the row that names them commits,
 * so a committed row never lacks its file (fault case FT-32).
 */
export type Stored = { sha256: string; size: number }
export type Files = {
  /** A stream comes from outside and is refused while the disk is nearly full; bytes are of what was taken already. */
  put(source: Uint8Array | Readable, limit?: number): Promise<Stored>
  read(sha256: string): Promise<Buffer>
  stream(sha256: string): Readable
  has(sha256: string): Promise<boolean>
  remove(sha256: string): Promise<void>
  /** Removes the bytes unless they were written after that time (milliseconds): somebody needs them again. */
  removeOlder(sha256: string, before: number): Promise<void>
}
export class FileTooLarge extends Error {}

export function filesBelow(dataDir: string): Files {
  const root = join(dataDir, 'files')
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not a SHA-256.')
    return join(root, sha256.slice(0, 2), sha256)
  }
  return {
    async put(source, limit = Number.POSITIVE_INFINITY) {
      if (!(source instanceof Uint8Array)) await refuseWithoutRoom(dataDir)
      await mkdir(join(root, 'new'), { recursive: true })
      const draft = join(root, 'new', randomBytes(8).toString('hex'))
      await failpoint('file.before-write')
      try {
        const stored = await write(draft, source, limit)
        await failpoint('file.before-rename')
        await settle(draft, pathOf(stored.sha256))
        await failpoint('file.after-rename')
        return stored
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom() : cause
      } finally {
        await rm(draft, { force: true })
      }
    },
    read: (sha256) => readFile(pathOf(sha256)),
    stream: (sha256) => createReadStream(pathOf(sha256)),
    has: (sha256) =>
      stat(pathOf(sha256)).then(
        () => true,
        () => false,
      ),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async removeOlder(sha256, before) {
      const found = await stat(pathOf(sha256)).catch(() => undefined)
      if (found && found.mtimeMs < before) await rm(pathOf(sha256), { force: true })
    },
  }
}

async function write(path: string, source: Uint8Array | Readable, limit: number): Promise<Stored> {
  const file = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      size += chunk.length
      if (size > limit) throw new FileTooLarge(`More than ${limit} bytes.`)
      hash.update(chunk)
      // One write may take a part only, on a disk that is just becoming full.
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
    }
    await file.sync()
    return { sha256: hash.digest('hex'), size }
  } finally {
    await file.close()
  }
}

async function settle(draft: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rename(draft, path)
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
}
