import { randomBytes } from 'node:crypto'
import { addressWith } from './reply-address.ts'

/**
 * Where machines write that can send nothing but mail: support+alert-<key>@desk.example. The key is the whole permission:
 * 130 random bits in letters that survive a relay which folds the case of addresses (base32, RFC 4648). Whatever begins
 * like that is meant for a machine's address: a mistyped key must not open a ticket for every alarm.
 */
const letters = 'abcdefghijklmnopqrstuvwxyz234567'
export const newMachineKey = (): string => [...randomBytes(26)].map((byte) => letters[byte & 31]).join('')

const mark = 'alert-'
export const addressFor = (mailbox: string, key: string): string => addressWith(mailbox, `${mark}${key}`)

/** The key in an address, in lower case; undefined: it is no machine's address. */
export function machineKeyIn(address: string): string | undefined {
  const local = address
    .slice(0, Math.max(0, address.lastIndexOf('@')))
    .trim()
    .toLowerCase()
  const plus = local.indexOf('+')
  return plus >= 0 && local.startsWith(mark, plus + 1) ? local.slice(plus + 1 + mark.length, plus + 200) : undefined
}

/** For whoever reads the journal: the key of an address opens a door, and was shown once. */
export const withoutKey = (text: string): string => text.replace(/(\+alert-)[a-z2-7]{26}(?=@)/gi, '$1…')
