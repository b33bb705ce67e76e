import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * A one-time code: six digits, ten minutes, five tries. Kept as scrypt with its own salt, so that who reads the table
 * cannot try a million codes before it has ended.
 */
export const codeMinutes = 10
export const mostTries = 5
/** A number or address that somebody entered since is how a stranger would take a person over. */
export const oldEnoughHours = 24
/** For another ticket of the same person: the call that is being made. */
export const otherTicketMinutes = 60
export const confirmationHours = 24
export const mostPerPersonAnHour = 5
export const mostPerAgentAnHour = 20

export const newCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0')

const hashed = (code: string, salt: Buffer): Promise<Buffer> =>
  new Promise((done, fail) => scrypt(code, salt, 32, (cause, key) => (cause ? fail(cause) : done(key))))

export async function hashOfCode(code: string): Promise<Buffer> {
  const salt = randomBytes(16)
  return Buffer.concat([salt, await hashed(code, salt)])
}

export async function isCode(stored: Buffer, code: string): Promise<boolean> {
  return timingSafeEqual(stored.subarray(16), await hashed(code, stored.subarray(0, 16)))
}

/** Enough for the caller to know which one is meant, and for nobody else: m…a@example.com, +49 … 21. */
export function masked(value: string): string {
  const at = value.lastIndexOf('@')
  if (at < 0) return `${value.slice(0, 3)} … ${value.slice(-2)}`
  const name = [...value.slice(0, at)]
  return `${name[0] ?? ''}…${name.length > 2 ? name.at(-1) : ''}${value.slice(at)}`
}

/** How numbers are written within a country: its calling code, what is dialled before an area code, and before a country. */
export type DialPlan = { code: string; trunk: string; international: string }
const plan = (code: string, trunk = '0', international = '00'): DialPlan => ({ code, trunk, international })
export const dialPlans: Readonly<Record<string, DialPlan>> = {
  AT: plan('43'),
  AU: plan('61', '0', '0011'),
  BE: plan('32'),
  BG: plan('359'),
  BR: plan('55', '0'),
  CA: plan('1', '1', '011'),
  CH: plan('41'),
  CZ: plan('420', ''),
  DE: plan('49'),
  DK: plan('45', ''),
  EE: plan('372', ''),
  ES: plan('34', ''),
  FI: plan('358'),
  FR: plan('33'),
  GB: plan('44'),
  GR: plan('30', ''),
  HR: plan('385'),
  HU: plan('36', '06'),
  IE: plan('353'),
  IN: plan('91'),
  IT: plan('39', ''),
  JP: plan('81', '0', '010'),
  LI: plan('423', ''),
  LT: plan('370', '0'),
  LU: plan('352', ''),
  LV: plan('371', ''),
  MX: plan('52', ''),
  NL: plan('31'),
  NO: plan('47', ''),
  NZ: plan('64'),
  PL: plan('48', ''),
  PT: plan('351', ''),
  RO: plan('40'),
  RS: plan('381'),
  SE: plan('46'),
  SI: plan('386'),
  SK: plan('421'),
  TR: plan('90'),
  UA: plan('380'),
  US: plan('1', '1', '011'),
  ZA: plan('27'),
}
