import { createHash, createHmac } from 'node:crypto'
import type { WebhookType } from '../../../contract/webhooks.ts'

/** Standard Webhooks (standardwebhooks.com): what is signed, when it is tried again, and what an event may tell outside. */
const second = 1
const minute = 60 * second
const hour = 60 * minute
/** Waits after each failed try; together just under 72 hours. */
const waits = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 20 * hour]
export const longestFailing = 72 * hour

/**
 * Seconds until the next try; null: it has been tried for 72 hours. Up to a tenth less, by the delivery: after an outage
 * not all come back in one moment, and what is decided here is decided again alike.
 */
export function waitAfter(tries: number, deliveryId: string): number | null {
  const wait = waits[tries - 1]
  if (wait === undefined) return null
  const part = createHash('sha256').update(`${deliveryId}/${tries}`).digest().readUInt16BE(0) / 65_535
  return wait - (wait * part) / 10
}

export const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300
export const isGone = (status: number | null): boolean => status === 410

const prefix = 'whsec_'
export const secretText = (bytes: Buffer): string => `${prefix}${bytes.toString('base64')}`

/** Several secrets while one is being changed: the receiver takes whichever it knows. */
export function signatures(secrets: readonly string[], key: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) =>
      createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
        .update(`${key}.${timestamp}.${body}`)
        .digest('base64'),
    )
    .map((signature) => `v1,${signature}`)
    .join(' ')
}

/**
 * Of an event, what may be told outside; null: nothing. An internal note is no answer to anybody out there, and of a
 * changed field only its name.
 */
export function toldOf(type: string, data: Record<string, unknown>): Record<string, unknown> | null {
  switch (type as WebhookType) {
    case 'ticket.created':
      return { channel: data.channel }
    case 'ticket.replied':
      return data.internal || data.direction === 'inside' ? null : { messageId: data.messageId, direction: data.direction }
    case 'ticket.changed':
      return { fields: Object.keys((data.changes as object | undefined) ?? {}) }
    case 'ticket.assigned':
    case 'ticket.passed':
      return { teamId: data.teamId, assigneeId: data.assigneeId, fromTeamId: data.fromTeamId }
    case 'ticket.resolved':
      return { code: data.code }
    case 'ticket.closed':
      return { how: data.how }
    case 'ticket.reopened':
      return {}
    case 'ticket.merged':
      return { intoId: data.intoId }
    default:
      return null
  }
}
