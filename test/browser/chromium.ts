/**
 * The browser of the tests: the headless Chromium inside @sparticuz/chromium, so that they need neither root nor a
 * download. Its archives are inflated once into a folder of ours named by version. FIRSTLINE_CHROMIUM names another one.
 *
 * The package's own `args` are never used: they switch web security and site isolation off, and a security test under
 * them proves nothing. Nor is its `executablePath()`: it takes whatever file lies in the temporary folder.
 */
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

const ourCache = join(import.meta.dirname, '..', '..', '.cache')

/** Opens the browser; whoever opens it closes it. */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.FIRSTLINE_CHROMIUM
  if (own) return chromium.launch({ executablePath: own, args: ['--no-sandbox'] })
  const folder = await inflatedChromium()
  const env = {
    ...process.env,
    FONTCONFIG_PATH: join(folder, 'fonts'),
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
  }
  // No sandbox: it needs a namespace or a setuid helper, and containers have neither.
  return chromium.launch({ executablePath: join(folder, 'chromium'), args: ['--no-sandbox'], env })
}

/** The folder with the unpacked browser. Several processes may ask at once: each unpacks aside, the first renames. */
export async function inflatedChromium(cache = ourCache): Promise<string> {
  const root = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(join(cache, 'inflating-'))
  try {
    await inflateAll(join(root, 'bin'), unfinished, folder)
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    // Another process was faster: its folder is as good as this one.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Everything is made in `into`; `final` is where it will lie when it is used. */
async function inflateAll(from: string, into: string, final: string): Promise<void> {
  const program = join(into, 'chromium')
  await Promise.all([
    inflate(join(from, 'chromium.br'), program),
    untar(join(from, 'al2023.tar.br'), join(into, 'al2023')),
    untar(join(from, 'fonts.tar.br'), join(into, 'fonts')),
    untar(join(from, 'swiftshader.tar.br'), into),
  ])
  await Promise.all([chmod(program, 0o755), chmod(into, 0o755)])
  const dir = (path: string) => `<dir>${path}</dir>`
  const caches = `<cachedir>${join(final, 'fontconfig')}</cachedir>`
  const fonts = `<?xml version="1.0"?>\n<fontconfig>${dir(join(final, 'fonts'))}${caches}</fontconfig>\n`
  await writeFile(join(into, 'fonts', 'fonts.conf'), fonts)
}

async function untar(archive: string, into: string): Promise<void> {
  const unpacked = join(into, 'unpacked.tar')
  await mkdir(into, { recursive: true })
  await inflate(archive, unpacked)
  await promisify(execFile)('tar', ['-x', '-f', unpacked, '--no-same-owner', '-C', into])
  await rm(unpacked)
}

function inflate(archive: string, to: string): Promise<void> {
  return pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(to))
}
