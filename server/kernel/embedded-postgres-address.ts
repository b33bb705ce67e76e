/**
 * Where PostgreSQL listens: a Unix socket in a private folder below DATA_DIR; on Windows, where node-postgres has no
 * sockets of that kind, a free port on loopback.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Address } from './embedded-postgres-cluster.ts'
import type { PostgresUser } from './embedded-postgres-user.ts'

/** The kernel takes 107 bytes for a socket's path, name included; a long DATA_DIR gets a private temporary folder. */
export async function chooseAddress(dataDir: string, user: PostgresUser): Promise<Address> {
  if (process.platform === 'win32') return { socketDir: '', port: await freePort() }
  const inside = join(dataDir, 'run')
  const fits = Buffer.byteLength(inside) + '/.s.PGSQL.5432.lock'.length <= 107
  const temporary = tmpdir().length < 60 ? tmpdir() : '/tmp'
  // Emptied first: a crashed server leaves a socket lock, and its process id may be somebody else's by now.
  rmSync(inside, { recursive: true, force: true })
  if (fits) mkdirSync(inside, { mode: 0o700 })
  const socketDir = fits ? inside : mkdtempSync(join(temporary, 'firstline-'))
  user.own(socketDir)
  return { socketDir, port: 5432 }
}

/** Before the same address is used again: what a server left there that could not clean up. */
export function clearAddress(at: Address): void {
  if (at.socketDir) for (const name of readdirSync(at.socketDir)) rmSync(join(at.socketDir, name), { force: true })
}

export function leaveAddress(at: Address, dataDir: string): void {
  if (at.socketDir && dirname(at.socketDir) !== dataDir) rmSync(at.socketDir, { recursive: true, force: true })
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
