import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A passkey in software (WebAuthn level 3, sections 6.1 and 7): ES256, attestation "none", as browsers send it. */
type Options = { challenge?: unknown; [more: string]: unknown }
export type Authenticator = {
  create(options: Options): Record<string, unknown>
  answer(options: Options, flaws?: { userVerified?: boolean; origin?: string; counter?: number }): Record<string, unknown>
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()
const b64 = (bytes: Buffer) => bytes.toString('base64url')

/** CBOR (RFC 8949), as little of it as this needs. */
function cbor(value: unknown): Buffer {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255])
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, item]) => [cbor(key), cbor(item)])])
}

export function softwareAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  const rpIdHash = sha256(new URL(origin).hostname)
  let counter = 0
  const client = (type: string, options: Options, from = origin) =>
    Buffer.from(JSON.stringify({ type, challenge: options.challenge, origin: from, crossOrigin: false }))
  const authData = (flags: number, count: number, rest = Buffer.alloc(0)) => {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(count)
    return Buffer.concat([rpIdHash, Buffer.from([flags]), number, rest])
  }
  return {
    create(options) {
      const key = cbor(
        new Map<unknown, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(jwk.x ?? '', 'base64url')],
          [-3, Buffer.from(jwk.y ?? '', 'base64url')],
        ]),
      )
      const data = authData(0x45, counter, Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]))
      const attestation = cbor(
        new Map<unknown, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', data],
        ]),
      )
      const response = {
        clientDataJSON: b64(client('webauthn.create', options)),
        attestationObject: b64(attestation),
        transports: ['internal'],
      }
      return { id: b64(id), rawId: b64(id), type: 'public-key', clientExtensionResults: {}, response }
    },
    answer(options, { userVerified = true, origin: from, counter: given } = {}) {
      counter = given ?? counter + 1
      const data = authData(userVerified ? 0x05 : 0x01, counter)
      const said = client('webauthn.get', options, from)
      const signature = sign('sha256', Buffer.concat([data, sha256(said)]), privateKey)
      const response = { clientDataJSON: b64(said), authenticatorData: b64(data), signature: b64(signature) }
      return { id: b64(id), rawId: b64(id), type: 'public-key', clientExtensionResults: {}, response }
    },
  }
}
