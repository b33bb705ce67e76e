import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Secrets at rest: AES-256-GCM, bound to table, column and row, so that a ciphertext moved elsewhere does not open. */
export type Secrets = {
  seal(plain: string, place: Place): Buffer
  open(sealed: Buffer, place: Place): string
}
export type Place = { table: string; column: string; row: string }

const boundTo = (place: Place) => Buffer.from(`${place.table}.${place.column}.${place.row}`)

/** Layout: version (1 byte), nonce (12), tag (16), ciphertext. */
export function secretsWith(keyHex: string): Secrets {
  const key = Buffer.from(keyHex, 'hex')
  return {
    seal(plain, place) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(place))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), text])
    },
    open(sealed, place) {
      const opener = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(boundTo(place)).setAuthTag(sealed.subarray(13, 29))
      return Buffer.concat([opener.update(sealed.subarray(29)), opener.final()]).toString('utf8')
    },
  }
}

/** The key of this installation: by setting, or made once in DATA_DIR/secrets. */
export function encryptionKey(dataDir: string, given: string | undefined): string {
  if (given !== undefined) return given
  const path = join(dataDir, 'secrets', 'encryption.key')
  if (!existsSync(path)) {
    mkdirSync(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(path, 'utf8').trim()
}

/** 128 random bits, URL-safe: links, sessions, mail tokens. */
export const newToken = (): string => randomBytes(16).toString('base64url')
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
