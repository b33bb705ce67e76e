import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder as one tar file (POSIX ustar), made while it is sent: nothing is written twice, nothing is held in memory. */
export type TarPart = { name: string; path: string; size: number; seconds: number }

export async function tarParts(folder: string, below: string): Promise<TarPart[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path)
      return { name: `${below}/${path.slice(folder.length + 1).replaceAll('\\', '/')}`, path, size, seconds: Math.floor(mtimeMs / 1000) }
    }),
  )
}

const padding = (size: number): number => (512 - (size % 512)) % 512
export const tarSize = (parts: readonly TarPart[]): number => parts.reduce((sum, { size }) => sum + 512 + size + padding(size), 1024)

export async function* tarOf(parts: readonly TarPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    yield head(part)
    // Not a byte more than the head says, should the file have grown.
    if (part.size > 0) for await (const piece of createReadStream(part.path, { end: part.size - 1 })) yield piece as Buffer
    if (padding(part.size) > 0) yield Buffer.alloc(padding(part.size))
  }
  yield Buffer.alloc(1024)
}

function head({ name, size, seconds }: TarPart): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`A name too long for a tar file: ${name}`)
  const block = Buffer.alloc(512)
  block.write(name, 0)
  block.write('0000600\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  // From 8 GB on the size is binary, as GNU tar and libarchive read it.
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    block.writeBigUInt64BE(BigInt(size), 128)
    block[124] = 0x80
  }
  block.write(`${seconds.toString(8).padStart(11, '0')}\0`, 136)
  block.fill(' ', 148, 156)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
