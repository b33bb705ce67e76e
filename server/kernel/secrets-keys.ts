import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The key's files in DATA_DIR/secrets. encryption.key seals; encryption.key.before, where it is there, only opens. At no
 * moment of a change is a key missing that something is sealed with: a crash between two steps leaves both, or the old one.
 */
export type Keys = { current: string; before: string | null }

export const keyFile = (dataDir: string): string => join(dataDir, 'secrets', 'encryption.key')
const fileBefore = (dataDir: string): string => `${keyFile(dataDir)}.before`

/** Read anew when a file changed, so that a running program follows a change without a restart. */
export function keysInFiles(dataDir: string): () => Keys {
  let known: { stamp: string; keys: Keys } | undefined
  return () => {
    const stamp = `${stampOf(keyFile(dataDir))} ${stampOf(fileBefore(dataDir))}`
    if (known?.stamp === stamp) return known.keys
    const keys = readKeys(dataDir)
    known = { stamp, keys }
    return keys
  }
}

export function readKeys(dataDir: string): Keys {
  const before = stampOf(fileBefore(dataDir)) === '' ? null : readFileSync(fileBefore(dataDir), 'utf8').trim()
  return { current: readFileSync(keyFile(dataDir), 'utf8').trim(), before }
}

/** Puts a new key in place. An interrupted change is gone on with: no third key is made while a second one is in use. */
export function changeKey(dataDir: string): 'begun' | 'gone-on' {
  const { current, before } = readKeys(dataDir)
  if (before !== null && before !== current) return 'gone-on'
  const next = `${keyFile(dataDir)}.next`
  rmSync(next, { force: true })
  writeFileSync(next, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  if (before === null) linkSync(keyFile(dataDir), fileBefore(dataDir))
  syncFolder(dataDir)
  renameSync(next, keyFile(dataDir))
  syncFolder(dataDir)
  return 'begun'
}

export function forgetKeyBefore(dataDir: string): void {
  rmSync(fileBefore(dataDir), { force: true })
  syncFolder(dataDir)
}

/** When the current key was put in place (milliseconds). */
export const keySince = (dataDir: string): number => statSync(keyFile(dataDir)).mtimeMs

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found ? `${found.ino}.${found.mtimeNs}` : ''
}

function syncFolder(dataDir: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(join(dataDir, 'secrets'), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
