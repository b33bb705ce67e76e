import { randomBytes } from 'node:crypto'
import { domainToASCII } from 'node:url'

/**
 * Where an answer finds its ticket by itself: 128 random bits in our Message-IDs and behind a plus in the reply address.
 * Hexadecimal, because relays fold the case of addresses; stored as a hash only. A local part like support+<32 digits>
 * is no address that a company would give to anybody (abuse case B-023).
 */
export const newMailToken = (): string => randomBytes(16).toString('hex')

export const messageIdWith = (token: string, mailDomain: string): string => `${randomBytes(8).toString('hex')}.${token}@${mailDomain}`

/** The token that a Message-ID of our making would carry, whatever a relay made of its domain. */
export function tokenInMessageId(messageId: string): string | undefined {
  return /\.([0-9a-f]{32})@[^@]+$/i.exec(messageId)?.[1]?.toLowerCase()
}

export const addressWith = (mailbox: string, token: string): string => mailbox.replace(/@(?=[^@]*$)/, `+${token}@`)

/** support+token@desk.example -> support@desk.example and the token. Compared in lower case, the domain as DNS knows it. */
export function splitAddress(address: string): { base: string; token: string | undefined } {
  const at = address.lastIndexOf('@')
  if (at < 1) return { base: address.trim().toLowerCase(), token: undefined }
  const domain = address
    .slice(at + 1)
    .trim()
    .toLowerCase()
  const local = address.slice(0, at).trim().toLowerCase()
  const plus = local.indexOf('+')
  const token = plus < 0 ? undefined : /^[0-9a-f]{32}$/.exec(local.slice(plus + 1))?.[0]
  return { base: `${plus < 0 ? local : local.slice(0, plus)}@${domainToASCII(domain) || domain}`, token }
}

/** Local parts behind which no person reads: never acknowledged, never shown to a requester (abuse case B-023). */
export const isNoReply = (address: string): boolean =>
  /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?|verify|verification)(?:[-_.+][^@]*)?@/i.test(
    address,
  )
