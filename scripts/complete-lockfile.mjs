import { readFileSync, writeFileSync } from 'node:fs'

const f = process.argv[2]
const lock = JSON.parse(readFileSync(f)),
  p = lock.packages,
  added = []
const oss = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openharmony', 'sunos', 'aix', 'netbsd', 'openbsd']
const cpus = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32']
for (const [path, entry] of Object.entries(p)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (path === '') continue
    // resolvable from any ancestor?
    let dir = path,
      found = false
    for (;;) {
      if (p[`${dir}/node_modules/${name}`.replace(/^\//, '')]) {
        found = true
        break
      }
      const i = dir.lastIndexOf('node_modules/')
      if (i < 0) {
        found = !!p[`node_modules/${name}`]
        break
      }
      dir = dir.slice(0, Math.max(0, i - 1))
      if (dir === '') {
        found = !!p[`node_modules/${name}`]
        break
      }
    }
    if (found || !/^\d/.test(version)) {
      if (!found) console.log('range', name, version)
      continue
    }
    const words = name.split(/[-/]/)
    const os = oss.find((o) => words.includes(o)),
      cpu = cpus.find((c) => words.includes(c))
    if (!os && !cpu) {
      console.log('?', name)
      continue
    }
    p[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(words.some((w) => w.startsWith('musl')) && { libc: ['musl'] }),
      ...(words.some((w) => /^gnu/.test(w)) && { libc: ['glibc'] }),
      license: 'MIT',
      optional: true,
      ...(os && { os: [os] }),
    }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(Object.entries(p).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(f, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length, added.join(' '))
