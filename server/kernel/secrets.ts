import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keys, keyFile, keysInFiles } from './secrets-keys.ts'

/**
 * Secrets at rest: AES-256-GCM, bound to table, column and row, so that a ciphertext moved elsewhere does not open.
 * While a key is being changed (`firstline keys rotate`) the one before opens too; sealed is with the current one only.
 */
export type Secrets = {
  seal(plain: string, place: Place): Buffer
  open(sealed: Uint8Array, place: Place): string
  /** Sealed anew with the current key; null: it is already; undefined: neither key opens it here. */
  reseal(sealed: Uint8Array, place: Place): Buffer | null | undefined
}
/** `row`: the primary key as text, a binary one in hexadecimal digits. `keys rotate` finds the row by it. */
export type Place = { table: string; column: string; row: string }

const boundTo = (place: Place) => Buffer.from(`${place.table}.${place.column}.${place.row}`)

/** Layout: version (1 byte), nonce (12), tag (16), ciphertext. */
function sealWith(keyHex: string, plain: string, place: Place): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), nonce).setAAD(boundTo(place))
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), text])
}

function openWith(keyHex: string, sealed: Uint8Array, place: Place): string {
  const opener = createDecipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), sealed.subarray(1, 13))
    .setAAD(boundTo(place))
    .setAuthTag(sealed.subarray(13, 29))
  return Buffer.concat([opener.update(sealed.subarray(29)), opener.final()]).toString('utf8')
}

function opened(keyHex: string | null, sealed: Uint8Array, place: Place): string | undefined {
  if (keyHex === null) return undefined
  try {
    return openWith(keyHex, sealed, place)
  } catch {
    return undefined
  }
}

export function secretsWith(keys: () => Keys): Secrets {
  return {
    seal: (plain, place) => sealWith(keys().current, plain, place),
    open(sealed, place) {
      const { current, before } = keys()
      return opened(before, sealed, place) ?? openWith(current, sealed, place)
    },
    reseal(sealed, place) {
      const { current, before } = keys()
      if (opened(current, sealed, place) !== undefined) return null
      const plain = opened(before, sealed, place)
      return plain === undefined ? undefined : sealWith(current, plain, place)
    },
  }
}

type KeySettings = { DATA_DIR: string; ENCRYPTION_KEY?: string | undefined; ENCRYPTION_KEY_BEFORE?: string | undefined }

/** The keys of this installation: by setting, or made once in DATA_DIR/secrets. */
export function keysOf(settings: KeySettings): () => Keys {
  if (settings.ENCRYPTION_KEY !== undefined) {
    const keys = { current: settings.ENCRYPTION_KEY, before: settings.ENCRYPTION_KEY_BEFORE ?? null }
    return () => keys
  }
  const path = keyFile(settings.DATA_DIR)
  if (!existsSync(path)) {
    mkdirSync(join(settings.DATA_DIR, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  readFileSync(path)
  return keysInFiles(settings.DATA_DIR)
}

/** 128 random bits, URL-safe: links, sessions, mail tokens. */
export const newToken = (): string => randomBytes(16).toString('base64url')
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
