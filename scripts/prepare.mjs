// Runs before `npm start` and `npm test`, on whatever Node the machine has (20 or newer): installs the packages when
// package-lock.json changed since the last time. The packages bring Node 24 with them; `node` in the script that
// follows is then that one, because npm puts node_modules/.bin first in its PATH.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.firstline-stamp')
const broughtAlong = ['linux-x64', 'linux-arm64', 'win32-x64', 'darwin-x64']

function stop(sentence) {
  console.error(`\n${sentence}\n`)
  process.exit(1)
}

function checkMachine() {
  const major = Number.parseInt(process.versions.node, 10)
  const platform = `${process.platform}-${process.arch}`
  if (major < 20) stop(`Firstline needs Node 20 or newer to start with; this is Node ${process.versions.node}.`)
  if (broughtAlong.includes(platform) || major >= 24) return
  stop(`No Node 24 comes with the packages for ${platform}: install Node 24 or newer, this is ${process.versions.node}.`)
}

// The platform belongs to it: node_modules of another machine, or of the host of a container, does not run here.
function fingerprint() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

// Somebody may have installed by hand. npm writes what it installed into node_modules/.package-lock.json.
function installedByHand() {
  const done = join(modules, '.package-lock.json')
  if (!existsSync(done)) return false
  const there = JSON.parse(readFileSync(done, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  // Optional packages are for one platform each; those that name none belong to one that does.
  const isHere = ({ optional, os, cpu, libc }) => !optional || (!libc && os?.includes(process.platform) && cpu?.includes(process.arch))
  const same = (path) => there[path]?.version === locked[path].version && there[path]?.integrity === locked[path].integrity
  return Object.keys(locked).every((path) => path === '' || (there[path] || isHere(locked[path]) ? same(path) : true))
}

function checkWritable() {
  const folder = existsSync(modules) ? modules : root
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    stop(`The packages must be installed, and this user may not write in ${folder}.`)
  }
}

function install() {
  const npm = process.env.npm_execpath
  const args = ['ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // No package's own script may run on the operator's machine, and none is needed.
  args.push('--ignore-scripts')
  // The Node that runs npm, and not the one from node_modules that npm is about to replace.
  const [command, ...first] = npm?.endsWith('.js') ? [process.env.npm_node_execpath ?? process.execPath, npm] : ['npm']
  console.log('Installing packages (once, and after an update) ...')
  const began = Date.now()
  const shell = process.platform === 'win32' && command === 'npm'
  const done = spawnSync(command, [...first, ...args], { cwd: root, encoding: 'utf8', shell, maxBuffer: 2 ** 26 })
  if (done.error?.code === 'ENOENT') stop('npm is missing: install it beside Node (it installs the packages).')
  if (done.status !== 0) {
    const said = `${done.stderr}${done.stdout}`.trim().split('\n').slice(0, 12).join('\n')
    stop(`The packages could not be installed. npm says:\n${said || done.error?.message}`)
  }
  console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`)
}

function checkNode24() {
  if (Number.parseInt(process.versions.node, 10) >= 24) return
  const own = spawnSync(join(modules, '.bin', 'node'), ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (own.status === 0 && Number.parseInt(own.stdout.slice(1), 10) >= 24) return
  const why = own.stderr?.trim().split('\n')[0] || own.error?.message || 'the package is missing'
  stop(`Node 24 from the packages does not run here (${why}): install Node 24 or newer yourself.`)
}

const wanted = fingerprint()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  checkMachine()
  checkWritable()
  if (!installedByHand()) install()
  checkNode24()
  writeFileSync(stamp, wanted)
}
