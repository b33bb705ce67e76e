import { hash, verify } from '@node-rs/argon2'
import { Problem } from '../../kernel/problem.ts'
import { isCommon } from './common-passwords.ts'

/**
 * Passwords: argon2id, taken exactly as typed (no truncation, no change of case), at least 8 characters, none of those
 * that are tried first; no rule of composition and no forced change (ASVS 6.2). Hashing runs outside of transactions.
 */
// OWASP's second recommendation: 19 MiB, two passes. `algorithm` is left at the package's default, argon2id.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** Of a password that nobody knows: an unknown address costs the same work as a known one (G-084). */
let nobodysHash: Promise<string> | undefined

export async function isPassword(stored: string | undefined, given: string): Promise<boolean> {
  nobodysHash ??= hashPassword(crypto.randomUUID())
  const nobodys = await nobodysHash
  const right = await verify(stored ?? nobodys, given)
  return stored !== undefined && right
}

/** `own`: name, address and company, which are guessed first of all. */
export function refuseWeak(password: string, own: readonly string[]): void {
  const refuse = (code: string, message: string) => {
    throw new Problem('validation_failed', message, { issues: [{ path: 'password', code, message }] })
  }
  if ([...password].length < 8) refuse('too_small', 'A password has at least 8 characters.')
  if (isCommon(password, own))
    refuse(
      'common_password',
      'This password is among those that are tried first. Take another, for example three words that do not belong together.',
    )
}
