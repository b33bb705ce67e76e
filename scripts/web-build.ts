import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Builds web/ into web/dist when its sources, the contract or the lockfile changed since the last build. */
const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'web/dist')
const stamp = join(out, '.built-from')

export async function buildWebIfChanged(say: (line: string) => void): Promise<void> {
  const print = sourcePrint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return
  const began = performance.now()
  say('Building the web pages (their sources changed) ...')
  const { build } = await import('vite')
  // One folder for each process: two starts at once must not build into the same one.
  const fresh = `${out}.new-${process.pid}`
  // Vite keeps a NODE_ENV that it finds: under a test runner the pages would carry React's slower development build.
  const { NODE_ENV: before } = process.env
  process.env.NODE_ENV = 'production'
  try {
    await build({
      root: join(root, 'web'),
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh, emptyOutDir: true },
    })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
  compressBeside(fresh)
  mkdirSync(fresh, { recursive: true })
  writeFileSync(join(fresh, '.built-from'), print)
  rmSync(out, { recursive: true, force: true })
  renameSync(fresh, out)
  say(`Web pages built (${((performance.now() - began) / 1000).toFixed(1)} s).`)
}

/** The server sends what lies beside a file as .br or .gz to browsers that take it: a third of the bytes, at no cost then. */
function compressBeside(folder: string): void {
  for (const path of filesIn(folder).filter((one) => /\.(js|css|svg|webmanifest)$/.test(one))) {
    const whole = readFileSync(path)
    if (whole.length < 1000) continue
    writeFileSync(`${path}.br`, brotliCompressSync(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
    writeFileSync(`${path}.gz`, gzipSync(whole, { level: 9 }))
  }
}

/** Names, sizes and times would differ in each checkout; the content does not. */
function sourcePrint(): string {
  const hash = createHash('sha256')
  for (const folder of ['web', 'contract'])
    for (const path of filesIn(join(root, folder))) hash.update(path.slice(root.length)).update(readFileSync(path))
  for (const file of ['package-lock.json', 'vite.config.ts', 'scripts/web-build.ts', 'scripts/first-icons.ts'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !/^(dist(\.new.*)?|node_modules)$/.test(name) && !name.endsWith('.test.ts'))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesIn(path) : [path]
    })
}
